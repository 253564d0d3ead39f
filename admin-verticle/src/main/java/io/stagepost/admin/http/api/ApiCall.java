package io.stagepost.admin.http.api;

import io.stagepost.admin.http.HttpServices;
import io.stagepost.admin.http.ManagedRelay;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import io.vertx.openapi.validation.RequestParameter;
import io.vertx.openapi.validation.ValidatedRequest;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/** A request that has been let in and is as the contract has it. */
public final class ApiCall {

  private final RoutingContext context;
  private final HttpServices services;

  ApiCall(RoutingContext context, HttpServices services) {
    this.context = context;
    this.services = services;
  }

  /** Who asks; nobody for an operation that is open to all. */
  public Optional<Caller> anybody() {
    return Optional.ofNullable(context.<Caller>get(Gate.CALLER));
  }

  /** Who asks, for operations that nobody does unknown. */
  public Caller caller() {
    return anybody().orElseThrow(() -> ApiProblem.of(401, "not signed in"));
  }

  /** A part of the path, decoded. */
  public String path(String name) {
    return String.valueOf(context.pathParam(name));
  }

  /** A parameter behind the question mark, decoded; empty when it isn't there. */
  public Optional<String> query(String name) {
    return context.queryParam(name).stream().findFirst();
  }

  /** One that is a number. */
  public int number(String name, int otherwise) {
    return query(name).map(Integer::parseInt).orElse(otherwise);
  }

  /** One that is true or false. */
  public boolean flag(String name) {
    return query(name).map("true"::equals).orElse(false);
  }

  /** One that is a time. */
  public Optional<Instant> time(String name) {
    return query(name).map(text -> time(name, text));
  }

  /**
   * Reads a time.
   *
   * @throws ApiProblem when it is none
   */
  public static Instant time(String field, String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeException e) {
      throw ApiProblem.field(field, "not a time in ISO 8601 and UTC");
    }
  }

  /** The body of a request with one; empty otherwise. */
  public JsonObject body() {
    ValidatedRequest request = context.get(RouterBuilder.KEY_META_DATA_VALIDATED_REQUEST);
    RequestParameter body = request.getBody();
    return body != null && body.isJsonObject() ? body.getJsonObject() : new JsonObject();
  }

  /**
   * The relay that is meant.
   *
   * @throws ApiProblem when there is none of the name given
   */
  public ManagedRelay relay() {
    Optional<String> name = query("relay");
    return name.isEmpty()
        ? services.relays().getFirst()
        : services
            .relay(name.get())
            .orElseThrow(() -> ApiProblem.missing("there is no such relay"));
  }

  /** Of HTTP. */
  public HttpServerRequest request() {
    return context.request();
  }

  /** Of HTTP. */
  public HttpServerResponse response() {
    return context.response();
  }

  /** Of the router. */
  public RoutingContext context() {
    return context;
  }
}
