package io.stagepost.admin.http.insight;

import io.stagepost.admin.http.ManagedRelay;
import io.stagepost.admin.http.queue.QueueApi;
import io.stagepost.events.Cursor;
import io.stagepost.events.EventPage;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Shows the event log of a relay to any number of streams. It is read once for all of them, four
 * times a second and 100 events at a time: where more happens than anybody could follow, the rest
 * is left out, and the streams are told. Who wants every single event reads the log itself.
 *
 * <p>On one context.
 */
final class EventFeed {

  private static final long TICK_MILLIS = 250;
  private static final int MOST = 100;
  private static final int MOST_RESUMED = 5_000;
  private static final int TICKS_PER_COUNT = 4;

  private final Vertx vertx;
  private final ManagedRelay relay;
  private final Set<Subscriber> subscribers = new LinkedHashSet<>();
  private Cursor cursor = Cursor.START;
  private JsonObject counted = new JsonObject();
  private boolean reading;
  private long ticks;
  private long timer = -1;

  EventFeed(Vertx vertx, ManagedRelay relay) {
    this.vertx = vertx;
    this.relay = relay;
  }

  private static final class Subscriber {
    private final EventStream stream;
    private final Set<String> types;
    private Cursor seen;
    private int resumed;
    private boolean catchingUp;

    private Subscriber(EventStream stream, Set<String> types, Cursor seen, boolean catchingUp) {
      this.stream = stream;
      this.types = types;
      this.seen = seen;
      this.catchingUp = catchingUp;
    }

    private boolean wants(JsonObject event) {
      return types.isEmpty() || types.contains(event.getString("type", ""));
    }
  }

  /** Ends a subscription. */
  interface Subscription {
    void cancel();
  }

  /** Gets ready to show all that happens once this completes. */
  Future<Void> ready() {
    if (timer >= 0) {
      return Future.succeededFuture();
    }
    return relay
        .store()
        .events()
        .end()
        .map(
            end -> {
              if (timer < 0) {
                cursor = end;
                run();
              }
              return null;
            });
  }

  private void run() {
    if (timer < 0) {
      timer = vertx.setPeriodic(TICK_MILLIS, t -> tick());
    }
  }

  /**
   * Shows it what happens after {@link #ready}.
   *
   * @param types of events; empty for all
   * @param after where it goes on, if it was here before
   */
  Subscription subscribe(EventStream stream, Set<String> types, Optional<Cursor> after) {
    run(); // the last of the others may have left meanwhile
    Subscriber one = new Subscriber(stream, types, after.orElse(cursor), after.isPresent());
    subscribers.add(one);
    stream.write(EventStream.encode(Optional.empty(), "queue", QueueApi.counts(relay)));
    return () -> leave(one);
  }

  private void leave(Subscriber one) {
    subscribers.remove(one);
    if (subscribers.isEmpty()) {
      close();
    }
  }

  void close() {
    vertx.cancelTimer(timer);
    timer = -1;
    List.copyOf(subscribers).forEach(one -> one.stream.close());
  }

  private void tick() {
    ticks++;
    if (ticks % TICKS_PER_COUNT == 0) {
      tellCounts();
    }
    if (reading) {
      return;
    }
    reading = true;
    relay
        .store()
        .events()
        .read(cursor, MOST)
        .compose(this::show)
        .onComplete(done -> reading = false);
  }

  private void tellCounts() {
    JsonObject now = QueueApi.counts(relay);
    if (!now.equals(counted)) {
      counted = now;
      Buffer encoded = EventStream.encode(Optional.empty(), "queue", now);
      each(one -> one.stream.write(encoded));
    }
  }

  private void each(java.util.function.Consumer<Subscriber> action) {
    for (Subscriber one : List.copyOf(subscribers)) {
      if (one.stream.isReady()) {
        action.accept(one);
      }
    }
  }

  // When more happens than anybody could look at, it goes on with what happens now.
  private Future<Void> show(EventPage page) {
    return page.entries().size() < MOST
        ? Future.succeededFuture(show(page, page.next()))
        : relay.store().events().end().map(end -> show(page, end));
  }

  private @Nullable Void show(EventPage page, Cursor end) {
    List<Shown> shown = new ArrayList<>();
    Buffer all = Buffer.buffer();
    for (EventPage.Entry entry : page.entries()) {
      Buffer encoded = encode(entry);
      shown.add(new Shown(entry, encoded));
      all.appendBuffer(encoded);
    }
    boolean skips = !covers(page.next(), end);
    Buffer told = skips ? skipped(page.next(), end) : Buffer.buffer();
    all.appendBuffer(told);
    Cursor before = cursor;
    cursor = skips ? end : page.next();
    for (Subscriber one : List.copyOf(subscribers)) {
      if (!one.stream.isReady()) {
        // It goes on from where it is when it can.
        one.catchingUp = true;
      } else if (one.catchingUp) {
        catchUp(one);
      } else if (!shown.isEmpty()) {
        send(one, shown, told, one.seen.equals(before) ? Optional.of(all) : Optional.empty());
      }
    }
    return null;
  }

  private static Buffer skipped(Cursor after, Cursor end) {
    return EventStream.encode(
        Optional.of(end.toString()), "skipped", JsonObject.of("after", after.toString()));
  }

  private record Shown(EventPage.Entry entry, Buffer encoded) {}

  private static Buffer encode(EventPage.Entry entry) {
    return EventStream.encode(Optional.of(entry.cursor().toString()), "", entry.event());
  }

  // One write for each stream: with hundreds of them, writing is what costs.
  private void send(Subscriber one, List<Shown> shown, Buffer told, Optional<Buffer> all) {
    if (one.types.isEmpty() && all.isPresent()) {
      one.stream.write(all.get());
    } else {
      Buffer some = Buffer.buffer();
      shown.stream()
          .filter(each -> one.wants(each.entry().event()))
          .filter(each -> !covers(one.seen, each.entry().cursor()))
          .forEach(each -> some.appendBuffer(each.encoded()));
      some.appendBuffer(told);
      if (some.length() > 0) {
        one.stream.write(some);
      }
    }
    one.seen = cursor;
  }

  private static boolean covers(Cursor seen, Cursor other) {
    for (Map.Entry<String, Long> position : other.positions().entrySet()) {
      if (seen.positions().getOrDefault(position.getKey(), 0L) < position.getValue()) {
        return false;
      }
    }
    return true;
  }

  private void catchUp(Subscriber one) {
    if (covers(one.seen, cursor)) {
      one.catchingUp = false;
      one.resumed = 0;
      return;
    }
    if (one.resumed >= MOST_RESUMED) {
      one.stream.write(lost());
      one.seen = cursor;
      one.catchingUp = false;
      one.resumed = 0;
      return;
    }
    relay
        .store()
        .events()
        .read(one.seen, MOST)
        .onSuccess(page -> resume(one, page))
        .onFailure(e -> one.stream.close());
  }

  private void resume(Subscriber one, EventPage page) {
    if (!page.lost().isEmpty()) {
      one.stream.write(lost());
    }
    Buffer some = Buffer.buffer();
    for (EventPage.Entry entry : page.entries()) {
      if (one.wants(entry.event()) && !covers(one.seen, entry.cursor())) {
        some.appendBuffer(encode(entry));
      }
    }
    if (some.length() > 0) {
      one.stream.write(some);
    }
    one.resumed += page.entries().size();
    one.seen = page.next();
  }

  private static Buffer lost() {
    return EventStream.encode(
        Optional.empty(), "lost", JsonObject.of("reason", "the log does not reach back so far"));
  }
}
