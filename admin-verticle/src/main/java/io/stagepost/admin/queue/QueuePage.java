package io.stagepost.admin.queue;

import java.util.List;
import java.util.Optional;

/**
 * Some messages in one state.
 *
 * @param next the id to ask for the next page with, empty when this is the last one
 * @param total how many messages are in the state
 */
public record QueuePage(List<QueueItem> items, Optional<String> next, long total) {

  /** Copies the list. */
  public QueuePage {
    items = List.copyOf(items);
  }
}
