package io.stagepost.spool.file;

import io.stagepost.spool.SpoolException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads that make disk calls. At most 100,000 calls wait for one; further ones fail, which
 * clients see as a temporary failure.
 */
final class SpoolWorkers {

  private static final AtomicInteger INSTANCES = new AtomicInteger();
  private static final int LIMIT = 100_000;

  private final WorkerExecutor executor;
  private final AtomicInteger waiting = new AtomicInteger();

  /** A disk call. */
  interface Job<T> {
    T run() throws IOException;
  }

  SpoolWorkers(Vertx vertx, int threads) {
    String name = "stagepost-spool-" + INSTANCES.incrementAndGet();
    this.executor = vertx.createSharedWorkerExecutor(name, threads, 5, TimeUnit.MINUTES);
  }

  /** Runs a job; the future completes on the caller's context. */
  <T> Future<T> run(Job<T> job) {
    if (waiting.incrementAndGet() > LIMIT) {
      waiting.decrementAndGet();
      return Future.failedFuture(
          new SpoolException.Io("too many disk calls waiting", new IOException("queue full")));
    }
    return executor.executeBlocking(() -> call(job), false);
  }

  private <T> T call(Job<T> job) {
    try {
      return job.run();
    } catch (IOException e) {
      throw SpoolFailures.of(e);
    } finally {
      waiting.decrementAndGet();
    }
  }

  Future<Void> close() {
    return executor.close();
  }
}
