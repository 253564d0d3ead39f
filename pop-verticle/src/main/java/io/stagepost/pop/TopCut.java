package io.stagepost.pop;

import io.stagepost.wire.LineEnds;

/**
 * Finds where the header and a number of lines of the body end (RFC 1939 §7, TOP). LF, CR and CRLF
 * each end a line, as they do in what is sent. Not thread-safe.
 */
final class TopCut {

  private long left;
  private boolean inHeader = true;
  private boolean lineIsEmpty = true;
  private boolean afterCr;
  private boolean done;

  TopCut(long lines) {
    left = lines;
  }

  /** Whether nothing of what follows is wanted. */
  boolean isDone() {
    return done;
  }

  /** Looks at octets from one index up to another; gives the index after the last one wanted. */
  int take(byte[] in, int from, int to) {
    int i = from;
    if (afterCr && i < to) {
      afterCr = false;
      i += in[i] == '\n' ? 1 : 0;
    }
    while (i < to && !done) {
      int end = LineEnds.next(in, i, to);
      lineIsEmpty &= end == i;
      i = end;
      if (end < to) {
        boolean cr = in[end] == '\r';
        boolean crLf = cr && end + 1 < to && in[end + 1] == '\n';
        i = end + (crLf ? 2 : 1);
        afterCr = cr && i == to && !crLf;
        lineEnded();
      }
    }
    return i;
  }

  private void lineEnded() {
    if (inHeader) {
      inHeader = !lineIsEmpty;
    } else {
      left--;
    }
    lineIsEmpty = true;
    done = !inHeader && left <= 0;
  }
}
