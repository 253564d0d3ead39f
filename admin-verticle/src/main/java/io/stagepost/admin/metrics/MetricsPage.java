package io.stagepost.admin.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.stagepost.admin.http.api.ApiModule;
import io.stagepost.admin.http.api.ApiProblem;
import io.stagepost.admin.http.api.ApiRoutes;
import io.stagepost.admin.http.api.Gate;
import io.stagepost.admin.http.api.Scope;
import io.stagepost.net.AddressRanges;
import io.stagepost.net.Connections;
import io.stagepost.net.EventLoops;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * The page {@code /metrics} that Prometheus reads, for tokens with the scope {@code metrics} and
 * for listed addresses. The queue is looked through at most once a minute, and only while somebody
 * reads.
 */
public final class MetricsPage implements ApiModule {

  private static final String TYPE = "text/plain; version=0.0.4; charset=utf-8";
  private static final Duration BETWEEN_SCANS = Duration.ofMinutes(1);
  private static final String DIRECTION = "direction";

  private final Vertx vertx;
  private final Meters meters;
  private final AddressRanges clients;
  private final List<MeasuredRelay> relays;
  private final List<RelayMeters> measured = new ArrayList<>();
  private Future<Void> scan = Future.succeededFuture();
  private long scanned = System.nanoTime() - BETWEEN_SCANS.toNanos();
  private String probes = "";

  /** A page of what is measured. */
  public MetricsPage(
      Vertx vertx, Meters meters, AddressRanges clients, List<MeasuredRelay> relays) {
    this.vertx = vertx;
    this.meters = meters;
    this.clients = clients;
    this.relays = List.copyOf(relays);
  }

  /** Says that there is no such page, which the console would else take for one of its own. */
  public static ApiModule absent() {
    return new ApiModule() {
      @Override
      public void mount(Router router, ApiRoutes routes) {
        router
            .route("/metrics")
            .handler(context -> context.fail(ApiProblem.missing("nothing is measured: --metrics")));
      }
    };
  }

  /** Also tells how many deliveries of webhooks wait, or were given up. */
  public MetricsPage withWebhooks(LongSupplier pending, LongSupplier dead) {
    webhooks("pending", pending);
    webhooks("dead", dead);
    return this;
  }

  private void webhooks(String state, LongSupplier count) {
    Gauge.builder("stagepost.webhook.deliveries", count::getAsLong)
        .description("Deliveries of webhooks that are not done")
        .tag("state", state)
        .strongReference(true)
        .register(meters.registry());
  }

  @Override
  public Future<Void> open() {
    relays.forEach(
        relay ->
            measured.add(
                new RelayMeters(vertx, meters, relay.name(), relay.store(), relay.queue())));
    connections(Connections.of(vertx));
    return vertx
        .deployVerticle(
            () -> new LoopProbe(meters), new DeploymentOptions().setInstances(EventLoops.count()))
        .map(
            id -> {
              probes = id;
              return null;
            });
  }

  private void connections(Connections all) {
    for (String direction : List.of("in", "out")) {
      boolean in = direction.equals("in");
      Gauge.builder("stagepost.connections.open", () -> (in ? all.in() : all.out()).open().size())
          .description("Connections of SMTP, POP and administration")
          .tag(DIRECTION, direction)
          .strongReference(true)
          .register(meters.registry());
      FunctionCounter.builder(
              "stagepost.connections", all, c -> (double) (in ? c.in() : c.out()).started())
          .description("Connections since the start")
          .tag(DIRECTION, direction)
          .register(meters.registry());
    }
  }

  @Override
  public void mount(Router router, ApiRoutes routes) {
    Gate gate = routes.gate();
    router.route(HttpMethod.GET, "/metrics").handler(context -> serve(context, gate));
  }

  private void serve(RoutingContext context, Gate gate) {
    try {
      if (!clients.contains(context.request().connection().remoteAddress().hostAddress())) {
        gate.admit(context, Scope.METRICS);
      }
    } catch (ApiProblem e) {
      context.fail(e);
      return;
    }
    fresh()
        .otherwiseEmpty()
        .compose(v -> vertx.executeBlocking(() -> meters.registry().scrape(TYPE), false))
        .onSuccess(text -> context.response().putHeader("Content-Type", TYPE).end(text))
        .onFailure(context::fail);
  }

  private Future<Void> fresh() {
    long now = System.nanoTime();
    if (scan.isComplete() && now - scanned >= BETWEEN_SCANS.toNanos()) {
      scanned = now;
      scan = Future.join(measured.stream().map(this::scan).toList()).mapEmpty();
    }
    return scan;
  }

  private Future<Void> scan(RelayMeters relay) {
    return relay
        .scan()
        .map(
            (List<Row<?>> rows) -> {
              relay.show(rows);
              return null;
            });
  }

  @Override
  public Future<Void> close() {
    Future<Void> closed =
        Future.join(measured.stream().map(RelayMeters::close).toList()).mapEmpty();
    return probes.isEmpty() ? closed : closed.eventually(() -> vertx.undeploy(probes));
  }
}
