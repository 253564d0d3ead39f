package io.stagepost.mime;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A message being read as lines: LF ends one, CR is dropped wherever it stands, and what is written
 * on has CRLF. So no reader can find other line ends in it than we did.
 */
public final class TextLines {

  private static final int PIECE = 64 << 10;

  private final InputStream in;
  private final DotRule dots;
  private final byte[] buffer = new byte[PIECE];
  private int at;
  private int filled;
  private int line;
  private byte @Nullable [] pushedBack;
  private boolean ended;

  /** Lines of a stream, which is not closed here. */
  public TextLines(InputStream in, DotRule dots) {
    this.in = in;
    this.dots = dots;
  }

  /** The number of the line that was read last, the first being 1. */
  public int number() {
    return line;
  }

  /**
   * The next line without its end, or null after the last.
   *
   * @throws IOException also when it is longer than the limit
   */
  byte @Nullable [] next(int limit) throws IOException {
    byte[] earlier = pushedBack;
    if (earlier != null) {
      pushedBack = null;
      line++;
      return earlier;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream(80);
    int c = ended ? -1 : read();
    if (c < 0) {
      return null;
    }
    for (; c >= 0 && c != '\n'; c = read()) {
      if (c != '\r') {
        out.write(c);
      }
      if (out.size() > limit) {
        throw new IOException("a header of more than " + limit + " octets");
      }
    }
    byte[] octets = out.toByteArray();
    if (dots == DotRule.ENDS_MESSAGE && octets.length == 1 && octets[0] == '.') {
      ended = true;
      return null;
    }
    line++;
    return octets;
  }

  /** Has the line that was read last read again. */
  void pushBack(byte[] octets) {
    pushedBack = octets;
    line--;
  }

  /** Writes all lines that are left, each ended by CRLF. */
  public void writeRest(OutputStream out) throws IOException {
    byte[] earlier = pushedBack;
    if (earlier != null) {
      pushedBack = null;
      out.write(earlier);
      out.write('\r');
      out.write('\n');
    }
    boolean begins = true;
    // Of a line, so far only a dot has come, which may be the end of the message.
    boolean dot = false;
    for (int c = ended ? -1 : read(); c >= 0; c = read()) {
      if (c == '\r') {
        continue;
      }
      if (dot && c == '\n') {
        ended = true;
        return;
      }
      if (dot) {
        out.write('.');
        dot = false;
      } else if (begins && c == '.' && dots == DotRule.ENDS_MESSAGE) {
        dot = true;
        begins = false;
        continue;
      }
      begins = c == '\n';
      if (begins) {
        out.write('\r');
      }
      out.write(c);
    }
    // A dot as the last line ends the message without a line end, too.
    if (!begins && !dot) {
      out.write('\r');
      out.write('\n');
    }
  }

  private int read() throws IOException {
    if (at == filled) {
      filled = in.read(buffer);
      at = 0;
      if (filled <= 0) {
        filled = 0;
        return -1;
      }
    }
    return buffer[at++] & 0xff;
  }
}
