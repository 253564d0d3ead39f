package io.stagepost.forwarder;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which next hops can't be reached, and how long each is left alone: 5 seconds, then twice as long
 * after each further failure, up to 5 minutes.
 *
 * <p>Remembers 1,000 next hops; the one that failed first is forgotten for another, and is then
 * tried again too early at worst.
 */
final class HopHealth {

  private static final int MOST = 1000;
  private static final Duration FIRST = Duration.ofSeconds(5);
  private static final Duration LONGEST = Duration.ofMinutes(5);

  private record Pause(Duration length, long until) {}

  private final Map<Destination, Pause> pauses = new LinkedHashMap<>();
  private final Duration first;

  HopHealth() {
    this(FIRST);
  }

  /** With another first pause. */
  HopHealth(Duration first) {
    this.first = first;
  }

  /** Notes a failure and returns how long the next hop is to be left alone. */
  Duration failed(Destination to) {
    Pause before = pauses.get(to);
    Duration length = before == null ? first : before.length.multipliedBy(2);
    length = length.compareTo(LONGEST) > 0 ? LONGEST : length;
    pauses.put(to, new Pause(length, System.nanoTime() + length.toNanos()));
    if (pauses.size() > MOST) {
      pauses.remove(pauses.keySet().iterator().next());
    }
    return length;
  }

  /** Notes that the next hop works. */
  void works(Destination to) {
    if (!pauses.isEmpty()) {
      pauses.remove(to);
    }
  }

  /** How much longer the next hop is to be left alone; zero when it may be tried. */
  Duration pause(Destination to) {
    Pause pause = pauses.isEmpty() ? null : pauses.get(to);
    if (pause == null) {
      return Duration.ZERO;
    }
    long left = pause.until - System.nanoTime();
    return left <= 0 ? Duration.ZERO : Duration.ofNanos(left);
  }

  /** Lets all be tried again, as somebody asked for a run. */
  void tryAll() {
    long now = System.nanoTime();
    pauses.replaceAll((to, pause) -> new Pause(pause.length, now));
  }
}
