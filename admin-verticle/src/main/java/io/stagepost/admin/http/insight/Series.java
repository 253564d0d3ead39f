package io.stagepost.admin.http.insight;

import io.stagepost.admin.queue.QueueItem;
import io.stagepost.bus.DeliveryEvent;
import io.stagepost.spool.Spool.State;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Map;

/** An hour of numbers in steps of ten seconds, in a ring of fixed size. On one context. */
final class Series {

  /** Seconds of a step. */
  static final int STEP = 10;

  private static final int STEPS = 3_600 / STEP;

  private final int[][] events = new int[DeliveryEvent.Type.values().length][STEPS];
  private final long[][] queue = new long[State.values().length][STEPS];
  private long newest;

  Series(long nowMillis) {
    newest = step(nowMillis);
  }

  private static long step(long millis) {
    return millis / 1_000 / STEP;
  }

  private int advance(long nowMillis) {
    long now = Math.max(newest, step(nowMillis));
    for (long each = Math.max(newest + 1, now - STEPS + 1); each <= now; each++) {
      int at = (int) (each % STEPS);
      int before = (int) ((each + STEPS - 1) % STEPS);
      for (int[] counts : events) {
        counts[at] = 0;
      }
      for (long[] counts : queue) {
        counts[at] = counts[before];
      }
    }
    newest = now;
    return (int) (now % STEPS);
  }

  void count(DeliveryEvent.Type type, long nowMillis) {
    events[type.ordinal()][advance(nowMillis)]++;
  }

  void queue(Map<State, Long> counts, long nowMillis) {
    int at = advance(nowMillis);
    counts.forEach((state, count) -> queue[state.ordinal()][at] = count);
  }

  /** How many events of each type within the last seconds. */
  JsonObject recent(int seconds, long nowMillis) {
    advance(nowMillis);
    int steps = Math.clamp(seconds / STEP, 1, STEPS);
    JsonObject json = new JsonObject();
    for (DeliveryEvent.Type type : DeliveryEvent.Type.values()) {
      long sum = 0;
      for (long each = newest - steps + 1; each <= newest; each++) {
        sum += events[type.ordinal()][(int) (each % STEPS)];
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
        list.add(events[type.ordinal()][(int) (each % STEPS)]);
      }
      byType.put(type.wireName(), list);
    }
    JsonObject byState = new JsonObject();
    for (State state : State.values()) {
      JsonArray list = new JsonArray();
      for (long each = newest - steps + 1; each <= newest; each++) {
        list.add(queue[state.ordinal()][(int) (each % STEPS)]);
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
