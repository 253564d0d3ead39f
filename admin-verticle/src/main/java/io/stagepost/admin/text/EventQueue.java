package io.stagepost.admin.text;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Steps that a client of {@code notify} has still to be told of. Filled on any thread.
 *
 * <p>Holds 100; a further one pushes out the oldest.
 */
final class EventQueue implements Consumer<String> {

  private static final int MOST = 100;

  private final Deque<String> events = new ArrayDeque<>();
  private final Runnable wake;
  private boolean awake;

  /** A queue that calls somebody when there is something in it again. */
  EventQueue(Runnable wake) {
    this.wake = wake;
  }

  @Override
  public void accept(String event) {
    synchronized (this) {
      if (events.size() == MOST) {
        events.removeFirst();
      }
      events.addLast(event);
      if (awake) {
        return;
      }
      awake = true;
    }
    wake.run();
  }

  /** The oldest event, or null when there is none; then the next one wakes its reader again. */
  synchronized @Nullable String poll() {
    String event = events.poll();
    awake = event != null;
    return event;
  }
}
