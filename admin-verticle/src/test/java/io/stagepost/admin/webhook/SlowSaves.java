package io.stagepost.admin.webhook;

import static io.stagepost.spool.Await.await;
import static io.stagepost.spool.Await.until;

import io.stagepost.bus.DeliveryEvent;
import io.stagepost.events.Cursor;
import io.stagepost.events.EventLog;
import io.stagepost.events.EventPage;
import io.stagepost.spool.MessageId;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Supplier;

/** An event log on a disk that takes as long to save a cursor as a test wants it to. */
final class SlowSaves implements EventLog {

  private record Save(Supplier<Future<Void>> job, Context context, Promise<Void> done) {}

  private final EventLog log;
  private final Queue<Save> held = new ArrayDeque<>();
  private boolean holding;

  SlowSaves(EventLog log) {
    this.log = log;
  }

  /** From now on none comes to its end. */
  synchronized void hold() {
    holding = true;
  }

  /** Waits until one has begun that doesn't come to its end. */
  void awaitOne() {
    until(this::hasOne);
  }

  private synchronized boolean hasOne() {
    return !held.isEmpty();
  }

  /** Brings all to their end, and holds none any more. */
  synchronized void release() {
    holding = false;
    for (Save save : held) {
      Future<Void> saved = save.job().get();
      await(saved);
      save.context().runOnContext(v -> save.done().complete());
    }
    held.clear();
  }

  @Override
  public synchronized Future<Void> save(String consumer, Cursor cursor) {
    if (!holding) {
      return log.save(consumer, cursor);
    }
    Promise<Void> done = Promise.promise();
    Context caller = Objects.requireNonNull(Vertx.currentContext());
    held.add(new Save(() -> log.save(consumer, cursor), caller, done));
    return done.future();
  }

  @Override
  public Future<Void> open() {
    return log.open();
  }

  @Override
  public Future<Void> append(DeliveryEvent event, Fate message) {
    return log.append(event, message);
  }

  @Override
  public Future<Void> room() {
    return log.room();
  }

  @Override
  public Future<EventPage> read(Cursor after, int limit) {
    return log.read(after, limit);
  }

  @Override
  public Future<EventPage> newest(int limit) {
    return log.newest(limit);
  }

  @Override
  public Future<Cursor> end() {
    return log.end();
  }

  @Override
  public Future<List<JsonObject>> trace(MessageId id) {
    return log.trace(id);
  }

  @Override
  public Subscription onAppend(Runnable listener) {
    return log.onAppend(listener);
  }

  @Override
  public Future<Optional<Cursor>> saved(String consumer) {
    return log.saved(consumer);
  }

  @Override
  public Future<Void> forget(String consumer) {
    return log.forget(consumer);
  }

  @Override
  public long lost() {
    return log.lost();
  }

  @Override
  public Future<Void> close() {
    return log.close();
  }
}
