package io.stagepost.admin.http.queue;

import io.stagepost.admin.http.ManagedRelay;
import io.stagepost.admin.http.api.Answer;
import io.stagepost.admin.http.api.ApiCall;
import io.stagepost.admin.http.api.ApiModule;
import io.stagepost.admin.http.api.ApiRoutes;
import io.stagepost.admin.queue.NoSuchMessageException;
import io.stagepost.admin.queue.QueueAction;
import io.stagepost.admin.queue.QueueItem;
import io.stagepost.spool.Envelope;
import io.stagepost.spool.MessageId;
import io.stagepost.spool.Spool.Details;
import io.stagepost.spool.SpoolReader;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Optional;

/** One message: what is known of it, what has happened to it, and what is done to it. */
public final class MessageApi implements ApiModule {

  private final Vertx vertx;

  /** For all relays of the process. */
  public MessageApi(Vertx vertx) {
    this.vertx = vertx;
  }

  @Override
  public void addTo(ApiRoutes routes) {
    routes
        .answer("getMessage", this::show)
        .answer("deleteMessage", call -> perform(call, QueueAction.DELETE))
        .answer(
            "actOnMessage",
            call -> perform(call, QueueAction.of(call.body().getString("action")).orElseThrow()))
        .answer("getTrace", this::trace)
        .stream("getMessageRaw", this::raw);
  }

  /** The id of the path; one that can't be an id is that of no message. */
  static MessageId id(ApiCall call) {
    try {
      return new MessageId(call.path("id"));
    } catch (IllegalArgumentException e) {
      throw new NoSuchMessageException();
    }
  }

  private static Future<Answer> perform(ApiCall call, QueueAction action) {
    return call.relay().queue().perform(action, id(call).value()).map(v -> Answer.done());
  }

  private Future<Answer> trace(ApiCall call) {
    MessageId id = id(call);
    return call.relay()
        .queue()
        .trace(id.value())
        .map(events -> Answer.ok(JsonObject.of("id", id.value(), "events", new JsonArray(events))));
  }

  private Future<Answer> show(ApiCall call) {
    MessageId id = id(call);
    ManagedRelay relay = call.relay();
    return relay
        .queue()
        .show(id.value())
        .compose(
            item ->
                relay
                    .store()
                    .spool()
                    .inspect(id)
                    .compose(
                        details ->
                            MessageHead.read(vertx, relay.store().spool(), id)
                                .map(head -> Answer.ok(message(item, details, head)))));
  }

  private static JsonObject message(
      QueueItem item, Optional<Details> details, Optional<MessageHead> head) {
    JsonObject shown = item.toJson();
    JsonArray fields = new JsonArray();
    for (MessageHead.HeadField field : head.map(MessageHead::fields).orElse(java.util.List.of())) {
      fields.add(JsonObject.of("name", field.name(), "value", field.value()));
      if (field.name().equalsIgnoreCase("Subject") && !shown.containsKey("subject")) {
        shown.put("subject", field.value());
      }
    }
    JsonObject json =
        new JsonObject()
            .put("message", shown)
            .put("envelope", envelope(item, details.map(Details::envelope)))
            .put("headers", fields)
            .put("truncated", !head.map(MessageHead::whole).orElse(true));
    details.ifPresent(found -> json.put("failures", failures(found)));
    return json;
  }

  private static JsonObject envelope(QueueItem item, Optional<Envelope> envelope) {
    return new JsonObject()
        .put("from", item.from())
        .put(
            "to", envelope.map(e -> new JsonArray(e.recipients().remote())).orElse(new JsonArray()))
        .put(
            "local",
            envelope.map(e -> new JsonArray(e.recipients().local())).orElse(new JsonArray()))
        .put("client", envelope.map(e -> e.origin().client()).orElse(""))
        .put("user", envelope.map(e -> e.origin().authentication()).orElse(""));
  }

  private static JsonArray failures(Details details) {
    JsonArray failures = new JsonArray();
    details
        .failures()
        .forEach(
            failure -> {
              JsonObject json = JsonObject.of("reason", failure.reason());
              failure.code().ifPresent(code -> json.put("code", code));
              failures.add(json);
            });
    return failures;
  }

  private Future<Void> raw(ApiCall call) {
    MessageId id = id(call);
    return content(call.relay(), id)
        .compose(
            reader -> {
              HttpServerResponse response = call.response();
              response
                  .putHeader("Content-Type", "message/rfc822")
                  .putHeader("Content-Disposition", "attachment; filename=\"message.eml\"")
                  .putHeader("Content-Security-Policy", "sandbox; default-src 'none'")
                  .setChunked(true);
              return pump(reader, response).eventually(reader::close);
            });
  }

  /** The content of a message. Fails with {@link NoSuchMessageException} when there is none. */
  static Future<SpoolReader> content(ManagedRelay relay, MessageId id) {
    return relay
        .store()
        .spool()
        .content(id)
        .compose(
            found ->
                found
                    .map(Future::succeededFuture)
                    .orElseGet(() -> Future.failedFuture(new NoSuchMessageException())));
  }

  // The reader of the response sets the pace.
  private static Future<Void> pump(SpoolReader reader, HttpServerResponse response) {
    return reader
        .read()
        .compose(
            piece ->
                piece.length() == 0
                    ? response.end()
                    : response.write(piece).compose(v -> pump(reader, response)));
  }
}
