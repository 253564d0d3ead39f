package io.stagepost.admin.queue;

import io.stagepost.spool.MessageId;
import io.stagepost.spool.Spool.Details;
import io.stagepost.spool.Spool.Entry;
import io.stagepost.spool.Spool.State;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A message in the queue.
 *
 * @param from the reverse path, empty for the null path
 * @param to mailboxes of local recipients, then remote addresses
 * @param size of the content in octets
 * @param arrived when it was accepted; empty when its envelope can't be read
 * @param attempts how often it was tried without success
 * @param reason why it was not delivered the last time, or why it can't be read; or empty
 * @param due when it may be tried again, if it waits for a time
 */
public record QueueItem(
    MessageId id,
    State state,
    String from,
    List<String> to,
    long size,
    Optional<Instant> arrived,
    int attempts,
    String reason,
    Optional<Instant> due) {

  /** Copies the list. */
  public QueueItem {
    to = List.copyOf(to);
  }

  static QueueItem of(Details details) {
    List<String> to = new ArrayList<>(details.envelope().recipients().local());
    to.addAll(details.envelope().recipients().remote());
    return new QueueItem(
        details.entry().id(),
        details.entry().state(),
        details.envelope().reversePath(),
        to,
        details.size(),
        Optional.of(details.arrived()),
        details.attempts(),
        details.reason(),
        details.entry().due());
  }

  static QueueItem unreadable(Entry entry, String why) {
    return new QueueItem(
        entry.id(), entry.state(), "", List.of(), 0, Optional.empty(), 0, why, entry.due());
  }

  /** The name of a state as operators write it. */
  public static String name(State state) {
    return state.name().toLowerCase(Locale.ROOT);
  }

  /** The state of that name. */
  public static Optional<State> state(String name) {
    for (State state : State.values()) {
      if (name(state).equals(name.toLowerCase(Locale.ROOT))) {
        return Optional.of(state);
      }
    }
    return Optional.empty();
  }

  /** For programs: the fields by their names; times in ISO 8601, left out when not known. */
  public JsonObject toJson() {
    JsonObject json =
        new JsonObject()
            .put("id", id.value())
            .put("state", name(state))
            .put("from", from)
            .put("to", new JsonArray(to))
            .put("size", size);
    arrived.ifPresent(time -> json.put("arrived", time.toString()));
    json.put("attempts", attempts).put("reason", reason);
    due.ifPresent(time -> json.put("due", time.toString()));
    return json;
  }
}
