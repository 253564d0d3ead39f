package io.stagepost.admin.http.api;

import io.stagepost.admin.http.HttpServices;
import io.stagepost.telemetry.RelayLog;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.openapi.router.OpenAPIRoute;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import java.util.List;

/** Serves the contract: requests are checked against it, and faults told as it has them. */
public final class ApiServer {

  private final Vertx vertx;
  private final HttpServices services;
  private final Contract contract;
  private final AccessControl access;

  /** Nothing is served yet. */
  public ApiServer(Vertx vertx, HttpServices services, Contract contract, AccessControl access) {
    this.vertx = vertx;
    this.services = services;
    this.contract = contract;
    this.access = access;
  }

  /**
   * All routes.
   *
   * @param shield sees each request first
   * @param pages what everything else is given to
   */
  public Router router(
      List<ApiModule> modules, Handler<RoutingContext> shield, Handler<RoutingContext> pages) {
    Gate gate = new Gate(access);
    RouterBuilder builder =
        RouterBuilder.create(vertx, contract.checked(), new Admission(gate, contract));
    builder.rootHandler(shield);
    ApiRoutes routes = new ApiRoutes(builder, services, gate);
    modules.forEach(module -> module.addTo(routes));
    for (OpenAPIRoute route : builder.getRoutes()) {
      route.setDoSecurity(false);
      if (route.getHandlers().isEmpty()) {
        String operation = route.getOperation().getOperationId();
        throw new IllegalStateException("nobody serves " + operation + " of the contract");
      }
    }
    Router router = builder.createRouter();
    router.route().failureHandler(new Problems(RelayLog.of("")));
    modules.forEach(module -> module.mount(router, routes));
    router.route(HttpMethod.GET, "/api/openapi.yaml").handler(this::publish);
    router.route("/api/v1/*").handler(context -> context.fail(ApiProblem.of(status(context), "")));
    router.route().handler(pages);
    return router;
  }

  // The path alone may be known.
  private int status(RoutingContext context) {
    return contract.checked().findPath(context.normalizedPath()) == null ? 404 : 405;
  }

  private void publish(RoutingContext context) {
    HttpServerResponse response = context.response();
    response.putHeader("Content-Type", "application/yaml").end(contract.text());
  }
}
