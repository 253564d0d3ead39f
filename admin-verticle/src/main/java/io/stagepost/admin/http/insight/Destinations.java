package io.stagepost.admin.http.insight;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How it goes with the domains of recipients, for the last hour in slots of five minutes. At most
 * 1,000 domains; others are not counted while there are so many. On one context.
 */
final class Destinations {

  private static final int MOST = 1_000;
  private static final int MOST_SHOWN = 100;
  private static final int SLOTS = 12;
  private static final long SLOT_MILLIS = 300_000;

  private final Map<String, Slots> byDomain = new HashMap<>();

  /** What became of a message. */
  enum Outcome {
    FORWARDED,
    DEFERRED,
    FAILED
  }

  private static final class Slots {

    private final long[] slots = new long[SLOTS];
    private final Map<Outcome, int[]> counts = new EnumMap<>(Outcome.class);
    private final double[] seconds = new double[SLOTS];
    private final int[] timed = new int[SLOTS];
    private final double[] slowest = new double[SLOTS];

    private Slots() {
      for (Outcome outcome : Outcome.values()) {
        counts.put(outcome, new int[SLOTS]);
      }
    }

    private int[] of(Outcome outcome) {
      return counts.getOrDefault(outcome, new int[SLOTS]);
    }

    private int slot(long now) {
      long number = now / SLOT_MILLIS;
      int at = (int) (number % SLOTS);
      if (slots[at] != number) {
        slots[at] = number;
        for (int[] each : counts.values()) {
          each[at] = 0;
        }
        seconds[at] = 0;
        timed[at] = 0;
        slowest[at] = 0;
      }
      return at;
    }

    private boolean isCurrent(int at, long now) {
      return slots[at] > now / SLOT_MILLIS - SLOTS;
    }

    private int sum(Outcome outcome, long now) {
      int sum = 0;
      for (int i = 0; i < SLOTS; i++) {
        sum += isCurrent(i, now) ? of(outcome)[i] : 0;
      }
      return sum;
    }

    private int total(long now) {
      int total = 0;
      for (Outcome outcome : Outcome.values()) {
        total += sum(outcome, now);
      }
      return total;
    }
  }

  /**
   * Notes an outcome.
   *
   * @param seconds since the arrival, negative when not known
   */
  void note(String address, Outcome outcome, double seconds, long now) {
    String domain = domain(address);
    Slots slots = byDomain.get(domain);
    if (slots == null) {
      if (byDomain.size() >= MOST) {
        forgetQuiet(now);
      }
      if (byDomain.size() >= MOST) {
        return;
      }
      slots = new Slots();
      byDomain.put(domain, slots);
    }
    int at = slots.slot(now);
    slots.of(outcome)[at]++;
    if (seconds >= 0) {
      slots.seconds[at] += seconds;
      slots.timed[at]++;
      slots.slowest[at] = Math.max(slots.slowest[at], seconds);
    }
  }

  /** The domain of an address, in lower case. */
  static String domain(String address) {
    return address.substring(address.lastIndexOf('@') + 1).toLowerCase(Locale.ROOT);
  }

  private void forgetQuiet(long now) {
    for (Iterator<Slots> all = byDomain.values().iterator(); all.hasNext(); ) {
      if (all.next().total(now) == 0) {
        all.remove();
      }
    }
  }

  /** Those with most outcomes, the slowest first. */
  JsonArray toJson(long now) {
    List<JsonObject> most =
        byDomain.entrySet().stream()
            .filter(each -> each.getValue().total(now) > 0)
            .sorted(
                Comparator.comparingInt(
                        (Map.Entry<String, Slots> each) -> each.getValue().total(now))
                    .reversed())
            .limit(MOST_SHOWN)
            .map(each -> json(each.getKey(), each.getValue(), now))
            .sorted(
                Comparator.comparingDouble((JsonObject json) -> json.getDouble("seconds", 0.0))
                    .reversed())
            .toList();
    return new JsonArray(most);
  }

  private static JsonObject json(String domain, Slots slots, long now) {
    JsonObject json = JsonObject.of("domain", domain);
    for (Outcome outcome : Outcome.values()) {
      json.put(outcome.name().toLowerCase(Locale.ROOT), slots.sum(outcome, now));
    }
    double seconds = 0;
    double slowest = 0;
    int timed = 0;
    for (int i = 0; i < SLOTS; i++) {
      if (slots.isCurrent(i, now)) {
        seconds += slots.seconds[i];
        timed += slots.timed[i];
        slowest = Math.max(slowest, slots.slowest[i]);
      }
    }
    if (timed > 0) {
      json.put("seconds", seconds / timed).put("slowest", slowest);
    }
    return json;
  }
}
