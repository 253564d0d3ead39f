package io.stagepost.admin.webhook;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;

/**
 * One request to a receiver, sent until it is taken or given up.
 *
 * @param id the same at each attempt: what receivers know repeats by
 * @param type of the event, or {@code batch}
 * @param events how many it holds
 * @param created when it was first to be sent
 * @param next when it is sent again, if it is
 */
record Delivery(
    String id,
    String relay,
    String type,
    int events,
    Instant created,
    State state,
    int attempts,
    Optional<Instant> next,
    Optional<Outcome> last) {

  /** Where it is in its life. */
  enum State {
    /** To be sent, or sent again. */
    PENDING,
    /** Taken. */
    DELIVERED,
    /** Given up: kept until somebody has it sent again, or the hook goes. */
    DEAD;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** One that is still to be sent for the first time. */
  static Delivery of(String id, String relay, String type, int events, Instant now) {
    return new Delivery(
        id, relay, type, events, millis(now), State.PENDING, 0, Optional.empty(), Optional.empty());
  }

  Delivery delivered(Outcome outcome) {
    return after(State.DELIVERED, Optional.empty(), outcome);
  }

  Delivery dead(Outcome outcome) {
    return after(State.DEAD, Optional.empty(), outcome);
  }

  Delivery again(Instant when, Outcome outcome) {
    return after(State.PENDING, Optional.of(when), outcome);
  }

  private Delivery after(State reached, Optional<Instant> when, Outcome outcome) {
    return new Delivery(
        id, relay, type, events, created, reached, attempts + 1, when, Optional.of(outcome));
  }

  /** To be sent at that time whatever it was before. */
  Delivery due(Instant when) {
    return new Delivery(
        id, relay, type, events, created, State.PENDING, attempts, Optional.of(when), last);
  }

  /** The same with its time of retries begun anew. */
  Delivery revived(Instant now) {
    return new Delivery(
        id, relay, type, events, millis(now), State.PENDING, attempts, Optional.of(now), last);
  }

  // So that the order is that of cursors.
  private static Instant millis(Instant time) {
    return time.truncatedTo(ChronoUnit.MILLIS);
  }

  JsonObject toJson() {
    JsonObject json =
        new JsonObject()
            .put("id", id)
            .put("relay", relay)
            .put("type", type)
            .put("events", events)
            .put("created", created.toString())
            .put("state", state.word())
            .put("attempts", attempts);
    next.ifPresent(time -> json.put("next", time.toString()));
    last.ifPresent(outcome -> json.put("last", outcome.toJson()));
    return json;
  }

  static Delivery ofJson(JsonObject json) {
    return new Delivery(
        json.getString("id"),
        json.getString("relay"),
        json.getString("type"),
        json.getInteger("events"),
        Instant.parse(json.getString("created")),
        State.valueOf(json.getString("state").toUpperCase(Locale.ROOT)),
        json.getInteger("attempts"),
        Optional.ofNullable(json.getString("next")).map(Instant::parse),
        Optional.ofNullable(json.getJsonObject("last")).map(Outcome::ofJson));
  }
}
