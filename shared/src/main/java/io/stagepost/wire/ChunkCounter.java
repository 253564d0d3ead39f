package io.stagepost.wire;

/** Counts the octets of a chunk of known size (RFC 3030 §2). Not thread-safe. */
public final class ChunkCounter {

  private final long size;
  private long remaining;

  /** A counter at the beginning of a chunk. */
  public ChunkCounter(long size) {
    this.size = size;
    this.remaining = size;
  }

  /** The announced size. */
  public long size() {
    return size;
  }

  /** Takes as many of the available octets as belong to the chunk, and says how many. */
  public int take(int available) {
    int taken = (int) Math.min(available, remaining);
    remaining -= taken;
    return taken;
  }

  /** Whether all octets have been taken. */
  public boolean isDone() {
    return remaining == 0;
  }
}
