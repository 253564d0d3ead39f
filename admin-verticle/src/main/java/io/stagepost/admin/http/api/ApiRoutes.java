package io.stagepost.admin.http.api;

import io.stagepost.admin.http.HttpServices;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.openapi.router.OpenAPIRoute;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import java.util.function.Function;

/** Has the operations of the contract done. */
public final class ApiRoutes {

  private final RouterBuilder builder;
  private final HttpServices services;
  private final Gate gate;

  ApiRoutes(RouterBuilder builder, HttpServices services, Gate gate) {
    this.builder = builder;
    this.services = services;
    this.gate = gate;
  }

  /** Who may do what. */
  public Gate gate() {
    return gate;
  }

  /** Has an operation answered. */
  public ApiRoutes answer(String operation, Function<ApiCall, Future<Answer>> answers) {
    route(operation)
        .addHandler(
            context ->
                asked(context, answers)
                    .onSuccess(answer -> send(context.response(), answer))
                    .onFailure(context::fail));
    return this;
  }

  /** Has an operation done by somebody who writes the response, unless the future fails. */
  public ApiRoutes stream(String operation, Function<ApiCall, Future<Void>> streams) {
    route(operation).addHandler(context -> asked(context, streams).onFailure(context::fail));
    return this;
  }

  private <T> Future<T> asked(RoutingContext context, Function<ApiCall, Future<T>> asked) {
    try {
      return asked.apply(new ApiCall(context, services));
    } catch (RuntimeException e) {
      return Future.failedFuture(e);
    }
  }

  private OpenAPIRoute route(String operation) {
    OpenAPIRoute route = builder.getRoute(operation);
    if (route == null) {
      throw new IllegalArgumentException("not in the contract: " + operation);
    }
    return route;
  }

  private static void send(HttpServerResponse response, Answer answer) {
    if (response.closed() || response.ended()) {
      return;
    }
    response.setStatusCode(answer.status());
    answer.headers().forEach(response::putHeader);
    JsonObject body = answer.body();
    if (body == null) {
      response.end();
    } else {
      response.putHeader(HttpHeaders.CONTENT_TYPE, "application/json");
      response.end(body.toBuffer());
    }
  }
}
