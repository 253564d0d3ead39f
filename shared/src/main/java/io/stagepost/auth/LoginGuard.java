package io.stagepost.auth;

import com.github.benmanes.caffeine.cache.Ticker;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Remembers who has guessed at passwords, and has the workers that check them. One serves all
 * relays and protocols of a process, so whoever is banned at one is banned at all. Thread-safe.
 *
 * <p>Bound: 64 checks wait; the tables of failures are bounded too, and beyond that forget what was
 * used least.
 */
public final class LoginGuard {

  private static final String POOL = "stagepost-auth";

  // Each of them may use 64 MiB for Argon2id.
  private static final int WORKERS = 4;
  private static final int MOST_WAITING = 64;

  private final Vertx vertx;
  private final Throttle throttle = new Throttle(Ticker.systemTicker());
  private final WorkerExecutor workers;
  private final AtomicInteger waiting = new AtomicInteger();

  private LoginGuard(Vertx vertx) {
    this.vertx = vertx;
    this.workers = vertx.createSharedWorkerExecutor(POOL, WORKERS);
  }

  /** One that remembers nothing yet. */
  public static LoginGuard create(Vertx vertx) {
    return new LoginGuard(vertx);
  }

  /** Lets go of the workers. */
  public Future<Void> close() {
    return workers.close();
  }

  Throttle throttle() {
    return throttle;
  }

  /** Runs what blocks; fails when too many wait already. */
  <T> Future<T> blocking(Callable<T> work) {
    if (waiting.incrementAndGet() > MOST_WAITING) {
      waiting.decrementAndGet();
      return Future.failedFuture("too many wait for authentication");
    }
    return workers.executeBlocking(work, false).onComplete(done -> waiting.decrementAndGet());
  }

  /** Looks at a file in the background; takes no place from those who wait. */
  void look(WatchedFile<?> file) {
    workers.executeBlocking(
        () -> {
          file.refresh();
          return file;
        },
        false);
  }

  /** Lets time pass. */
  Future<Void> pause(Duration time) {
    return vertx.timer(time.toMillis(), TimeUnit.MILLISECONDS).mapEmpty();
  }
}
