package io.stagepost.auth;

import io.stagepost.telemetry.RelayLog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A file that is read again when it has changed; while it is broken, what it said before holds.
 * Reading blocks; {@link #current} doesn't.
 */
final class WatchedFile<T> {

  private static final long INTERVAL = TimeUnit.SECONDS.toNanos(1);
  private static final long MOST_OCTETS = 16 << 20;

  private final Path path;
  private final Content<T> content;
  private final RelayLog log;
  private final LongSupplier nanos;
  private volatile T current;
  private volatile long looked;
  private final AtomicBoolean isAsked = new AtomicBoolean();
  private Stamp stamp = Stamp.MISSING;

  /** Before {@link #open}, what it says is the first thing. */
  WatchedFile(Path path, Content<T> content, T first, RelayLog log, LongSupplier nanos) {
    this.path = path;
    this.content = content;
    this.current = first;
    this.log = log;
    this.nanos = nanos;
    this.looked = nanos.getAsLong();
  }

  /** Understands a file. */
  interface Content<T> {

    /** What it is called in the log: {@code secrets file}. */
    String kind();

    /** Takes its text, an octet a character. */
    T parse(Path path, String text, RelayLog log) throws AccountsException;
  }

  T current() {
    return current;
  }

  Path path() {
    return path;
  }

  /** Whether it is time to look. */
  boolean isDue() {
    return nanos.getAsLong() - looked >= INTERVAL;
  }

  /** The same, for the first who asks until somebody has looked. */
  boolean isDueForMe() {
    return isDue() && isAsked.compareAndSet(false, true);
  }

  /** Reads it for the first time. */
  synchronized void open() throws AccountsException {
    stamp = Stamp.of(path);
    current = read();
    looked = nanos.getAsLong();
    if (isReadableByAll()) {
      log.warn(content.kind() + " is readable by everybody: " + path);
    }
  }

  /** Looks whether it has changed, if it is time to. */
  synchronized void refresh() {
    isAsked.set(false);
    if (!isDue()) {
      return;
    }
    looked = nanos.getAsLong();
    Stamp now = Stamp.of(path);
    if (now.equals(stamp)) {
      return;
    }
    stamp = now;
    log.info("re-reading " + content.kind() + ": " + path);
    try {
      current = read();
    } catch (AccountsException e) {
      e.problems().forEach(log::warn);
      log.warn("still using what was read before from " + content.kind() + ": " + path);
    }
  }

  private T read() throws AccountsException {
    try {
      if (Files.size(path) > MOST_OCTETS) {
        throw new AccountsException(List.of(content.kind() + " is too big: " + path));
      }
      return content.parse(path, Files.readString(path, StandardCharsets.ISO_8859_1), log);
    } catch (IOException e) {
      throw new AccountsException(List.of("cannot read " + content.kind() + ": " + path));
    }
  }

  private boolean isReadableByAll() {
    try {
      return Files.getPosixFilePermissions(path).contains(PosixFilePermission.OTHERS_READ);
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  /** By what a change is seen. */
  private record Stamp(FileTime modified, long size, @Nullable Object file) {

    static final Stamp MISSING = new Stamp(FileTime.fromMillis(0), -1, null);

    static Stamp of(Path path) {
      try {
        BasicFileAttributes found = Files.readAttributes(path, BasicFileAttributes.class);
        return new Stamp(found.lastModifiedTime(), found.size(), found.fileKey());
      } catch (IOException e) {
        return MISSING;
      }
    }
  }
}
