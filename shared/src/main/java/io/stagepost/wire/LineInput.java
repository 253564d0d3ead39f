package io.stagepost.wire;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The octets that a peer has sent and that nobody has read yet, taken line by line or in runs.
 *
 * <p>Only CRLF ends a line (RFC 5321 §2.3.8). The owner bounds it: it stops appending, by pausing
 * the socket, when {@link #available()} grows beyond its limit. Not thread-safe.
 */
public final class LineInput {

  private static final byte[] NOTHING = new byte[0];

  private byte[] bytes = NOTHING;
  private int start;
  private int end;
  // Everything before this index is known to hold no CRLF.
  private int scanned;

  /** Adds what has just arrived behind what waits. */
  public void append(Buffer chunk) {
    int length = chunk.length();
    if (start == end) {
      bytes = chunk.getBytes();
      start = 0;
      end = length;
      scanned = 0;
      return;
    }
    if (end + length > bytes.length) {
      byte[] room =
          end - start + length <= bytes.length
              ? bytes
              : new byte[Math.max(2 * (end - start), end - start + length)];
      System.arraycopy(bytes, start, room, 0, end - start);
      bytes = room;
      scanned -= start;
      end -= start;
      start = 0;
    }
    chunk.getBytes(0, length, bytes, end);
    end += length;
  }

  /** How many octets wait. */
  public int available() {
    return end - start;
  }

  /** Whether a whole line waits. */
  public boolean hasLine() {
    return findLineEnd() >= 0;
  }

  /**
   * Takes the next line without its CRLF.
   *
   * @return the octets of the line, as ISO-8859-1 characters, or null when no whole line waits
   */
  @Nullable
  public String takeLatin1Line() {
    byte[] line = takeLine();
    return line == null ? null : new String(line, StandardCharsets.ISO_8859_1);
  }

  /** Takes the next line without its CRLF, or returns null when no whole line waits. */
  public byte @Nullable [] takeLine() {
    int lineEnd = findLineEnd();
    if (lineEnd < 0) {
      return null;
    }
    byte[] line = Arrays.copyOfRange(bytes, start, lineEnd);
    consume(lineEnd + 2 - start);
    return line;
  }

  /** The array that {@link #offset()} and {@link #available()} speak of; to be read only. */
  public byte[] array() {
    return bytes;
  }

  /** Where in {@link #array()} the waiting octets begin. */
  public int offset() {
    return start;
  }

  /**
   * Marks octets as read.
   *
   * @throws IllegalArgumentException when fewer wait
   */
  public void consume(int count) {
    if (count < 0 || count > end - start) {
      throw new IllegalArgumentException(count + " of " + (end - start) + " octets");
    }
    start += count;
    scanned = Math.max(scanned, start);
    if (start == end) {
      clear();
    }
  }

  /** Takes up to so many octets as they are. */
  public Buffer take(int most) {
    int count = Math.min(most, end - start);
    Buffer taken = Buffer.buffer(Arrays.copyOfRange(bytes, start, start + count));
    consume(count);
    return taken;
  }

  /** Forgets everything that waits. */
  public void clear() {
    bytes = NOTHING;
    start = 0;
    end = 0;
    scanned = 0;
  }

  private int findLineEnd() {
    for (int i = Math.max(scanned, start); i + 1 < end; i++) {
      if (bytes[i] == '\r' && bytes[i + 1] == '\n') {
        scanned = i;
        return i;
      }
    }
    // A CR at the very end may be half of a line end.
    scanned = Math.max(start, end - 1);
    return -1;
  }
}
