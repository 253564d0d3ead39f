package io.stagepost.forwarder;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.function.Supplier;

/** Repeats an asynchronous step. */
final class Loop {

  /** Whether there is more to do. */
  enum Next {
    AGAIN,
    DONE
  }

  private final Supplier<Future<Next>> step;
  private final Promise<Void> end = Promise.promise();

  private Loop(Supplier<Future<Next>> step) {
    this.step = step;
  }

  /**
   * Repeats a step until it is done or fails. Composing futures instead would take stack and memory
   * for each turn.
   */
  static Future<Void> repeat(Supplier<Future<Next>> step) {
    Loop loop = new Loop(step);
    loop.run();
    return loop.end.future();
  }

  private void run() {
    Future<Next> turn = step.get();
    while (turn.succeeded() && turn.result() == Next.AGAIN) {
      turn = step.get();
    }
    turn.onComplete(
        result -> {
          if (result.failed()) {
            end.fail(result.cause());
          } else if (result.result() == Next.DONE) {
            end.complete();
          } else {
            run();
          }
        });
  }
}
