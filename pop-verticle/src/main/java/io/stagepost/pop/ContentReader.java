package io.stagepost.pop;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import io.stagepost.wire.DotEncoder;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/**
 * Reads a message as it goes over the wire, with the line before it; blocking. Of use to one thread
 * after the other.
 */
final class ContentReader implements Closeable {

  private static final int PIECE = 256 << 10;
  // Stays in the processor's cache from the reading to the encoding.
  private static final int SLICE = 64 << 10;
  private static final int TOP_PIECE = 16 << 10;
  private static final int END_ROOM = 16;
  private static final ThreadLocal<byte[]> SLICES = ThreadLocal.withInitial(() -> new byte[SLICE]);

  private final FileChannel file;
  private final @Nullable TopCut cut;
  private final String head;
  private final DotEncoder encoder = new DotEncoder();
  private final long size;
  private long left;
  private boolean begun;
  private boolean done;

  /** Reads a whole message. */
  static ContentReader whole(FileChannel file) throws IOException {
    long size = file.size();
    return new ContentReader(file, size, "+OK " + size + " octets", null);
  }

  /** Reads the header and some lines. */
  static ContentReader top(FileChannel file, long lines) throws IOException {
    return new ContentReader(file, file.size(), Replies.OK, new TopCut(lines));
  }

  private ContentReader(FileChannel file, long size, String head, @Nullable TopCut cut) {
    this.file = file;
    this.size = size;
    this.left = size;
    this.head = head;
    this.cut = cut;
  }

  /** The octets of the file when it was opened. */
  long size() {
    return size;
  }

  /** The line before the message. */
  String head() {
    return head;
  }

  /** How many lines have been read. */
  synchronized long lines() {
    return encoder.lines();
  }

  synchronized boolean isDone() {
    return done;
  }

  /** The next piece; the last one ends with the end mark, and closes the file. */
  synchronized ByteBuf next() throws IOException {
    int most = (int) Math.min(left, cut == null ? PIECE : TOP_PIECE);
    // Dots that are doubled and line ends that become two octets take more.
    ByteBuf out =
        PooledByteBufAllocator.DEFAULT.directBuffer(head.length() + most + (most >> 7) + END_ROOM);
    try {
      if (!begun) {
        begun = true;
        ByteBufUtil.writeAscii(out, head);
        out.writeByte('\r').writeByte('\n');
      }
      read(most, out);
      return out;
    } catch (IOException | RuntimeException e) {
      out.release();
      throw e;
    }
  }

  private void read(int most, ByteBuf out) throws IOException {
    Buffer encoded = BufferInternal.buffer(out);
    byte[] slice = SLICES.get();
    for (int rest = most; rest > 0 && !isCut(); ) {
      int octets = Math.min(rest, SLICE);
      fill(ByteBuffer.wrap(slice, 0, octets));
      rest -= octets;
      left -= octets;
      encoder.encode(slice, 0, cut == null ? octets : cut.take(slice, 0, octets), encoded);
    }
    if (left == 0 || isCut()) {
      encoder.finish(encoded);
      done = true;
      file.close();
    }
  }

  private boolean isCut() {
    return cut != null && cut.isDone();
  }

  private void fill(ByteBuffer into) throws IOException {
    while (into.hasRemaining()) {
      if (file.read(into) < 0) {
        throw new EOFException("a message is shorter than it was");
      }
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
