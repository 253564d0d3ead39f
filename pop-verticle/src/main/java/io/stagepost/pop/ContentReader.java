package io.stagepost.pop;

import io.stagepost.wire.DotEncoder;
import io.vertx.core.buffer.Buffer;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/** Reads a message as it goes over the wire; blocking. Of use to one thread after the other. */
final class ContentReader implements Closeable {

  static final int PIECE = 256 << 10;
  private static final int TOP_PIECE = 16 << 10;

  private final FileChannel file;
  private final @Nullable TopCut cut;
  private final DotEncoder encoder = new DotEncoder();
  private final long size;
  private long left;
  private boolean done;

  /** Reads a whole message. */
  static ContentReader whole(FileChannel file) throws IOException {
    return new ContentReader(file, null);
  }

  /** Reads the header and some lines. */
  static ContentReader top(FileChannel file, long lines) throws IOException {
    return new ContentReader(file, new TopCut(lines));
  }

  private ContentReader(FileChannel file, @Nullable TopCut cut) throws IOException {
    this.file = file;
    this.cut = cut;
    this.size = file.size();
    this.left = size;
  }

  /** The octets of the file when it was opened. */
  long size() {
    return size;
  }

  /** How many lines have been read. */
  synchronized long lines() {
    return encoder.lines();
  }

  synchronized boolean isDone() {
    return done;
  }

  /** The next piece; the last one ends with the end mark, and closes the file. */
  synchronized Buffer next() throws IOException {
    byte[] octets = new byte[(int) Math.min(left, cut == null ? PIECE : TOP_PIECE)];
    fill(ByteBuffer.wrap(octets));
    left -= octets.length;
    int end = cut == null ? octets.length : cut.take(octets, 0, octets.length);
    // Dots that are doubled and line ends that become two octets take more.
    Buffer out = Buffer.buffer(end + (end >> 7) + 16);
    encoder.encode(octets, 0, end, out);
    if (left == 0 || (cut != null && cut.isDone())) {
      encoder.finish(out);
      done = true;
      file.close();
    }
    return out;
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
