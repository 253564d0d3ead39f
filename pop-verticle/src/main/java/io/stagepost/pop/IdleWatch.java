package io.stagepost.pop;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Ends a session whose client does nothing (RFC 1939 §3). There is one timer for each session; it
 * is set anew when it goes off, not when something arrives.
 */
final class IdleWatch {

  private static final long NO_TIMER = -1;

  private final Vertx vertx;
  private final Duration limit;
  private final PopSession session;
  private long timer = NO_TIMER;

  IdleWatch(Vertx vertx, Duration limit, PopSession session) {
    this.vertx = vertx;
    this.limit = limit;
    this.session = session;
  }

  void start() {
    long left = session.lastActivity() + limit.toNanos() - System.nanoTime();
    if (left <= 0) {
      session.abort("idle timeout: no activity after " + limit.toSeconds() + "s");
    } else {
      timer = vertx.setTimer(TimeUnit.NANOSECONDS.toMillis(left) + 1, t -> start());
    }
  }

  void stop() {
    if (timer != NO_TIMER) {
      vertx.cancelTimer(timer);
    }
  }
}
