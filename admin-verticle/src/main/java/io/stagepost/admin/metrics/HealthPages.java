package io.stagepost.admin.metrics;

import io.stagepost.admin.http.api.ApiModule;
import io.stagepost.admin.http.api.ApiRoutes;
import io.stagepost.admin.http.api.Caller;
import io.stagepost.admin.http.api.Gate;
import io.stagepost.admin.http.api.Scope;
import io.stagepost.net.Connections;
import io.stagepost.net.ListenAddress;
import io.stagepost.telemetry.LogText;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.healthchecks.CheckResult;
import io.vertx.ext.healthchecks.HealthChecks;
import io.vertx.ext.healthchecks.Status;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code /health/live}: the process answers. {@code /health/ready}: spools can be written, what is
 * to listen does, and event logs can be read; looked at once a second at the most. Anybody is told
 * up (200) or down (503), who may read also why.
 */
public final class HealthPages implements ApiModule {

  private static final Duration KEPT = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Vertx vertx;
  private final List<MeasuredRelay> relays;
  private final HealthChecks live;
  private final HealthChecks ready;
  private Future<CheckResult> last = Future.failedFuture("not yet");
  private long lastBegun;

  /** Of these relays. */
  public HealthPages(Vertx vertx, List<MeasuredRelay> relays) {
    this.vertx = vertx;
    this.relays = List.copyOf(relays);
    this.live = HealthChecks.create(vertx);
    this.ready = HealthChecks.create(vertx);
  }

  @Override
  public Future<Void> open() {
    live.register("event-loop", promise -> promise.complete(Status.OK()));
    for (MeasuredRelay relay : relays) {
      String name = relay.name();
      register("spool/" + name, () -> spool(relay));
      register("listeners/" + name, () -> listeners(relay));
      register("events/" + name, () -> relay.store().events().end().mapEmpty());
    }
    return Future.succeededFuture();
  }

  private interface Check {
    Future<Void> run();
  }

  private void register(String name, Check check) {
    ready.register(
        name,
        PATIENCE.toMillis(),
        promise -> check.run().onComplete(v -> conclude(promise, v.cause())));
  }

  private static void conclude(Promise<Status> promise, @Nullable Throwable cause) {
    promise.tryComplete(
        cause == null
            ? Status.OK()
            : Status.KO(JsonObject.of("reason", LogText.escape(cause.toString()))));
  }

  private Future<Void> spool(MeasuredRelay relay) {
    return vertx.executeBlocking(
        () -> {
          Path directory = Files.createDirectories(relay.spool().resolve(".stagepost"));
          Path probe = Files.createTempFile(directory, "health", ".tmp");
          try {
            Files.write(probe, new byte[] {1});
          } finally {
            Files.deleteIfExists(probe);
          }
          return null;
        },
        false);
  }

  private Future<Void> listeners(MeasuredRelay relay) {
    List<ListenAddress> all = Connections.of(vertx).listening();
    for (ListenAddress wanted : relay.listen()) {
      if (all.stream().noneMatch(open -> isSame(wanted, open))) {
        return Future.failedFuture(new IOException("not listening on " + wanted));
      }
    }
    return Future.succeededFuture();
  }

  // Any port will do where it chooses one itself.
  private static boolean isSame(ListenAddress wanted, ListenAddress open) {
    if (wanted instanceof ListenAddress.Inet a && open instanceof ListenAddress.Inet b) {
      return a.host().equals(b.host()) && (a.port() == 0 || a.port() == b.port());
    }
    return wanted.equals(open);
  }

  @Override
  public void mount(Router router, ApiRoutes routes) {
    Gate gate = routes.gate();
    router
        .route(HttpMethod.GET, "/health/live")
        .handler(context -> answer(context, gate, live.checkStatus()));
    router
        .route(HttpMethod.GET, "/health/ready")
        .handler(context -> answer(context, gate, readiness()));
  }

  private Future<CheckResult> readiness() {
    long now = System.nanoTime();
    boolean fresh = !last.isComplete() || now - lastBegun < KEPT.toNanos();
    if (last.failed() || !fresh) {
      lastBegun = now;
      last = ready.checkStatus();
    }
    return last;
  }

  private static void answer(RoutingContext context, Gate gate, Future<CheckResult> checked) {
    boolean mayKnow = gate.caller(context.request()).filter(HealthPages::isReader).isPresent();
    checked
        .onSuccess(
            result -> {
              boolean up = CheckResult.isUp(result);
              JsonObject body =
                  mayKnow ? result.toJson() : JsonObject.of("status", up ? "UP" : "DOWN");
              context
                  .response()
                  .setStatusCode(up ? 200 : 503)
                  .putHeader("Content-Type", "application/json")
                  .end(body.toBuffer());
            })
        .onFailure(context::fail);
  }

  private static boolean isReader(Caller caller) {
    return caller.may(Scope.READ) || caller.may(Scope.METRICS);
  }
}
