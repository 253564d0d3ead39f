package io.stagepost.admin.http.queue;

import io.stagepost.admin.http.ManagedRelay;
import io.stagepost.admin.http.api.Answer;
import io.stagepost.admin.http.api.ApiCall;
import io.stagepost.admin.http.api.ApiModule;
import io.stagepost.admin.http.api.ApiProblem;
import io.stagepost.admin.http.api.ApiRoutes;
import io.stagepost.admin.http.queue.QueueSearch.Found;
import io.stagepost.admin.http.queue.QueueSearch.Hit;
import io.stagepost.admin.http.queue.QueueSearch.Query;
import io.stagepost.admin.queue.NoSuchMessageException;
import io.stagepost.admin.queue.QueueAction;
import io.stagepost.admin.queue.QueueItem;
import io.stagepost.spool.Spool.State;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The queue: lists, searches, and what is done to many messages. */
public final class QueueApi implements ApiModule {

  private static final int DEFAULT_LIMIT = 50;
  private static final int MOST_ACTED_ON = 500;
  private static final int MOST_BY_SUBJECT = 100;
  private static final int MOST_ERRORS = 100;
  private static final List<State> ORDER =
      List.of(State.FAILED, State.DEFERRED, State.BUSY, State.READY, State.HELD);

  private final Vertx vertx;

  /** For all relays of the process. */
  public QueueApi(Vertx vertx) {
    this.vertx = vertx;
  }

  @Override
  public void addTo(ApiRoutes routes) {
    routes
        .answer("listQueue", this::list)
        .answer("actOnQueue", this::act)
        .answer("forwardQueue", this::forward)
        .answer("flushQueue", this::flush);
  }

  private Future<Answer> list(ApiCall call) {
    ManagedRelay relay = call.relay();
    Optional<String> id = call.query("id");
    if (id.isPresent()) {
      return relay
          .queue()
          .show(id.get())
          .map(item -> List.of(new Hit(item, Optional.empty())))
          .recover(
              e ->
                  e instanceof NoSuchMessageException
                      ? Future.succeededFuture(List.of())
                      : Future.failedFuture(e))
          .map(hits -> page(relay, new Found(hits, Optional.empty(), hits.size())));
    }
    Query query =
        new Query(
            call.query("state").map(QueueApi::states).orElse(ORDER),
            filter(call),
            call.flag("subjects"),
            call.number("limit", DEFAULT_LIMIT));
    return new QueueSearch(vertx, relay, query)
        .from(call.query("cursor").map(QueueCursor::parse))
        .map(found -> page(relay, found));
  }

  private static List<State> states(String text) {
    return Arrays.stream(text.split(","))
        .flatMap(word -> QueueItem.state(word).stream())
        .distinct()
        .toList();
  }

  private static QueueFilter filter(ApiCall call) {
    return new QueueFilter(
        call.query("sender"),
        call.query("recipient"),
        call.query("subject"),
        call.query("text"),
        call.query("reason"),
        call.time("arrivedBefore"),
        call.time("arrivedAfter"));
  }

  private static QueueFilter filter(JsonObject json) {
    return new QueueFilter(
        Optional.ofNullable(json.getString("sender")),
        Optional.ofNullable(json.getString("recipient")),
        Optional.ofNullable(json.getString("subject")),
        Optional.ofNullable(json.getString("text")),
        Optional.ofNullable(json.getString("reason")),
        Optional.ofNullable(json.getString("arrivedBefore"))
            .map(text -> ApiCall.time("/filter/arrivedBefore", text)),
        Optional.ofNullable(json.getString("arrivedAfter"))
            .map(text -> ApiCall.time("/filter/arrivedAfter", text)));
  }

  private static Answer page(ManagedRelay relay, Found found) {
    JsonArray items = new JsonArray();
    for (Hit hit : found.hits()) {
      JsonObject item = hit.item().toJson();
      hit.subject().ifPresent(subject -> item.put("subject", subject));
      items.add(item);
    }
    JsonObject page =
        new JsonObject()
            .put("items", items)
            .put("counts", counts(relay))
            .put("scanned", found.scanned());
    found.next().ifPresent(next -> page.put("next", next.toString()));
    return Answer.ok(page);
  }

  /** A number for each state. */
  public static JsonObject counts(ManagedRelay relay) {
    JsonObject counts = new JsonObject();
    relay.queue().counts().forEach((state, count) -> counts.put(QueueItem.name(state), count));
    return counts;
  }

  private Future<Answer> act(ApiCall call) {
    JsonObject body = call.body();
    QueueAction action = QueueAction.of(body.getString("action")).orElseThrow();
    JsonArray ids = body.getJsonArray("ids");
    JsonObject filter = body.getJsonObject("filter");
    if ((ids == null) == (filter == null)) {
      throw ApiProblem.field("/ids", "either ids or a filter is needed");
    }
    ManagedRelay relay = call.relay();
    if (ids != null) {
      List<String> named = ids.stream().map(String::valueOf).distinct().toList();
      return new Bulk(relay, action).perform(named).map(json -> Answer.ok(json));
    }
    return actByFilter(relay, action, body);
  }

  private Future<Answer> actByFilter(ManagedRelay relay, QueueAction action, JsonObject body) {
    JsonObject wanted = body.getJsonObject("filter");
    State state = QueueItem.state(wanted.getString("state")).orElseThrow();
    if (!action.from().contains(state)) {
      throw ApiProblem.field(
          "/action", "cannot " + action.word() + " messages that are " + QueueItem.name(state));
    }
    QueueFilter filter = filter(wanted);
    int most = filter.subject().isPresent() ? MOST_BY_SUBJECT : MOST_ACTED_ON;
    Optional<QueueCursor> cursor =
        Optional.ofNullable(body.getString("cursor")).map(QueueCursor::parse);
    return new QueueSearch(vertx, relay, new Query(List.of(state), filter, false, most))
        .from(cursor)
        .compose(
            found ->
                new Bulk(relay, action)
                    .perform(found.hits().stream().map(hit -> hit.item().id().value()).toList())
                    .map(
                        json -> {
                          found.next().ifPresent(next -> json.put("next", next.toString()));
                          return Answer.ok(json);
                        }));
  }

  private Future<Answer> forward(ApiCall call) {
    ManagedRelay relay = call.relay();
    long ready = relay.store().spool().count(State.READY);
    return relay.forwarding().forward().map(v -> Answer.of(202, JsonObject.of("ready", ready)));
  }

  private Future<Answer> flush(ApiCall call) {
    return call.relay()
        .forwarding()
        .flush()
        .map(messages -> Answer.ok(JsonObject.of("messages", messages)));
  }

  /** Does something to messages, some of them at once. */
  private static final class Bulk {

    private static final int AT_ONCE = 32;

    private final ManagedRelay relay;
    private final QueueAction action;
    private final JsonArray errors = new JsonArray();
    private int done;
    private int failed;

    private Bulk(ManagedRelay relay, QueueAction action) {
      this.relay = relay;
      this.action = action;
    }

    private Future<JsonObject> perform(List<String> ids) {
      Future<Void> sofar = Future.succeededFuture();
      for (int i = 0; i < ids.size(); i += AT_ONCE) {
        List<String> some = ids.subList(i, Math.min(ids.size(), i + AT_ONCE));
        sofar = sofar.compose(v -> performSome(some));
      }
      return sofar.map(
          v -> {
            JsonObject json = JsonObject.of("done", done, "failed", failed);
            return errors.isEmpty() ? json : json.put("errors", errors);
          });
    }

    private Future<Void> performSome(List<String> ids) {
      List<Future<Void>> all = new ArrayList<>();
      for (String id : ids) {
        all.add(
            relay
                .queue()
                .perform(action, id)
                .onSuccess(v -> done++)
                .onFailure(e -> refused(id, e)));
      }
      return Future.join(all).transform(joined -> Future.succeededFuture());
    }

    private void refused(String id, Throwable e) {
      failed++;
      if (errors.size() < MOST_ERRORS) {
        errors.add(JsonObject.of("id", id, "message", String.valueOf(e.getMessage())));
      }
    }
  }
}
