package io.stagepost.admin.http;

import io.stagepost.admin.queue.ForwardDesk;
import io.stagepost.admin.queue.QueueDesk;
import io.stagepost.config.RelaySettings;
import io.stagepost.events.RelayStore;
import io.stagepost.telemetry.RelayLog;

/**
 * A relay of this process as its administrators work with it.
 *
 * @param settings as at the start
 * @param store is open as long as the console is
 */
public record ManagedRelay(
    RelaySettings settings,
    RelayStore store,
    QueueDesk queue,
    ForwardDesk forwarding,
    RelayLog log) {

  /** Its name on the event bus. */
  public String name() {
    return settings.name();
  }
}
