package io.stagepost.spool.file;

import java.util.concurrent.atomic.AtomicLong;

/** The octets that unfinished messages hold in memory; beyond the limit they are written early. */
final class BufferBudget {

  private final long limit;
  private final AtomicLong used = new AtomicLong();

  BufferBudget(long limit) {
    this.limit = limit;
  }

  void add(long octets) {
    used.addAndGet(octets);
  }

  boolean isExceeded() {
    return used.get() > limit;
  }

  long used() {
    return used.get();
  }
}
