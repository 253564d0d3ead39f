package io.stagepost.admin.metrics;

import io.stagepost.admin.queue.QueueDesk;
import io.stagepost.events.RelayStore;
import io.stagepost.net.ListenAddress;
import java.nio.file.Path;
import java.util.List;

/**
 * A relay as far as its numbers and its health go.
 *
 * @param spool its directory
 * @param listen where it is to listen for SMTP; empty when it isn't
 */
public record MeasuredRelay(
    String name, RelayStore store, QueueDesk queue, Path spool, List<ListenAddress> listen) {

  /** Copies the list. */
  public MeasuredRelay {
    listen = List.copyOf(listen);
  }
}
