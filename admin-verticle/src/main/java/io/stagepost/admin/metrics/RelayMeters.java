package io.stagepost.admin.metrics;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.stagepost.admin.queue.QueueDesk;
import io.stagepost.admin.queue.QueueItem;
import io.stagepost.bus.BusAddresses;
import io.stagepost.bus.DeliveryEvent;
import io.stagepost.events.RelayStore;
import io.stagepost.spool.Spool.State;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.json.JsonObject;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The numbers of one relay: what its events say, and what is in its queue. When messages were
 * accepted is remembered for the last 200,000; others have it in their ids, to the second.
 */
final class RelayMeters {

  private static final int MOST_REMEMBERED = 200_000;
  private static final int MOST_LOOKED_AT = 2_000;
  private static final int MOST_DESTINATIONS = 20;
  private static final String OTHER = "other";
  private static final List<State> WAITING = List.of(State.READY, State.DEFERRED, State.FAILED);

  private final String relay;
  private final QueueDesk queue;
  private final Timer delivery;
  private final MultiGauge destinations;
  private final Map<String, Counter> counters = new HashMap<>();
  private final Cache<String, Instant> accepted =
      Caffeine.newBuilder().maximumSize(MOST_REMEMBERED).executor(Runnable::run).build();
  private final MessageConsumer<JsonObject> consumer;

  RelayMeters(Vertx vertx, Meters meters, String relay, RelayStore store, QueueDesk queue) {
    this.relay = relay;
    this.queue = queue;
    for (DeliveryEvent.Type type : DeliveryEvent.Type.values()) {
      counters.put(type.wireName(), meters.events(relay, type.wireName()));
    }
    this.delivery = meters.delivery(relay);
    for (State state : State.values()) {
      Gauge.builder("stagepost.queue.messages", () -> store.spool().count(state))
          .description("Messages in the spool")
          .tag("relay", relay)
          .tag("state", QueueItem.name(state))
          .strongReference(true)
          .register(meters.registry());
    }
    FunctionCounter.builder("stagepost.events.lost", store.events(), log -> (double) log.lost())
        .description("Events that could not be written into the log")
        .tag("relay", relay)
        .register(meters.registry());
    this.destinations =
        MultiGauge.builder("stagepost.queue.destination.messages")
            .description(
                "Of the first 2,000 messages in each state, by the first recipient's domain")
            .register(meters.registry());
    this.consumer =
        vertx
            .eventBus()
            .consumer(new BusAddresses(relay).deliveryEvents(), message -> count(message.body()));
  }

  private void count(JsonObject event) {
    String type = event.getString("type", "");
    String id = event.getString("id", "");
    Counter counter = counters.get(type);
    if (counter != null) {
      counter.increment();
    }
    if (type.equals(DeliveryEvent.Type.RECEIVED.wireName())) {
      time(event).ifPresent(when -> accepted.put(id, when));
    } else if (type.equals(DeliveryEvent.Type.FORWARDED.wireName())) {
      Optional<Instant> begun = Optional.ofNullable(accepted.getIfPresent(id)).or(() -> ofId(id));
      Optional<Instant> ended = time(event);
      if (begun.isPresent() && ended.isPresent()) {
        Duration took = Duration.between(begun.get(), ended.get());
        delivery.record(took.isNegative() ? Duration.ZERO : took);
      }
    }
  }

  private static Optional<Instant> time(JsonObject event) {
    try {
      return Optional.of(Instant.parse(event.getString("time", "")));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  // As in emailrelay.1259.1795224783.1.
  private static Optional<Instant> ofId(String id) {
    String[] parts = id.split("\\.");
    return parts.length == 4 && parts[2].matches("[0-9]{9,11}")
        ? Optional.of(Instant.ofEpochSecond(Long.parseLong(parts[2])))
        : Optional.empty();
  }

  /** Looks at the queue. */
  Future<List<Row<?>>> scan() {
    List<Row<?>> rows = new ArrayList<>();
    Future<Void> done = Future.succeededFuture();
    for (State state : WAITING) {
      done =
          done.compose(v -> scan(state, Optional.empty(), new HashMap<>(), 0))
              .onSuccess(counts -> rows.addAll(rows(state, counts)))
              .mapEmpty();
    }
    return done.map(rows);
  }

  private Future<Map<String, Integer>> scan(
      State state, Optional<String> after, Map<String, Integer> counts, int seen) {
    return queue
        .list(state, after, QueueDesk.LARGEST_PAGE)
        .compose(
            page -> {
              page.items().forEach(item -> counts.merge(domain(item), 1, Integer::sum));
              int all = seen + page.items().size();
              return page.next().isEmpty() || all >= MOST_LOOKED_AT
                  ? Future.succeededFuture(counts)
                  : scan(state, page.next(), counts, all);
            });
  }

  private static String domain(QueueItem item) {
    String first = item.to().isEmpty() ? "" : item.to().getFirst();
    return first.substring(first.lastIndexOf('@') + 1).toLowerCase(Locale.ROOT);
  }

  private List<Row<?>> rows(State state, Map<String, Integer> counts) {
    List<Map.Entry<String, Integer>> sorted = new ArrayList<>(counts.entrySet());
    sorted.sort(Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder()));
    Map<String, Integer> shown = new HashMap<>();
    for (int i = 0; i < sorted.size(); i++) {
      String name = i < MOST_DESTINATIONS ? sorted.get(i).getKey() : OTHER;
      shown.merge(name, sorted.get(i).getValue(), Integer::sum);
    }
    List<Row<?>> rows = new ArrayList<>();
    shown.forEach(
        (domain, count) ->
            rows.add(
                Row.of(
                    Tags.of("relay", relay, "state", QueueItem.name(state), "destination", domain),
                    count)));
    return rows;
  }

  /** Shows what was found. */
  void show(List<Row<?>> rows) {
    destinations.register(rows, true);
  }

  Future<Void> close() {
    return consumer.unregister();
  }
}
