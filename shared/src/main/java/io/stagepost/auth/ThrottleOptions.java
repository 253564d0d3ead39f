package io.stagepost.auth;

import io.stagepost.net.AddressRanges;
import java.time.Duration;
import java.util.List;

/**
 * What happens to those who guess passwords.
 *
 * @param delay before the answer to the second failure of an address; doubles with each further one
 * @param longestDelay where it stops growing
 * @param banAfter failures after which an address is let in no more; 0 for never
 * @param usersBanAfter addresses at which a user has failed, after which it is let in from familiar
 *     addresses only; 0 for never
 * @param ban how long that lasts, and how long failures are remembered
 * @param exempt addresses that are never banned, only delayed
 */
public record ThrottleOptions(
    Duration delay,
    Duration longestDelay,
    int banAfter,
    int usersBanAfter,
    Duration ban,
    AddressRanges exempt) {

  /** Nothing happens. */
  public static final ThrottleOptions OFF =
      new ThrottleOptions(
          Duration.ZERO, Duration.ZERO, 0, 0, Duration.ofMinutes(10), new AddressRanges(List.of()));
}
