package io.stagepost.pop.maildrop;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The threads that read maildrops, shared by all POP servers of the process. Each session has at
 * most one or two calls waiting, so that their number is bounded by that of the sessions.
 */
public final class MaildropWorkers {

  private static final String NAME = "stagepost-pop";
  private static final int THREADS = 16;

  private final WorkerExecutor executor;

  /** Threads are made when they are needed. */
  public MaildropWorkers(Vertx vertx) {
    executor = vertx.createSharedWorkerExecutor(NAME, THREADS, 5, TimeUnit.MINUTES);
  }

  /** Runs a disk call; the future completes on the caller's context. */
  public <T extends @Nullable Object> Future<T> run(Callable<T> job) {
    return executor.executeBlocking(job, false);
  }

  /** Ends the threads when nobody uses them any more. */
  public Future<Void> close() {
    return executor.close();
  }
}
