package io.stagepost.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Finds line ends eight octets at a time. */
public final class LineEnds {

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGHS = 0x8080808080808080L;
  private static final long CRS = '\r' * ONES;
  private static final long LFS = '\n' * ONES;

  private LineEnds() {}

  /** The index of the first CR or LF from one index up to another, or the latter. */
  public static int next(byte[] octets, int from, int to) {
    int i = from;
    while (i + Long.BYTES <= to) {
      long eight = (long) LONGS.get(octets, i);
      long found = zeros(eight ^ CRS) | zeros(eight ^ LFS);
      if (found != 0) {
        return i + (Long.numberOfTrailingZeros(found) >>> 3);
      }
      i += Long.BYTES;
    }
    while (i < to && octets[i] != '\r' && octets[i] != '\n') {
      i++;
    }
    return i;
  }

  // The lowest bit that is set marks the first octet that is zero; higher ones may err.
  private static long zeros(long octets) {
    return (octets - ONES) & ~octets & HIGHS;
  }
}
