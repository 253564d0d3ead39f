package io.stagepost.admin.webhook;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next attempt.
 *
 * @param first before the second attempt; three times as long each time, up to four hours
 * @param longest the time from the first attempt after which there is no further one
 */
record BackOff(Duration first, Duration longest) {

  private static final int FACTOR = 3;
  private static final Duration MOST = Duration.ofHours(4);
  private static final int JITTER_PERCENT = 20;

  /**
   * The time to wait.
   *
   * @param attempts how many there have been, at least 1
   * @param random so that not all come at once: a fifth more or less
   */
  Duration after(int attempts, RandomGenerator random) {
    double millis = (double) first.toMillis() * Math.pow(FACTOR, Math.min(attempts - 1, 30));
    double bounded = Math.min(millis, (double) MOST.toMillis());
    int percent = 100 - JITTER_PERCENT + random.nextInt(2 * JITTER_PERCENT + 1);
    return Duration.ofMillis(Math.max(1, (long) (bounded * percent / 100)));
  }
}
