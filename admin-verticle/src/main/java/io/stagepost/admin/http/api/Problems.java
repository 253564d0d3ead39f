package io.stagepost.admin.http.api;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.stagepost.admin.http.api.ApiProblem.FieldError;
import io.stagepost.admin.queue.ForwardDesk.ForwardException;
import io.stagepost.admin.queue.NoSuchMessageException;
import io.stagepost.spool.SpoolException;
import io.stagepost.telemetry.LogText;
import io.stagepost.telemetry.RelayLog;
import io.vertx.core.Handler;
import io.vertx.core.VertxException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import io.vertx.json.schema.OutputUnit;
import io.vertx.openapi.validation.SchemaValidationException;
import io.vertx.openapi.validation.ValidatorException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Tells of failures as {@code application/problem+json} (RFC 9457). */
public final class Problems implements Handler<RoutingContext> {

  private static final Pattern PARAMETER =
      Pattern.compile("(?:path|query|header|cookie) parameter (\\S+)");
  private static final Pattern MISSING =
      Pattern.compile("^Instance does not have required property \"(.+)\"");
  private static final String SUPERFLUOUS = "does not match additional properties schema";
  private static final int MOST_ERRORS = 50;

  private final RelayLog log;

  /** With a log for what is our own fault. */
  public Problems(RelayLog log) {
    this.log = log;
  }

  @Override
  public void handle(RoutingContext context) {
    HttpServerResponse response = context.response();
    if (response.ended() || response.closed()) {
      return;
    }
    if (response.headWritten()) {
      context.request().connection().close();
      return;
    }
    ApiProblem problem = problem(context);
    response.setStatusCode(problem.status());
    problem.retryAfter().ifPresent(s -> response.putHeader("Retry-After", String.valueOf(s)));
    if (problem.status() == 401) {
      response.putHeader("WWW-Authenticate", "Bearer realm=\"stagepost\"");
    }
    boolean keeps = context.request().version() == HttpVersion.HTTP_2;
    if (!keeps && hasBody(context) && !context.request().isEnded()) {
      // What else comes is not read.
      response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    }
    response.putHeader(HttpHeaders.CONTENT_TYPE, "application/problem+json");
    String title = HttpResponseStatus.valueOf(problem.status()).reasonPhrase();
    response.end(problem.toJson(title).toBuffer());
  }

  // RFC 9112 §6.3.
  static boolean hasBody(RoutingContext context) {
    String length = context.request().getHeader(HttpHeaders.CONTENT_LENGTH);
    return (length != null && !length.equals("0"))
        || context.request().headers().contains(HttpHeaders.TRANSFER_ENCODING);
  }

  private ApiProblem problem(RoutingContext context) {
    Throwable failure = context.failure();
    if (failure == null) {
      return ApiProblem.of(context.statusCode() < 400 ? 500 : context.statusCode(), "");
    }
    if (failure.getCause() instanceof ValidatorException wrong) {
      return invalid(wrong);
    }
    return switch (failure) {
      case ApiProblem problem -> problem;
      case ValidatorException wrong -> invalid(wrong);
      case NoSuchMessageException none -> ApiProblem.missing("there is no such message");
      case SpoolException.NotAvailable refused -> ApiProblem.of(409, text(refused));
      case SpoolException.Corrupt broken -> ApiProblem.of(409, text(broken));
      case SpoolException.NoSpace full -> ApiProblem.later(503, "there is no space left", 60);
      case SpoolException.Closed closed -> ApiProblem.later(503, "the relay is stopping", 5);
      case ForwardException refused -> ApiProblem.of(409, text(refused));
      case VertxException gone -> ApiProblem.of(400, "the request has ended too early");
      default -> unexpected(context, failure);
    };
  }

  private ApiProblem unexpected(RoutingContext context, Throwable failure) {
    int status = context.statusCode();
    if (status >= 400 && status < 500) {
      return ApiProblem.of(status, text(failure));
    }
    log.warn(
        "console: "
            + context.request().method()
            + " "
            + LogText.escape(context.request().path())
            + ": "
            + LogText.escape(failure.toString()));
    return ApiProblem.of(500, "something is wrong here: the log of the relay says more");
  }

  private static String text(Throwable failure) {
    return failure.getMessage() == null ? "" : failure.getMessage();
  }

  private static ApiProblem invalid(ValidatorException wrong) {
    String text = text(wrong);
    Matcher parameter = PARAMETER.matcher(text);
    String reason = text.replaceFirst("^.*Reason: ", "");
    if (parameter.find()) {
      return ApiProblem.field(parameter.group(1), reason);
    }
    if (wrong instanceof SchemaValidationException schema) {
      List<FieldError> errors = errors(schema.getOutputUnit());
      return errors.isEmpty() ? ApiProblem.field("/", reason) : ApiProblem.fields(errors);
    }
    return ApiProblem.field("/", text);
  }

  // The innermost faults come first: what contains a fault is at fault only because of it.
  private static List<FieldError> errors(@Nullable OutputUnit unit) {
    Map<String, String> byField = new LinkedHashMap<>();
    if (unit != null && unit.getErrors() != null) {
      for (OutputUnit error : unit.getErrors().reversed()) {
        if (error.getError() != null && byField.size() < MOST_ERRORS) {
          FieldError fault = fault(error.getInstanceLocation(), error.getError());
          // Of all that is said about one place, what it is itself tells most.
          byField.merge(
              fault.field(),
              fault.message(),
              (one, other) -> one.startsWith("Property ") ? other : one);
        }
      }
    }
    List<FieldError> errors = new ArrayList<>();
    for (Map.Entry<String, String> each : byField.entrySet()) {
      boolean inner =
          byField.keySet().stream()
              .anyMatch(
                  other ->
                      !other.equals(each.getKey())
                          && (each.getKey().equals("/") || other.startsWith(each.getKey() + "/")));
      if (!inner) {
        String text = each.getValue();
        errors.add(
            new FieldError(each.getKey(), text.endsWith(SUPERFLUOUS) ? "is not known here" : text));
      }
    }
    return errors;
  }

  // What is missing is told of the object that misses it.
  private static FieldError fault(String location, String text) {
    String place = location.replaceFirst("^#", "");
    Matcher missing = MISSING.matcher(text);
    if (missing.find()) {
      return new FieldError(place + "/" + missing.group(1), "is missing");
    }
    return new FieldError(place.isEmpty() ? "/" : place, text);
  }
}
