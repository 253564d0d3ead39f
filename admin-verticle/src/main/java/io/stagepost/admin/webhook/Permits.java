package io.stagepost.admin.webhook;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Supplier;

/** Has only so many things done at once; others wait for their turn. On one context. */
final class Permits {

  private final Queue<Promise<Void>> waiting = new ArrayDeque<>();
  private int free;

  Permits(int most) {
    this.free = most;
  }

  /** Does it when it is its turn. */
  <T> Future<T> run(Supplier<Future<T>> job) {
    return acquire().compose(v -> job.get()).onComplete(done -> release());
  }

  private Future<Void> acquire() {
    if (free > 0) {
      free--;
      return Future.succeededFuture();
    }
    Promise<Void> turn = Promise.promise();
    waiting.add(turn);
    return turn.future();
  }

  private void release() {
    Promise<Void> next = waiting.poll();
    if (next == null) {
      free++;
    } else {
      next.complete();
    }
  }
}
