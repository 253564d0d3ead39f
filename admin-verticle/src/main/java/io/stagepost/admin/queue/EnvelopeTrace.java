package io.stagepost.admin.queue;

import io.stagepost.bus.DeliveryEvent;
import io.stagepost.spool.Claim.Failure;
import io.stagepost.spool.MessageId;
import io.stagepost.spool.Spool;
import io.stagepost.spool.Spool.Details;
import io.stagepost.spool.Spool.State;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** What the envelope itself tells: the arrival, each failure, and the last deferral. */
public final class EnvelopeTrace implements MessageTrace {

  private final Spool spool;

  /** The trace of a spool's messages. */
  public EnvelopeTrace(Spool spool) {
    this.spool = spool;
  }

  @Override
  public Future<List<JsonObject>> trace(MessageId id) {
    return spool.inspect(id).map(found -> found.map(EnvelopeTrace::events).orElse(List.of()));
  }

  private static List<JsonObject> events(Details details) {
    QueueItem item = QueueItem.of(details);
    List<JsonObject> events = new ArrayList<>();
    events.add(
        event(DeliveryEvent.Type.RECEIVED)
            .put("time", details.arrived().toString())
            .put("from", item.from())
            .put("to", new JsonArray(item.to()))
            .put("client", details.envelope().origin().client())
            .put("size", item.size()));
    for (Failure failure : details.failures()) {
      JsonObject failed = event(DeliveryEvent.Type.FAILED).put("reason", failure.reason());
      failure.code().ifPresent(code -> failed.put("code", code));
      events.add(failed);
    }
    if (details.deferrals() > 0) {
      JsonObject deferred = event(DeliveryEvent.Type.DEFERRED).put("reason", details.deferral());
      item.due().ifPresent(due -> deferred.put("until", due.toString()));
      events.add(deferred.put("attempts", details.deferrals()));
    }
    if (item.state() == State.HELD) {
      events.add(event(DeliveryEvent.Type.HELD));
    }
    return events;
  }

  private static JsonObject event(DeliveryEvent.Type type) {
    return JsonObject.of("type", type.wireName());
  }
}
