package io.stagepost.admin.webhook;

import io.stagepost.admin.http.api.Answer;
import io.stagepost.admin.http.api.ApiCall;
import io.stagepost.admin.http.api.ApiModule;
import io.stagepost.admin.http.api.ApiProblem;
import io.stagepost.admin.http.api.ApiRoutes;
import io.stagepost.admin.webhook.AddressGuard.RefusedException;
import io.stagepost.admin.webhook.Delivery.State;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Webhooks, what they have delivered, and sending it again. */
public final class WebhookApi implements ApiModule {

  private static final int DAY = 86_400;
  private static final int PAGE = 50;

  private final Webhooks webhooks;

  /** For these, which it opens and closes. */
  public WebhookApi(Webhooks webhooks) {
    this.webhooks = webhooks;
  }

  @Override
  public Future<Void> open() {
    return webhooks.open();
  }

  @Override
  public Future<Void> close() {
    return webhooks.close();
  }

  @Override
  public void addTo(ApiRoutes routes) {
    routes
        .answer("listWebhooks", this::list)
        .answer("createWebhook", this::create)
        .answer("getWebhook", call -> Future.succeededFuture(Answer.ok(shown(hook(call)))))
        .answer("changeWebhook", this::change)
        .answer("deleteWebhook", this::delete)
        .answer("rotateWebhook", this::rotate)
        .answer("testWebhook", this::test)
        .answer("listDeliveries", this::deliveries)
        .answer("getDelivery", this::delivery)
        .answer("replayDelivery", this::replay)
        .answer("replayDeliveries", this::replayAll);
  }

  private Future<Answer> list(ApiCall call) {
    mine();
    JsonArray all = new JsonArray();
    webhooks.all().forEach(hook -> all.add(shown(hook)));
    return Future.succeededFuture(Answer.ok(JsonObject.of("webhooks", all)));
  }

  private Future<Answer> create(ApiCall call) {
    mine();
    JsonObject body = call.body();
    if (webhooks.all().size() >= Webhooks.MOST) {
      throw ApiProblem.of(409, "there are " + Webhooks.MOST + " webhooks: delete one");
    }
    Webhook made =
        new Webhook(
            Webhooks.newId(),
            body.getString("url"),
            body.getString("description", ""),
            Webhook.strings(body.getJsonArray("types", new JsonArray())),
            relays(body),
            Webhook.batch(body.getJsonObject("batch", new JsonObject())),
            webhooks.now(),
            Optional.empty(),
            List.of(SigningKey.next()));
    return checked(made.url())
        .compose(v -> webhooks.add(made))
        .map(hook -> Answer.of(201, shown(hook).put("secret", made.keys().getFirst().secret())));
  }

  private Set<String> relays(JsonObject body) {
    Set<String> relays = Webhook.strings(body.getJsonArray("relays", new JsonArray()));
    for (String name : relays) {
      if (!webhooks.knows(name)) {
        throw ApiProblem.field("/relays", "there is no relay \"" + name + "\"");
      }
    }
    return relays;
  }

  private Future<Void> checked(String url) {
    return webhooks
        .check(url)
        .recover(
            e ->
                Future.failedFuture(
                    e instanceof RefusedException
                        ? ApiProblem.field("/url", String.valueOf(e.getMessage()))
                        : e));
  }

  private Future<Answer> change(ApiCall call) {
    Hook hook = hook(call);
    JsonObject body = call.body();
    Webhook old = hook.webhook();
    String url = body.getString("url", old.url());
    Webhook changed =
        new Webhook(
            old.id(),
            url,
            body.getString("description", old.description()),
            body.containsKey("types") ? Webhook.strings(body.getJsonArray("types")) : old.types(),
            body.containsKey("relays") ? relays(body) : old.relays(),
            body.containsKey("batch") ? Webhook.batch(body.getJsonObject("batch")) : old.batch(),
            old.created(),
            disabled(body, old, call),
            old.keys());
    Future<Void> first = url.equals(old.url()) ? Future.succeededFuture() : checked(url);
    return first.compose(v -> webhooks.change(changed)).map(v -> Answer.ok(shown(hook)));
  }

  private static Optional<String> disabled(JsonObject body, Webhook old, ApiCall call) {
    if (!body.containsKey("enabled") || body.getBoolean("enabled") == old.isEnabled()) {
      return old.disabled();
    }
    return body.getBoolean("enabled")
        ? Optional.empty()
        : Optional.of("by " + call.caller().user());
  }

  private Future<Answer> delete(ApiCall call) {
    return webhooks.remove(hook(call).webhook().id()).map(v -> Answer.done());
  }

  private Future<Answer> rotate(ApiCall call) {
    Duration overlap = Duration.ofSeconds(call.body().getInteger("seconds", DAY));
    Hook hook = hook(call);
    return webhooks
        .rotate(hook, overlap)
        .map(rotated -> Answer.ok(shown(hook).put("secret", rotated.keys().getFirst().secret())));
  }

  private Future<Answer> test(ApiCall call) {
    return hook(call).test().map(delivery -> Answer.ok(delivery.toJson()));
  }

  private Future<Answer> deliveries(ApiCall call) {
    Hook hook = hook(call);
    Optional<String> state = call.query("state");
    Optional<String> cursor = call.query("cursor");
    List<Delivery> all =
        hook.deliveries().stream()
            .filter(each -> state.isEmpty() || each.state().word().equals(state.get()))
            .filter(each -> cursor.isEmpty() || key(each).compareTo(cursor.get()) < 0)
            .toList();
    int limit = Math.min(all.size(), call.number("limit", PAGE));
    JsonArray page = new JsonArray();
    all.subList(0, limit).forEach(each -> page.add(each.toJson()));
    JsonObject json =
        JsonObject.of(
            "deliveries",
            page,
            "counts",
            JsonObject.of(
                State.PENDING.word(), hook.count(State.PENDING),
                State.DEAD.word(), hook.count(State.DEAD)));
    if (limit < all.size()) {
      json.put("next", key(all.get(limit - 1)));
    }
    return Future.succeededFuture(Answer.ok(json));
  }

  // Where a delivery is in the list; sorts as Hook.deliveries() does.
  private static String key(Delivery delivery) {
    return String.format(Locale.ROOT, "%015d", delivery.created().toEpochMilli()) + delivery.id();
  }

  private Future<Answer> delivery(ApiCall call) {
    Delivery delivery = delivery(call, hook(call));
    if (delivery.state() == State.DELIVERED) {
      return Future.succeededFuture(Answer.ok(delivery.toJson()));
    }
    return hook(call)
        .body(delivery.id())
        .map(body -> delivery.toJson().put("payload", body))
        .otherwise(e -> delivery.toJson())
        .map(Answer::ok);
  }

  private Future<Answer> replay(ApiCall call) {
    Hook hook = hook(call);
    Delivery delivery = delivery(call, hook);
    if (delivery.state() == State.DELIVERED) {
      throw ApiProblem.of(409, "it has been delivered: its content is not kept");
    }
    enabled(hook);
    return hook.replay(delivery).map(again -> Answer.of(202, again.toJson()));
  }

  private Future<Answer> replayAll(ApiCall call) {
    Hook hook = hook(call);
    enabled(hook);
    return hook.replayDead().map(count -> Answer.of(202, JsonObject.of("replayed", count)));
  }

  private static void enabled(Hook hook) {
    if (!hook.webhook().isEnabled()) {
      throw ApiProblem.of(409, "the webhook is disabled");
    }
  }

  private static Delivery delivery(ApiCall call, Hook hook) {
    return hook.find(call.path("delivery"))
        .orElseThrow(() -> ApiProblem.missing("there is no such delivery"));
  }

  private Hook hook(ApiCall call) {
    mine();
    return webhooks
        .find(call.path("id"))
        .orElseThrow(() -> ApiProblem.missing("there is no such webhook"));
  }

  private void mine() {
    if (!webhooks.isOurs()) {
      throw ApiProblem.later(503, "another process on this spool has the webhooks", 5);
    }
  }

  private JsonObject shown(Hook hook) {
    return hook.webhook()
        .toJson()
        .put("pending", hook.count(State.PENDING))
        .put("dead", hook.count(State.DEAD))
        .put("dropped", hook.dropped())
        .put("losses", webhooks.losses(hook));
  }
}
