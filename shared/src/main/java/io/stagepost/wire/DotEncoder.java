package io.stagepost.wire;

import io.vertx.core.buffer.Buffer;

/**
 * Puts dot transparency on content for DATA (RFC 5321 §4.5.2).
 *
 * <p>LF, CR and CRLF each become CRLF, so that no bare line end ever leaves; a missing last line
 * end is added. Not thread-safe.
 */
public final class DotEncoder {

  private enum State {
    LINE_START,
    TEXT,
    CR
  }

  private State state = State.LINE_START;
  private long lines;

  /** How many lines have been completed. */
  public long lines() {
    return lines;
  }

  /** Encodes the octets of {@code in} from index {@code from} up to {@code to}. */
  public void encode(byte[] in, int from, int to, Buffer out) {
    int run = from; // the octets from here on are still to be copied
    int i = from;
    if (state == State.CR && i < to) {
      // The CRLF has been sent; a LF is its second half.
      state = State.LINE_START;
      i += in[i] == '\n' ? 1 : 0;
      run = i;
    }
    while (i < to) {
      if (state == State.LINE_START && in[i] == '.') {
        out.appendBytes(in, run, i - run).appendByte((byte) '.');
        run = i;
      }
      int end = LineEnds.next(in, i, to);
      if (end == to) {
        state = State.TEXT;
        break;
      }
      boolean cr = in[end] == '\r';
      boolean crLf = cr && end + 1 < to && in[end + 1] == '\n';
      if (crLf) {
        lines++;
        i = end + 2;
      } else {
        out.appendBytes(in, run, end - run);
        endLine(out);
        i = end + 1;
        run = i;
      }
      state = cr && !crLf && i == to ? State.CR : State.LINE_START;
    }
    out.appendBytes(in, run, to - run);
  }

  /** Ends the last line where needed and adds the end mark. */
  public void finish(Buffer out) {
    if (state == State.TEXT) {
      endLine(out);
    }
    out.appendByte((byte) '.').appendByte((byte) '\r').appendByte((byte) '\n');
  }

  private void endLine(Buffer out) {
    out.appendByte((byte) '\r').appendByte((byte) '\n');
    lines++;
  }
}
