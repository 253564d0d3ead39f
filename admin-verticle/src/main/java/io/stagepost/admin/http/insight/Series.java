package io.stagepost.admin.http.insight;

import io.stagepost.admin.queue.QueueItem;
import io.stagepost.bus.DeliveryEvent;
import io.stagepost.spool.Spool.State;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;

/** An hour of numbers in steps of ten seconds, in a ring of fixed size. On one context. */
final class Series {

  /** Seconds of a step. */
  static final int STEP = 10;

  private static final int STEPS = 3_600 / STEP;

  private final Map<DeliveryEvent.Type, int[]> events = new EnumMap<>(DeliveryEvent.Type.class);
  private final Map<State, long[]> queue = new EnumMap<>(State.class);
  private long newest;

  Series(long nowMillis) {
    newest = step(nowMillis);
    for (DeliveryEvent.Type type : DeliveryEvent.Type.values()) {
      events.put(type, new int[STEPS]);
    }
    for (State state : State.values()) {
      queue.put(state, new long[STEPS]);
    }
  }

  private int[] of(DeliveryEvent.Type type) {
    return events.getOrDefault(type, new int[STEPS]);
  }

  private long[] of(State state) {
    return queue.getOrDefault(state, new long[STEPS]);
  }

  private static long step(long millis) {
    return millis / 1_000 / STEP;
  }

  private int advance(long nowMillis) {
    long now = Math.max(newest, step(nowMillis));
    for (long each = Math.max(newest + 1, now - STEPS + 1); each <= now; each++) {
      int at = (int) (each % STEPS);
      int before = (int) ((each + STEPS - 1) % STEPS);
      for (int[] counts : events.values()) {
        counts[at] = 0;
      }
      for (long[] counts : queue.values()) {
        counts[at] = counts[before];
      }
    }
    newest = now;
    return (int) (now % STEPS);
  }

  void count(DeliveryEvent.Type type, long nowMillis) {
    of(type)[advance(nowMillis)]++;
  }

  void queue(Map<State, Long> counts, long nowMillis) {
    int at = advance(nowMillis);
    counts.forEach((state, count) -> of(state)[at] = count);
  }

  /** How many events of each type within the last seconds. */
  JsonObject recent(int seconds, long nowMillis) {
    advance(nowMillis);
    int steps = Math.clamp(seconds / STEP, 1, STEPS);
    JsonObject json = new JsonObject();
    for (DeliveryEvent.Type type : DeliveryEvent.Type.values()) {
      long sum = 0;
      for (long each = newest - steps + 1; each <= newest; each++) {
        sum += of(type)[(int) (each % STEPS)];
      }
      json.put(type.wireName(), sum);
    }
    return json;
  }

  JsonObject toJson(int minutes, long nowMillis) {
    advance(nowMillis);
    int steps = Math.clamp(minutes * 60L / STEP, 1, STEPS);
    JsonArray times = new JsonArray();
    for (long each = newest - steps + 1; each <= newest; each++) {
      times.add(Instant.ofEpochSecond(each * STEP).toString());
    }
    JsonObject byType = new JsonObject();
    for (DeliveryEvent.Type type : DeliveryEvent.Type.values()) {
      JsonArray list = new JsonArray();
      for (long each = newest - steps + 1; each <= newest; each++) {
        list.add(of(type)[(int) (each % STEPS)]);
      }
      byType.put(type.wireName(), list);
    }
    JsonObject byState = new JsonObject();
    for (State state : State.values()) {
      JsonArray list = new JsonArray();
      for (long each = newest - steps + 1; each <= newest; each++) {
        list.add(of(state)[(int) (each % STEPS)]);
      }
      byState.put(QueueItem.name(state), list);
    }
    return new JsonObject()
        .put("step", STEP)
        .put("times", times)
        .put("events", byType)
        .put("queue", byState);
  }
}
