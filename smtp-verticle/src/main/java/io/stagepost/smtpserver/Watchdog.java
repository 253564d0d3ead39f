package io.stagepost.smtpserver;

import io.stagepost.config.SmtpSettings.Timeouts;
import io.stagepost.smtp.Reply;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Ends a session that stays silent or never finishes a line. There is one timer for each session;
 * it is set anew when it goes off, not when something arrives.
 */
final class Watchdog {

  private static final long NO_TIMER = -1;

  private final Vertx vertx;
  private final Timeouts timeouts;
  private final Watched session;
  private long timer = NO_TIMER;
  private boolean stopped;

  /** What is watched; times are those of {@link System#nanoTime()}. */
  interface Watched {

    /** No command line has begun. */
    long NO_LINE = Long.MIN_VALUE;

    /** Whether it is the client's turn. */
    boolean isWaitingForClient();

    long lastReceived();

    /** When the line that waits to be ended began, or {@link #NO_LINE}. */
    long lineBegun();

    /** Answers and closes. */
    void expel(Reply reply, String reason);
  }

  Watchdog(Vertx vertx, Timeouts timeouts, Watched session) {
    this.vertx = vertx;
    this.timeouts = timeouts;
    this.session = session;
  }

  void start() {
    look();
  }

  void stop() {
    stopped = true;
    if (timer != NO_TIMER) {
      vertx.cancelTimer(timer);
    }
  }

  private void look() {
    if (stopped) {
      return;
    }
    long now = System.nanoTime();
    long idleLeft = left(timeouts.idle(), session.lastReceived(), now);
    boolean inLine = session.lineBegun() != Watched.NO_LINE;
    // A line that begins later ends later, so it is soon enough to look after one such period.
    long lineLeft = left(timeouts.command(), inLine ? session.lineBegun() : now, now);
    if (!session.isWaitingForClient()) {
      sleep(Math.max(Math.min(timeouts.idle().toNanos(), timeouts.command().toNanos()), 1));
    } else if (idleLeft <= 0) {
      session.expel(
          Replies.IDLE_TIMEOUT,
          "idle timeout: no activity after " + timeouts.idle().toSeconds() + "s");
    } else if (lineLeft <= 0) {
      session.expel(
          Replies.COMMAND_TIMEOUT,
          "command timeout: no complete command after " + timeouts.command().toSeconds() + "s");
    } else {
      sleep(Math.min(idleLeft, lineLeft));
    }
  }

  private void sleep(long nanos) {
    timer = vertx.setTimer(TimeUnit.NANOSECONDS.toMillis(nanos) + 1, t -> look());
  }

  private static long left(Duration limit, long since, long now) {
    return since + limit.toNanos() - now;
  }
}
