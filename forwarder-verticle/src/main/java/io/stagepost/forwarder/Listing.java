package io.stagepost.forwarder;

import io.stagepost.spool.MessageId;
import io.stagepost.spool.Spool;
import io.stagepost.spool.Spool.Entry;
import io.stagepost.spool.Spool.State;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** One look through the messages that were ready when it began, a page at a time. */
final class Listing {

  private static final int PAGE = 500;

  private final Spool spool;
  private final Deque<MessageId> page = new ArrayDeque<>();
  private @Nullable MessageId last;
  private long left;
  private long seen;
  private boolean fetching;
  private boolean complete;

  Listing(Spool spool) {
    this.spool = spool;
    // Later arrivals would otherwise keep a busy relay in one listing for ever.
    this.left = Math.max(PAGE, spool.count(State.READY));
  }

  /** The next message of the current page, or null when another page is needed. */
  @Nullable MessageId poll() {
    return page.poll();
  }

  /** How many messages were found. */
  long seen() {
    return seen;
  }

  /** Whether there is nothing more. */
  boolean isExhausted() {
    return complete && page.isEmpty();
  }

  /** Whether {@link #fetch()} is to be called. */
  boolean needsPage() {
    return page.isEmpty() && !complete && !fetching;
  }

  /** Reads the next page; fails as the spool does, and is exhausted then. */
  Future<Void> fetch() {
    fetching = true;
    return spool
        .list(State.READY, last, PAGE)
        .onComplete(
            result -> {
              fetching = false;
              complete = result.failed() || result.result().size() < PAGE;
              if (result.succeeded()) {
                result.result().stream().map(Entry::id).forEach(this::add);
              }
              complete |= left <= 0;
            })
        .mapEmpty();
  }

  /** Drops what has not been looked at. */
  void cut() {
    page.clear();
    complete = true;
  }

  private void add(MessageId id) {
    page.add(id);
    last = id;
    left--;
    seen++;
  }
}
