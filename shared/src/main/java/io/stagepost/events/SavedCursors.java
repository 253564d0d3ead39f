package io.stagepost.events;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.stagepost.spool.file.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

/** The cursors of consumers, a file each. Blocking. */
final class SavedCursors {

  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,99}");
  private static final String SUFFIX = ".cursor";

  private final Disk disk;
  private final Path directory;
  private final AtomicLong writes = new AtomicLong();

  SavedCursors(Disk disk, Path directory) {
    this.disk = disk;
    this.directory = directory;
  }

  /**
   * Checks a consumer's name.
   *
   * @throws IllegalArgumentException when it is none
   */
  static void check(String consumer) {
    if (!NAME.matcher(consumer).matches()) {
      throw new IllegalArgumentException("not a consumer's name");
    }
  }

  void save(String consumer, Cursor cursor) throws IOException {
    Lane.makeDirectory(directory);
    long pid = ProcessHandle.current().pid();
    Path tmp = directory.resolve(consumer + "." + pid + "." + writes.incrementAndGet() + ".tmp");
    disk.delete(tmp);
    try {
      try (Disk.Output out = disk.create(tmp)) {
        out.write(ByteBuffer.wrap(cursor.toString().getBytes(UTF_8)));
        out.sync(); // an empty file after a power cut would mean the start
      }
      disk.rename(tmp, path(consumer));
    } catch (IOException e) {
      disk.delete(tmp);
      throw e;
    }
  }

  Optional<Cursor> read(String consumer) throws IOException {
    return read(path(consumer));
  }

  private static Optional<Cursor> read(Path path) throws IOException {
    try {
      String text = new String(Files.readAllBytes(path), UTF_8);
      return Cursor.parse(text.strip());
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  void forget(String consumer) throws IOException {
    disk.delete(path(consumer));
  }

  List<Cursor> all() throws IOException {
    List<Cursor> cursors = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, "*" + SUFFIX)) {
      for (Path entry : entries) {
        read(entry).ifPresent(cursors::add);
      }
    } catch (NoSuchFileException e) {
      // None yet.
    }
    return cursors;
  }

  private Path path(String consumer) {
    return directory.resolve(consumer + SUFFIX);
  }
}
