package io.stagepost.events;

import io.stagepost.bus.DeliveryEvent;
import io.stagepost.spool.MessageId;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;

/** The log of a relay that has been told to keep none. */
final class NoEventLog implements EventLog {

  static final EventLog INSTANCE = new NoEventLog();

  private NoEventLog() {}

  @Override
  public Future<Void> open() {
    return Future.succeededFuture();
  }

  @Override
  public Future<Void> append(DeliveryEvent event, Fate message) {
    return Future.succeededFuture();
  }

  @Override
  public Future<Void> room() {
    return Future.succeededFuture();
  }

  @Override
  public Future<EventPage> read(Cursor after, int limit) {
    return Future.succeededFuture(new EventPage(List.of(), after, List.of()));
  }

  @Override
  public Future<EventPage> newest(int limit) {
    return Future.succeededFuture(new EventPage(List.of(), Cursor.START, List.of()));
  }

  @Override
  public Future<Cursor> end() {
    return Future.succeededFuture(Cursor.START);
  }

  @Override
  public Future<List<JsonObject>> trace(MessageId id) {
    return Future.succeededFuture(List.of());
  }

  @Override
  public Subscription onAppend(Runnable listener) {
    return () -> {};
  }

  @Override
  public Future<Void> save(String consumer, Cursor cursor) {
    return Future.succeededFuture();
  }

  @Override
  public Future<Optional<Cursor>> saved(String consumer) {
    return Future.succeededFuture(Optional.empty());
  }

  @Override
  public Future<Void> forget(String consumer) {
    return Future.succeededFuture();
  }

  @Override
  public long lost() {
    return 0;
  }

  @Override
  public Future<Void> close() {
    return Future.succeededFuture();
  }
}
