package io.stagepost.spool.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * One of the two files of a journal. While one is being written, the messages of the other are
 * brought to the disk in their own files; then it may be used again from its beginning.
 */
final class JournalSegment {

  // With the end of each, all files are brought to the disk, which halves the speed meanwhile: it
  // should be rare. Of a small disk a segment takes no more than a sixteenth of what is free.
  private static final int MOST = 256 << 20;
  private static final int LEAST = 16 << 20;
  private static final int PART = 16;

  // Room is made in such steps, so that a sync of records has no change of size to record.
  private static final int STEP = 4 << 20;

  private final Disk disk;
  private final Path path;
  private Disk.@Nullable Log file;
  private long generation;
  private long position;
  private long allocated;
  private int size = LEAST;
  // Written by the journal's thread and by the one that retires segments.
  private volatile Use use = Use.CLEAN;

  private enum Use {
    /** Holds nothing that the files of messages could still lack. */
    CLEAN,
    ACTIVE,
    RETIRING
  }

  JournalSegment(Disk disk, Path path) {
    this.disk = disk;
    this.path = path;
  }

  /** Whether it may be begun. */
  boolean isClean() {
    return use == Use.CLEAN;
  }

  boolean isActive() {
    return use == Use.ACTIVE;
  }

  boolean hasRoom(int octets) {
    return position + octets <= size;
  }

  /** Begins anew; its first record is the start. */
  void begin(ByteBuffer buffer) throws IOException {
    if (file == null) {
      file = disk.openLog(path);
      disk.syncDirectory(path.toAbsolutePath().getParent());
    }
    use = Use.ACTIVE;
    position = 0;
    size = Math.clamp(FreeSpace.of(path) / PART, LEAST, MOST);
    generation = ThreadLocalRandom.current().nextLong();
    new JournalRecord.Start(disk.session()).put(buffer, generation);
  }

  long generation() {
    return generation;
  }

  void write(ByteBuffer records) throws IOException {
    Disk.Log log = open();
    int length = records.remaining();
    if (position + length > allocated) {
      long more = Math.min(size, position + length + STEP);
      log.write(ByteBuffer.allocate((int) (more - allocated)), allocated);
      allocated = more;
    }
    log.write(records, position);
    position += length;
  }

  void sync() throws IOException {
    open().sync();
  }

  /** It takes no more. */
  void retiring() {
    use = Use.RETIRING;
  }

  /** Its messages are safe in their own files: nothing of it is to be read again. */
  void retired() throws IOException {
    Disk.Log log = open();
    log.write(ByteBuffer.allocate(JournalRecord.HEAD), 0);
    log.sync();
    use = Use.CLEAN;
  }

  /** Lets go of the file. */
  void close() throws IOException {
    Disk.Log log = file;
    file = null;
    if (log != null) {
      log.close();
    }
  }

  /** Removes the file; the segment may be begun again. */
  void delete() throws IOException {
    close();
    disk.delete(path);
    allocated = 0;
    use = Use.CLEAN;
  }

  private Disk.Log open() {
    Disk.Log log = file;
    if (log == null) {
      throw new IllegalStateException("the segment has not begun");
    }
    return log;
  }
}
