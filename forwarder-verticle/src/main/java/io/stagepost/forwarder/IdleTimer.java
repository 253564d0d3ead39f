package io.stagepost.forwarder;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Ends what has not been used for a time; one timer serves any number of short rests. */
final class IdleTimer {

  private final Vertx vertx;
  private final Supplier<Duration> limit;
  private boolean resting;
  private long since;
  private long timer = -1;

  /**
   * An idle limit.
   *
   * @param limit asked when a rest begins; zero ends at once
   */
  IdleTimer(Vertx vertx, Supplier<Duration> limit) {
    this.vertx = vertx;
    this.limit = limit;
  }

  /** Whether a rest may last at all. */
  boolean isPatient() {
    return !limit.get().isZero();
  }

  /** A rest begins; when it gets too long, or the limit is zero, this is done. */
  Future<Void> begin(Supplier<Future<Void>> ending) {
    Duration longest = limit.get();
    if (longest.isZero()) {
      return ending.get();
    }
    resting = true;
    since = System.nanoTime();
    if (timer < 0) {
      arm(longest.toMillis(), ending);
    }
    return Future.succeededFuture();
  }

  /** The rest is over. */
  void end() {
    resting = false;
  }

  /** Nothing will be done any more. */
  void cancel() {
    resting = false;
    if (timer >= 0) {
      vertx.cancelTimer(timer);
      timer = -1;
    }
  }

  private void arm(long millis, Supplier<Future<Void>> ending) {
    timer =
        vertx.setTimer(
            Math.max(1, millis),
            id -> {
              timer = -1;
              long rested = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - since);
              long most = limit.get().toMillis();
              if (resting && rested >= most) {
                resting = false;
                Future<Void> unused = ending.get();
              } else if (resting) {
                arm(most - rested, ending);
              }
            });
  }
}
