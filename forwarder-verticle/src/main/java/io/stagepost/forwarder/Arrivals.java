package io.stagepost.forwarder;

import io.stagepost.spool.MessageId;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Messages that became ready and have not been looked at.
 *
 * <p>Holds 10,000; beyond that it only remembers that the spool has to be listed.
 */
final class Arrivals {

  private static final int MOST = 10_000;

  private final Deque<MessageId> ids = new ArrayDeque<>();
  private boolean overflow;

  void add(MessageId id) {
    if (ids.size() < MOST) {
      ids.add(id);
    } else {
      overflow = true;
    }
  }

  /** The next message, or null. */
  @Nullable MessageId poll() {
    return ids.poll();
  }

  boolean isEmpty() {
    return ids.isEmpty();
  }

  /** Forgets all; they stay in the spool. */
  void clear() {
    ids.clear();
    overflow = false;
  }

  /** Whether any were dropped since this was last asked. */
  boolean takeOverflow() {
    boolean dropped = overflow;
    overflow = false;
    return dropped;
  }
}
