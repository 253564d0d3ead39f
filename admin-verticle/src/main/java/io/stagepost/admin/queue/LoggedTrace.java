package io.stagepost.admin.queue;

import io.stagepost.events.EventLog;
import io.stagepost.spool.MessageId;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** What the event log tells, and where that has nothing, what others know. */
final class LoggedTrace implements MessageTrace {

  private final EventLog log;
  private final MessageTrace otherwise;

  LoggedTrace(EventLog log, MessageTrace otherwise) {
    this.log = log;
    this.otherwise = otherwise;
  }

  @Override
  public Future<List<JsonObject>> trace(MessageId id) {
    return log.trace(id)
        .compose(events -> events.isEmpty() ? otherwise.trace(id) : Future.succeededFuture(events));
  }
}
