package io.stagepost.wire;

import io.vertx.core.buffer.Buffer;

/**
 * Takes the dot transparency off content received with DATA (RFC 5321 §4.5.2).
 *
 * <p>A line is ended by CRLF only, and the end is exactly CRLF {@code .} CRLF (or {@code .} CRLF as
 * the very first line), whatever is done about bare line ends: there is one reading of the stream.
 * Not thread-safe.
 */
public final class DotDecoder {

  private enum State {
    LINE_START,
    TEXT,
    CR,
    DOT,
    DOT_CR,
    DONE
  }

  private final BareLineEnds policy;
  private State state = State.LINE_START;
  private boolean bareLineEndSeen;

  /** A decoder at the beginning of a message. */
  public DotDecoder(BareLineEnds policy) {
    this.policy = policy;
  }

  /** Whether the end of the message was seen. */
  public boolean isDone() {
    return state == State.DONE;
  }

  /** Whether any bare CR or LF was seen, whatever was done about it. */
  public boolean sawBareLineEnd() {
    return bareLineEndSeen;
  }

  /**
   * Decodes octets until the end of the message or of the input.
   *
   * @param in where they are
   * @param from the index of the first
   * @param to the index after the last
   * @param out what the content is appended to
   * @return the index after the last octet that belongs to the message; what follows it is a
   *     command
   */
  public int decode(byte[] in, int from, int to, Buffer out) {
    int run = from; // the octets from here on are still to be copied
    int i = from;
    while (i < to && state != State.DONE) {
      byte b = in[i];
      switch (state) {
        case LINE_START -> {
          if (b == '.') {
            out.appendBytes(in, run, i - run);
            run = ++i; // the dot is held back
            state = State.DOT;
          } else {
            state = State.TEXT;
          }
        }
        case TEXT -> {
          i = LineEndSearch.next(in, i, to);
          if (i == to) {
            break;
          }
          if (in[i] == '\n') {
            run = bareLineFeed(in, run, i, out);
            i++;
          } else if (i + 1 < to && in[i + 1] == '\n') {
            i += 2;
            state = State.LINE_START;
          } else {
            out.appendBytes(in, run, i - run);
            run = ++i; // a CR is held back too, until it is known whether it is bare
            state = State.CR;
          }
        }
        case CR -> {
          if (b == '\n') {
            out.appendByte((byte) '\r').appendByte((byte) '\n');
            run = ++i;
            state = State.LINE_START;
          } else {
            bareCarriageReturn(out);
            run = i; // read this octet again, as text
          }
        }
        case DOT -> {
          if (b == '\r') {
            run = ++i;
            state = State.DOT_CR;
          } else {
            run = i; // the dot was transparency: dropped
            state = State.TEXT;
          }
        }
        case DOT_CR -> {
          if (b == '\n') {
            state = State.DONE;
            run = ++i;
          } else {
            bareCarriageReturn(out);
            run = i;
          }
        }
        case DONE -> throw new IllegalStateException("after the end");
      }
    }
    out.appendBytes(in, run, i - run);
    return i;
  }

  private int bareLineFeed(byte[] in, int run, int at, Buffer out) {
    bareLineEndSeen = true;
    state = State.TEXT;
    if (policy == BareLineEnds.NORMALISE) {
      out.appendBytes(in, run, at - run).appendByte((byte) '\r').appendByte((byte) '\n');
      return at + 1;
    }
    return run;
  }

  private void bareCarriageReturn(Buffer out) {
    bareLineEndSeen = true;
    state = State.TEXT;
    out.appendByte((byte) '\r');
    if (policy == BareLineEnds.NORMALISE) {
      out.appendByte((byte) '\n');
    }
  }
}
