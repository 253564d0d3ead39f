package io.stagepost.events;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A directory of segments that belongs to one process at a time, which holds a lock in it. A new
 * process takes the first lane that nobody has, so there are no more than ever wrote at once.
 */
final class Lane implements Closeable {

  private static final Set<PosixFilePermission> DIRECTORY =
      PosixFilePermissions.fromString("rwxrwx---");
  private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-rw----");
  private static final Pattern NAME = Pattern.compile("[0-9a-z]{1,40}");
  private static final int MOST = 1000;

  // Closing any descriptor of a file drops all locks that the process holds on it, so no part of
  // this process may look into the lock of another part.
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path directory;
  private final @Nullable FileChannel lock;

  private Lane(Path directory, @Nullable FileChannel lock) {
    this.directory = directory;
    this.lock = lock;
  }

  /** Takes a lane for this process. */
  static Lane take(Path events) throws IOException {
    for (int number = 0; number < MOST; number++) {
      try {
        Optional<Lane> lane = tryTake(events.resolve(Integer.toString(number)));
        if (lane.isPresent()) {
          return lane.get();
        }
      } catch (NoLocks e) {
        return unlocked(events);
      }
    }
    throw new IOException("no free lane in " + events);
  }

  /** Takes a lane unless somebody has it. */
  static Optional<Lane> tryTake(Path directory) throws IOException {
    if (!HELD.add(directory)) {
      return Optional.empty();
    }
    Optional<Lane> lane = Optional.empty();
    try {
      makeDirectory(directory);
      lane = lock(directory);
    } catch (AccessDeniedException e) {
      // Another user's process has it.
    } finally {
      if (lane.isEmpty()) {
        HELD.remove(directory);
      }
    }
    return lane;
  }

  private static Optional<Lane> lock(Path directory) throws IOException {
    Path path = directory.resolve("lock");
    boolean made = !Files.exists(path);
    FileChannel file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    boolean taken = false;
    try {
      if (made) {
        permit(path, FILE);
      }
      FileLock lock = tryLock(file);
      taken = lock != null;
      return taken ? Optional.of(new Lane(directory, file)) : Optional.empty();
    } finally {
      if (!taken) {
        file.close();
      }
    }
  }

  private static @Nullable FileLock tryLock(FileChannel file) throws NoLocks {
    try {
      return file.tryLock();
    } catch (IOException e) {
      throw new NoLocks(e);
    }
  }

  // Nobody else will ever use this name.
  private static Lane unlocked(Path events) throws IOException {
    long pid = ProcessHandle.current().pid();
    String name = Long.toString(System.nanoTime() & Long.MAX_VALUE, 36) + "x" + pid;
    Path directory = events.resolve(name);
    HELD.add(directory);
    makeDirectory(directory);
    return new Lane(directory, null);
  }

  /** Makes a directory, and those above it, for the owner and the group. */
  static void makeDirectory(Path directory) throws IOException {
    if (Files.isDirectory(directory)) {
      return;
    }
    Path parent = directory.getParent();
    if (parent != null) {
      makeDirectory(parent);
    }
    Files.createDirectories(directory);
    permit(directory, DIRECTORY);
  }

  // The umask may be narrower than what processes of one group need.
  private static void permit(Path path, Set<PosixFilePermission> permissions) throws IOException {
    try {
      Files.setPosixFilePermissions(path, permissions);
    } catch (UnsupportedOperationException e) {
      // A file system without them.
    }
  }

  Path directory() {
    return directory;
  }

  /** The segments of a lane, oldest first. */
  static List<Segment> segments(Path lane) throws IOException {
    List<Segment> segments = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(lane, "*.jsonl")) {
      entries.forEach(
          path -> Segment.of(lane, path.getFileName().toString()).ifPresent(segments::add));
    } catch (NoSuchFileException e) {
      // None yet.
    }
    Collections.sort(segments);
    return segments;
  }

  /** The segments of all lanes, by the lane's name. */
  static SortedMap<String, List<Segment>> all(Path events) throws IOException {
    SortedMap<String, List<Segment>> lanes = new TreeMap<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(events)) {
      for (Path entry : entries) {
        String name = entry.getFileName().toString();
        if (NAME.matcher(name).matches() && Files.isDirectory(entry)) {
          lanes.put(name, segments(entry));
        }
      }
    } catch (NoSuchFileException e) {
      // None yet.
    }
    return lanes;
  }

  @Override
  public void close() throws IOException {
    try {
      if (lock != null) {
        lock.close();
      }
    } finally {
      HELD.remove(directory);
    }
  }

  /** The file system has no locks. */
  private static final class NoLocks extends IOException {

    private static final long serialVersionUID = 1L;

    private NoLocks(IOException cause) {
      super(cause);
    }
  }
}
