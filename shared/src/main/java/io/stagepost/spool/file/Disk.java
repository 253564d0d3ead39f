package io.stagepost.spool.file;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/** The disk calls of the spool; blocking. Tests put faults and power cuts in its place. */
public interface Disk {

  /** Creates a file that must not exist, readable and writable by owner and group. */
  Output create(Path path) throws IOException;

  /** Opens a file for reading. */
  Input open(Path path) throws IOException;

  /** Renames atomically, replacing the target. */
  void rename(Path from, Path to) throws IOException;

  /** Deletes a file; false when there was none. */
  boolean delete(Path path) throws IOException;

  /** Makes the entries of a directory durable. */
  void syncDirectory(Path directory) throws IOException;

  /** Opens a file for writing at any place, creating it where there is none. */
  Log openLog(Path path) throws IOException;

  /**
   * Returns when all that was written so far to any file of the directory's file system is on the
   * disk, entries of directories included.
   */
  void syncAll(Path directory) throws IOException;

  /** Whether {@link #syncAll} can be had. */
  boolean canSyncAll();

  /** Changes whenever what was not synced may have been lost: with each start of the system. */
  String session();

  /** Whether there is such an entry. */
  boolean exists(Path path) throws IOException;

  /** What is known of a file, or empty when there is none. */
  Optional<Stat> stat(Path path) throws IOException;

  /** Names all entries of a directory, in no order. */
  void list(Path directory, Consumer<String> names) throws IOException;

  /** A file being written. */
  interface Output extends Closeable {

    /** Writes all of the buffer. */
    void write(ByteBuffer data) throws IOException;

    /** Returns when all that was written is on the disk. */
    void sync() throws IOException;
  }

  /** A file that is overwritten in place. */
  interface Log extends Closeable {

    /** Writes all of the buffer at a place, beyond the end if need be. */
    void write(ByteBuffer data, long at) throws IOException;

    /** Returns when all that was written is on the disk. */
    void sync() throws IOException;
  }

  /** A file being read from its beginning. */
  interface Input extends Closeable {

    /** Reads some octets; -1 at the end. */
    int read(ByteBuffer into) throws IOException;
  }

  /**
   * What is known of a file.
   *
   * @param changed when its inode last changed, which renaming does too
   */
  record Stat(Kind kind, long size, Instant modified, Instant changed) {}

  /** What an entry of a directory is. */
  enum Kind {
    FILE,
    DIRECTORY,
    OTHER
  }
}
