package io.stagepost.pop;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How many octets all sessions of a server may have read before they were asked for. Where nothing
 * is left of it, messages are read when they are asked for. Thread-safe.
 */
final class ReadAhead {

  private static final long LIMIT = 16L << 20;

  private final AtomicLong left = new AtomicLong(LIMIT);

  /** Takes so many octets if they are left. */
  boolean take(long octets) {
    if (left.addAndGet(-octets) >= 0) {
      return true;
    }
    left.addAndGet(octets);
    return false;
  }

  void give(long octets) {
    left.addAndGet(octets);
  }
}
