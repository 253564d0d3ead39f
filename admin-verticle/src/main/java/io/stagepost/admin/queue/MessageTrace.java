package io.stagepost.admin.queue;

import io.stagepost.spool.MessageId;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** Tells what has happened to a message. */
@FunctionalInterface
public interface MessageTrace {

  /**
   * The events of a message, the oldest first; none when nothing is known of it.
   *
   * @return JSON objects with {@code type}, {@code time} (ISO 8601) where that is known, and the
   *     details of the type, as in delivery events
   */
  Future<List<JsonObject>> trace(MessageId id);
}
