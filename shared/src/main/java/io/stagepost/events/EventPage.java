package io.stagepost.events;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;

/**
 * Events that were read from an {@link EventLog}.
 *
 * @param entries oldest first; empty when there are no further ones yet
 * @param next the cursor for the next page
 * @param lost what the reader has missed as the log doesn't reach back to its cursor
 */
public record EventPage(List<Entry> entries, Cursor next, List<Loss> lost) {

  /** Copies the lists. */
  public EventPage {
    entries = List.copyOf(entries);
    lost = List.copyOf(lost);
  }

  /**
   * An event.
   *
   * @param cursor for reading what follows it
   * @param sequence its number, unique and rising within what one process writes
   * @param event its published form
   */
  public record Entry(Cursor cursor, long sequence, JsonObject event) {}

  /**
   * Events that one process wrote and that have been removed from the log unread.
   *
   * @param from no earlier than this; {@link Instant#EPOCH} when that is not known
   * @param to no later than this
   */
  public record Loss(Instant from, Instant to) {}
}
