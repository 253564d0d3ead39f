package io.stagepost.forwarder;

import io.stagepost.config.ForwardSettings.TemporaryFailures;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** How long a message waits for its next attempt. */
final class BackOff {

  private static final int MOST_DOUBLINGS = 30;

  private BackOff() {}

  /**
   * The first delay doubled with each deferral up to the longest, then varied by up to a fifth, so
   * that messages which failed together don't come back together.
   */
  static Duration delay(TemporaryFailures settings, int deferrals) {
    long first = Math.max(1, settings.delay().toMillis());
    int doublings = Math.min(MOST_DOUBLINGS, deferrals);
    long most = Math.max(first, settings.maximumDelay().toMillis());
    long delay = first > most >> doublings ? most : first << doublings;
    long fifth = delay / 5;
    return Duration.ofMillis(delay + ThreadLocalRandom.current().nextLong(-fifth, fifth + 1));
  }
}
