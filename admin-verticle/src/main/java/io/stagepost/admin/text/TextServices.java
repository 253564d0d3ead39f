package io.stagepost.admin.text;

import io.stagepost.admin.queue.ForwardDesk;
import io.stagepost.admin.queue.QueueDesk;
import io.stagepost.config.AdminSettings;
import io.stagepost.net.ActivityFeed;
import io.stagepost.telemetry.RelayLog;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What the sessions of text administration work with.
 *
 * @param relay the relay's name on the event bus
 * @param product the name and version of the product
 * @param live the settings, which may change
 * @param activity what {@code notify} shows; empty when this relay doesn't show it
 * @param terminate ends the process
 */
public record TextServices(
    String relay,
    String product,
    Supplier<AdminSettings> live,
    QueueDesk queue,
    ForwardDesk forwarding,
    Optional<ActivityFeed> activity,
    Runnable terminate,
    RelayLog log) {

  /** What holds at the time. */
  AdminSettings settings() {
    return live.get();
  }
}
