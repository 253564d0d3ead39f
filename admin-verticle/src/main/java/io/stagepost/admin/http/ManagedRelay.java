package io.stagepost.admin.http;

import io.stagepost.admin.queue.ForwardDesk;
import io.stagepost.admin.queue.QueueDesk;
import io.stagepost.config.Live;
import io.stagepost.config.RelaySettings;
import io.stagepost.events.RelayStore;
import io.stagepost.telemetry.RelayLog;

/**
 * A relay of this process as its administrators work with it.
 *
 * @param live its settings, which may change
 * @param store is open as long as the console is
 */
public record ManagedRelay(
    Live<RelaySettings> live,
    RelayStore store,
    QueueDesk queue,
    ForwardDesk forwarding,
    RelayLog log) {

  /** Its settings at the time. */
  public RelaySettings settings() {
    return live.get();
  }

  /** Its name on the event bus. */
  public String name() {
    return settings().name();
  }
}
