package io.stagepost.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Finds what may end a line, eight octets at a time. */
final class LineEndSearch {

  private static final VarHandle WORDS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long HIGH_BITS = 0x8080808080808080L;
  private static final long AFTER_CR = 0x0e0e0e0e0e0e0e0eL;

  private LineEndSearch() {}

  /** The index of the next CR or LF, or the end. */
  static int next(byte[] in, int from, int to) {
    int i = from;
    while (i + Long.BYTES <= to) {
      long word = (long) WORDS.get(in, i);
      // The lowest bit that is set belongs to the first octet up to CR; text has few of those.
      long low = (word - AFTER_CR) & ~word & HIGH_BITS;
      if (low == 0) {
        i += Long.BYTES;
      } else {
        i += Long.numberOfTrailingZeros(low) >>> 3;
        if (isLineEnd(in[i])) {
          return i;
        }
        i++;
      }
    }
    while (i < to && !isLineEnd(in[i])) {
      i++;
    }
    return i;
  }

  private static boolean isLineEnd(byte octet) {
    return octet == '\r' || octet == '\n';
  }
}
