package io.stagepost.wire;

import io.vertx.core.buffer.Buffer;

/**
 * Watches for bare CR and LF in content that comes without dot transparency (BDAT), and normalises
 * them if so told. Not thread-safe.
 */
public final class LineEndFilter {

  private final BareLineEnds policy;
  private boolean afterCr;
  private boolean bareLineEndSeen;

  /** A filter at the beginning of a message. */
  public LineEndFilter(BareLineEnds policy) {
    this.policy = policy;
  }

  /** Whether any bare CR or LF was seen, whatever was done about it. */
  public boolean sawBareLineEnd() {
    return bareLineEndSeen;
  }

  /** Passes octets on. A CR is held back until it is known whether it is bare. */
  public void pass(byte[] in, int from, int to, Buffer out) {
    int run = from;
    for (int i = from; i < to; i++) {
      byte b = in[i];
      if (afterCr) {
        afterCr = false;
        if (b == '\n') {
          out.appendByte((byte) '\r').appendByte((byte) '\n');
          run = i + 1;
          continue;
        }
        bare(out, (byte) '\r');
      }
      if (b == '\r') {
        out.appendBytes(in, run, i - run);
        run = i + 1;
        afterCr = true;
      } else if (b == '\n') {
        out.appendBytes(in, run, i - run);
        run = i + 1;
        bare(out, b);
      }
    }
    out.appendBytes(in, run, to - run);
  }

  /** Passes on what was held back at the end of the message. */
  public void finish(Buffer out) {
    if (afterCr) {
      afterCr = false;
      bare(out, (byte) '\r');
    }
  }

  private void bare(Buffer out, byte b) {
    bareLineEndSeen = true;
    if (policy == BareLineEnds.NORMALISE) {
      out.appendByte((byte) '\r').appendByte((byte) '\n');
    } else {
      out.appendByte(b);
    }
  }
}
