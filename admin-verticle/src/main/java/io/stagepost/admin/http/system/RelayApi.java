package io.stagepost.admin.http.system;

import io.stagepost.admin.AdminServerVerticle;
import io.stagepost.admin.http.HttpServices;
import io.stagepost.admin.http.ManagedRelay;
import io.stagepost.admin.http.api.Answer;
import io.stagepost.admin.http.api.ApiModule;
import io.stagepost.admin.http.api.ApiRoutes;
import io.stagepost.admin.http.queue.QueueApi;
import io.stagepost.config.ProductVersion;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The relays of this process, and the processes that work together. */
public final class RelayApi implements ApiModule {

  private static final String CALL = "stagepost.nodes.call";
  private static final String ANSWERS = "stagepost.nodes.answer.";
  private static final long PATIENCE_MILLIS = 1_000;
  private static final int MOST_NODES = 1_000;

  private final Vertx vertx;
  private final HttpServices services;
  private final String id = UUID.randomUUID().toString();
  private final Instant started = Instant.now();
  private @Nullable MessageConsumer<String> calls;

  /** For all relays of the process. */
  public RelayApi(Vertx vertx, HttpServices services) {
    this.vertx = vertx;
    this.services = services;
  }

  @Override
  public Future<Void> open() {
    calls =
        vertx
            .eventBus()
            .consumer(CALL, call -> vertx.eventBus().publish(ANSWERS + call.body(), describe()));
    return Future.succeededFuture();
  }

  @Override
  public Future<Void> close() {
    return calls == null ? Future.succeededFuture() : calls.unregister();
  }

  @Override
  public void addTo(ApiRoutes routes) {
    routes
        .answer("listRelays", call -> Future.succeededFuture(Answer.ok(relays())))
        .answer("listNodes", call -> nodes().map(Answer::ok));
  }

  private JsonObject relays() {
    JsonArray relays = new JsonArray();
    services.relays().forEach(relay -> relays.add(relay(relay)));
    return JsonObject.of("relays", relays, "version", ProductVersion.NUMBER);
  }

  private static JsonObject relay(ManagedRelay relay) {
    Optional<String> obstacle = AdminServerVerticle.obstacle(relay.settings());
    JsonObject json =
        new JsonObject()
            .put("name", relay.name())
            .put("domain", relay.settings().smtp().domain())
            .put(
                "listen",
                new JsonArray(
                    relay.settings().smtp().listen().stream().map(String::valueOf).toList()))
            .put("forwarding", obstacle.isEmpty())
            .put("queue", QueueApi.counts(relay));
    relay.settings().forward().nextHop().ifPresent(hop -> json.put("nextHop", hop.toString()));
    obstacle.ifPresent(why -> json.put("obstacle", why));
    return json;
  }

  private JsonObject describe() {
    Runtime runtime = Runtime.getRuntime();
    return new JsonObject()
        .put("id", id)
        .put("host", services.relays().getFirst().settings().smtp().domain())
        .put("pid", ProcessHandle.current().pid())
        .put("started", started.toString())
        .put("version", ProductVersion.NUMBER)
        .put("memory", runtime.totalMemory() - runtime.freeMemory())
        .put(
            "roles",
            new JsonArray(
                services.process().roles().stream()
                    .map(role -> role.name().toLowerCase(Locale.ROOT))
                    .sorted()
                    .toList()))
        .put("relays", new JsonArray(services.relays().stream().map(ManagedRelay::name).toList()));
  }

  private Future<JsonObject> nodes() {
    Map<String, JsonObject> found = new LinkedHashMap<>();
    found.put(id, describe().put("self", true));
    if (!vertx.isClustered()) {
      return Future.succeededFuture(answer(found));
    }
    String question = UUID.randomUUID().toString();
    MessageConsumer<JsonObject> answers =
        vertx
            .eventBus()
            .consumer(
                ANSWERS + question,
                message -> {
                  JsonObject node = message.body();
                  if (found.size() < MOST_NODES) {
                    found.putIfAbsent(node.getString("id"), node.copy().put("self", false));
                  }
                });
    return answers
        .completion()
        .onSuccess(v -> vertx.eventBus().publish(CALL, question))
        .compose(v -> vertx.timer(PATIENCE_MILLIS, TimeUnit.MILLISECONDS))
        .eventually(answers::unregister)
        .map(v -> answer(found));
  }

  private JsonObject answer(Map<String, JsonObject> found) {
    return JsonObject.of(
        "clustered",
        vertx.isClustered(),
        "nodes",
        new JsonArray(java.util.List.copyOf(found.values())));
  }
}
