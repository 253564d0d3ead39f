package io.stagepost.spool.file;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Reads the records of a segment up to the last whole one of its generation. */
final class JournalReader implements Closeable {

  private static final int LONGEST_BODY = 1 << 20;

  private final Disk.Input file;
  private ByteBuffer buffer = ByteBuffer.allocate(1 << 18).limit(0);
  private boolean first = true;
  private long generation;

  JournalReader(Disk.Input file) {
    this.file = file;
  }

  /** The next record, or null at the end. It is good until the next call. */
  @Nullable JournalRecord next() throws IOException {
    if (!fill(JournalRecord.HEAD)) {
      return null;
    }
    int head = buffer.position();
    int length = buffer.getInt(head + 4);
    long written = buffer.getLong(head + 8);
    if (buffer.getInt(head) != JournalRecord.MAGIC
        || length < 0
        || length > LONGEST_BODY
        || (!first && written != generation)
        || !fill(JournalRecord.HEAD + length)) {
      return null;
    }
    head = buffer.position();
    byte type = buffer.get(head + 20);
    ByteBuffer body = buffer.slice(head + JournalRecord.HEAD, length);
    int sum = JournalRecord.checksum(written, type, body.duplicate());
    if (sum != buffer.getInt(head + 16)) {
      return null;
    }
    first = false;
    generation = written;
    buffer.position(head + JournalRecord.HEAD + length);
    return JournalRecord.of(type, body);
  }

  /** Reads on until so many octets are there; false at the end of the file. */
  private boolean fill(int octets) throws IOException {
    if (buffer.remaining() >= octets) {
      return true;
    }
    ByteBuffer room;
    if (buffer.capacity() >= octets) {
      room = buffer.compact();
    } else {
      room = ByteBuffer.allocate(2 * octets).put(buffer);
    }
    while (room.position() < octets) {
      if (file.read(room) < 0) {
        break;
      }
    }
    buffer = room.flip();
    return buffer.remaining() >= octets;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
