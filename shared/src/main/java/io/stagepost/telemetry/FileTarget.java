package io.stagepost.telemetry;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A file that is appended to and reopened when the hour changes, as the hour and the day may be
 * part of its name.
 */
final class FileTarget implements LogTarget {

  private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("yyyyMMdd", Locale.ROOT);
  private static final DateTimeFormatter HOUR = DateTimeFormatter.ofPattern("HH", Locale.ROOT);
  private static final Duration RETRY = Duration.ofMinutes(1);

  private final Path pattern;
  private final ZoneId zone;
  private @Nullable FileChannel channel;
  private Instant next = Instant.MIN;

  FileTarget(Path pattern, ZoneId zone) {
    this.pattern = pattern;
    this.zone = zone;
  }

  @Override
  public boolean turnsAt(Instant time) {
    return !time.isBefore(next);
  }

  /** Opens the file of that time; when that fails, the one before stays in use for a minute. */
  @Override
  public void turn(Instant time) throws IOException {
    ZonedDateTime local = time.atZone(zone);
    next = time.plus(RETRY);
    FileChannel opened = open(name(local));
    next = local.truncatedTo(ChronoUnit.HOURS).plusHours(1).toInstant();
    close();
    channel = opened;
  }

  @Override
  public void write(byte[] lines, int length) throws IOException {
    FileChannel current = channel;
    if (current == null) {
      throw new IOException("no log file is open");
    }
    ByteBuffer buffer = ByteBuffer.wrap(lines, 0, length);
    while (buffer.hasRemaining()) {
      current.write(buffer);
    }
  }

  @Override
  public void close() throws IOException {
    FileChannel current = channel;
    channel = null;
    if (current != null) {
      current.close();
    }
  }

  private Path name(ZonedDateTime time) {
    return Path.of(
        pattern.toString().replace("%d", DAY.format(time)).replace("%h", HOUR.format(time)));
  }

  private static FileChannel open(Path path) throws IOException {
    boolean existed = Files.exists(path);
    FileChannel opened =
        FileChannel.open(
            path, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    PosixFileAttributeView view = Files.getFileAttributeView(path, PosixFileAttributeView.class);
    if (!existed && view != null) {
      // Whatever the umask is.
      view.setPermissions(PosixFilePermissions.fromString("rw-rw----"));
    }
    return opened;
  }
}
