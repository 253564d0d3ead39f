package io.stagepost.admin.http.api;

import io.stagepost.admin.http.api.Bodies.From;
import io.vertx.core.Future;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.Json;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.openapi.router.RequestExtractor;
import io.vertx.json.schema.common.dsl.SchemaType;
import io.vertx.openapi.contract.Operation;
import io.vertx.openapi.contract.Parameter;
import io.vertx.openapi.contract.RequestBody;
import io.vertx.openapi.validation.RequestParameter;
import io.vertx.openapi.validation.ValidatableRequest;
import io.vertx.openapi.validation.impl.RequestParameterImpl;
import io.vertx.openapi.validation.impl.ValidatableRequestImpl;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Lets requests in, then takes from them what the contract speaks of. Parameters are decoded once,
 * and a parameter that is there twice is refused.
 */
final class Admission implements RequestExtractor {

  private final Gate gate;
  private final Contract contract;
  private final Bodies bodies = new Bodies();

  Admission(Gate gate, Contract contract) {
    this.gate = gate;
    this.contract = contract;
  }

  @Override
  public Future<ValidatableRequest> extractValidatableRequest(
      RoutingContext context, Operation operation) {
    Map<String, RequestParameter> cookies = new HashMap<>();
    Map<String, RequestParameter> headers = new HashMap<>();
    Map<String, RequestParameter> path = new HashMap<>();
    Map<String, RequestParameter> query = new HashMap<>();
    try {
      gate.admit(context, contract, operation.getOperationId());
      for (Parameter parameter : operation.getParameters()) {
        String name = parameter.getName();
        switch (parameter.getIn()) {
          case COOKIE -> cookies.put(name, value(parameter, cookie(context, name)));
          case HEADER -> headers.put(name, value(parameter, context.request().getHeader(name)));
          case PATH -> path.put(name, value(parameter, context.pathParam(name)));
          case QUERY -> query.put(name, value(parameter, single(context, name)));
        }
      }
    } catch (ApiProblem | IllegalArgumentException e) {
      return Future.failedFuture(e);
    }
    if (contract.streamed().contains(operation.getOperationId())) {
      context.request().pause();
    }
    RequestBody expected = operation.getRequestBody();
    if (expected == null || (!expected.isRequired() && !Problems.hasBody(context))) {
      return Future.succeededFuture(new ValidatableRequestImpl(cookies, headers, path, query));
    }
    String type = context.request().getHeader(HttpHeaders.CONTENT_TYPE);
    if (type == null || expected.determineContentType(type) == null) {
      return Future.failedFuture(
          ApiProblem.of(415, "expected " + String.join(", ", expected.getContent().keySet())));
    }
    return bodies
        .read(
            context.request(),
            contract.isOpen(operation.getOperationId()) ? From.ANYBODY : From.CALLER)
        .map(
            body ->
                new ValidatableRequestImpl(
                    cookies, headers, path, query, new RequestParameterImpl(body), type));
  }

  // The library takes what looks like JSON for that, also where a text is meant.
  private static RequestParameter value(Parameter parameter, @Nullable String text) {
    boolean quote =
        text != null && !text.isEmpty() && parameter.getSchemaType() == SchemaType.STRING;
    return new RequestParameterImpl(quote ? Json.encode(text) : text);
  }

  private static @Nullable String cookie(RoutingContext context, String name) {
    Cookie cookie = context.request().getCookie(name);
    return cookie == null ? null : cookie.getValue();
  }

  private static @Nullable String single(RoutingContext context, String name) {
    List<String> values = context.queryParam(name);
    if (values.size() > 1) {
      throw ApiProblem.field(name, "is there more than once");
    }
    return values.isEmpty() ? null : values.getFirst();
  }
}
