package io.stagepost.spool.file;

import io.stagepost.spool.MessageId;
import io.stagepost.spool.Spool.Entry;
import io.stagepost.spool.Spool.State;
import io.stagepost.spool.file.Claiming.Found;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the envelopes that are ready at the start, so that broken ones are set aside and named in
 * the log also where nobody claims them. Looks at the first 10,000; later ones, and those that
 * break afterwards, are found when they are claimed.
 */
final class Inspection {

  private static final int MOST = 10_000;
  // Whatever else the start of the process has to do comes first.
  private static final long BEGIN_MILLIS = 1_000;
  // An envelope that may still be being written is put off for two seconds.
  private static final Duration PUT_OFF = Duration.ofSeconds(3);

  private final Vertx vertx;
  private final SpoolStore store;
  private final SpoolWorkers workers;
  private final Claiming claiming;
  private volatile long timer = -1;
  private volatile boolean closed;

  Inspection(Vertx vertx, SpoolStore store, SpoolWorkers workers, Claiming claiming) {
    this.vertx = vertx;
    this.store = store;
    this.workers = workers;
    this.claiming = claiming;
  }

  void begin() {
    timer =
        vertx.setTimer(
            BEGIN_MILLIS, t -> inspect(firstReady()).onSuccess(this::inspectOnceMoreWhenSettled));
  }

  void close() {
    closed = true;
    vertx.cancelTimer(timer);
  }

  private List<MessageId> firstReady() {
    return store.index().list(State.READY, null, MOST).stream().map(Entry::id).toList();
  }

  private void inspectOnceMoreWhenSettled(List<MessageId> unsettled) {
    if (!unsettled.isEmpty() && !closed) {
      Duration wait = store.options().times().settle().plus(PUT_OFF);
      timer = vertx.setTimer(wait.toMillis(), t -> inspect(unsettled));
    }
  }

  /** Tells those that may still be being written. */
  private Future<List<MessageId>> inspect(List<MessageId> ids) {
    return workers.run(
        () -> {
          List<MessageId> unsettled = new ArrayList<>();
          for (MessageId id : ids) {
            if (!closed && isUnsettled(id)) {
              unsettled.add(id);
            }
          }
          return unsettled;
        });
  }

  private boolean isUnsettled(MessageId id) {
    try {
      return store.index().state(id.value()) == State.READY
          && claiming.inspect(id) == Found.UNSETTLED;
    } catch (IOException | RuntimeException e) {
      SpoolStore.LOG.debug("spool: {} not inspected: {}", id, e.toString());
      return false;
    }
  }
}
