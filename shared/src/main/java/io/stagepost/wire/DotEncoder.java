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
    int run = from;
    for (int i = from; i < to; i++) {
      byte b = in[i];
      if (state == State.CR) {
        // The CRLF has been sent; this LF is its second half.
        state = State.LINE_START;
        if (b == '\n') {
          run = i + 1;
          continue;
        }
      }
      if (b == '\r' || b == '\n') {
        out.appendBytes(in, run, i - run);
        run = i + 1;
        endLine(out);
        state = b == '\r' ? State.CR : State.LINE_START;
      } else {
        if (state == State.LINE_START && b == '.') {
          out.appendBytes(in, run, i - run).appendByte((byte) '.');
          run = i;
        }
        state = State.TEXT;
      }
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
