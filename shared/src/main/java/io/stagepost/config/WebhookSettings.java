package io.stagepost.config;

import io.stagepost.net.AddressRanges;
import java.time.Duration;

/**
 * How webhooks are sent.
 *
 * @param allow where they may go besides public addresses
 * @param retry how long a delivery is tried again
 * @param backOff the time before it is tried again for the first time
 * @param timeout how long one attempt may take
 */
public record WebhookSettings(
    AddressRanges allow, Duration retry, Duration backOff, Duration timeout) {}
