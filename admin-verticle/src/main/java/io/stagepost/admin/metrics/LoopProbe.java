package io.stagepost.admin.metrics;

import io.micrometer.core.instrument.Timer;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;

/** Notes how late a timer of its event loop runs. There is one for each loop. */
public final class LoopProbe extends VerticleBase {

  private static final Duration PERIOD = Duration.ofMillis(500);

  private final Timer lag;

  /** One of several. */
  public LoopProbe(Meters meters) {
    this.lag = meters.loopLag();
  }

  @Override
  public Future<?> start() {
    next();
    return Future.succeededFuture();
  }

  private void next() {
    long begun = System.nanoTime();
    vertx.setTimer(
        PERIOD.toMillis(),
        t -> {
          long late = System.nanoTime() - begun - PERIOD.toNanos();
          lag.record(Duration.ofNanos(Math.max(0, late)));
          next();
        });
  }
}
