package io.stagepost.admin.http.insight;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.stagepost.admin.http.ManagedRelay;
import io.stagepost.admin.http.insight.Destinations.Outcome;
import io.stagepost.bus.BusAddresses;
import io.stagepost.bus.DeliveryEvent;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Counts what happens to a relay's messages, from its start on. On one context. */
public final class Tally {

  private static final long LOOK_MILLIS = 1_000;
  private static final int MOST_UNDER_WAY = 50_000;

  private final Vertx vertx;
  private final ManagedRelay relay;
  private final Instant started = Instant.now();
  private final Map<DeliveryEvent.Type, Long> counts = new EnumMap<>(DeliveryEvent.Type.class);
  private final Series series = new Series(System.currentTimeMillis());
  private final Destinations destinations = new Destinations();
  private final Cache<String, UnderWay> underWay =
      Caffeine.newBuilder()
          .maximumSize(MOST_UNDER_WAY)
          .expireAfterWrite(Duration.ofHours(1))
          .executor(Runnable::run)
          .build();
  private @Nullable MessageConsumer<JsonObject> consumer;
  private long timer = -1;

  private record UnderWay(long arrived, String to) {}

  Tally(Vertx vertx, ManagedRelay relay) {
    this.vertx = vertx;
    this.relay = relay;
    for (DeliveryEvent.Type type : DeliveryEvent.Type.values()) {
      counts.put(type, 0L);
    }
  }

  void open() {
    consumer =
        vertx
            .eventBus()
            .consumer(new BusAddresses(relay.name()).deliveryEvents(), m -> happened(m.body()));
    look();
    timer = vertx.setPeriodic(LOOK_MILLIS, t -> look());
  }

  void close() {
    vertx.cancelTimer(timer);
    if (consumer != null) {
      consumer.unregister();
    }
  }

  private void look() {
    series.queue(relay.queue().counts(), System.currentTimeMillis());
  }

  private void happened(JsonObject event) {
    DeliveryEvent.Type.ofWireName(event.getString("type", ""))
        .ifPresent(type -> happened(event, type));
  }

  private void happened(JsonObject event, DeliveryEvent.Type type) {
    long now = System.currentTimeMillis();
    counts.merge(type, 1L, Long::sum);
    series.count(type, now);
    String id = event.getString("id", "");
    switch (type) {
      case RECEIVED -> underWay.put(id, new UnderWay(now, first(event).orElse("")));
      case FORWARDED -> outcome(event, Outcome.FORWARDED, id, now);
      case DEFERRED -> outcome(event, Outcome.DEFERRED, id, now);
      case FAILED -> outcome(event, Outcome.FAILED, id, now);
      case DELETED -> underWay.invalidate(id);
      default -> {}
    }
  }

  private void outcome(JsonObject event, Outcome outcome, String id, long now) {
    Optional<UnderWay> known = Optional.ofNullable(underWay.getIfPresent(id));
    String to = first(event).or(() -> known.map(UnderWay::to)).orElse("");
    if (to.isEmpty()) {
      return;
    }
    double seconds =
        outcome == Outcome.FORWARDED
            ? known.map(arrival -> (now - arrival.arrived()) / 1_000.0).orElse(-1.0)
            : -1.0;
    destinations.note(to, outcome, seconds, now);
    if (outcome != Outcome.DEFERRED) {
      underWay.invalidate(id);
    }
  }

  private static Optional<String> first(JsonObject event) {
    return switch (event.getValue("to")) {
      case JsonArray to when !to.isEmpty() -> Optional.of(String.valueOf(to.getValue(0)));
      case List<?> to when !to.isEmpty() -> Optional.of(String.valueOf(to.getFirst()));
      case String to -> Optional.of(to);
      case null, default -> Optional.empty();
    };
  }

  JsonObject statistics() {
    long now = System.currentTimeMillis();
    JsonObject events = new JsonObject();
    counts.forEach((type, count) -> events.put(type.wireName(), count));
    return new JsonObject()
        .put("relay", relay.name())
        .put("started", started.toString())
        .put("events", events)
        .put("lastMinute", series.recent(60, now))
        .put("lastHour", series.recent(3_600, now));
  }

  JsonObject series(int minutes) {
    return series.toJson(minutes, System.currentTimeMillis());
  }

  JsonArray destinations() {
    return destinations.toJson(System.currentTimeMillis());
  }
}
