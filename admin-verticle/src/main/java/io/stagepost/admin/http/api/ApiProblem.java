package io.stagepost.admin.http.api;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;

/** Why a request is not done, as RFC 9457 has it told. */
public final class ApiProblem extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int status;
  private final transient List<FieldError> errors;
  private final transient Optional<Integer> retryAfter;

  /**
   * A fault of one field.
   *
   * @param field a parameter's name, or a JSON pointer into the body
   */
  public record FieldError(String field, String message) {}

  private ApiProblem(
      int status, String detail, List<FieldError> errors, Optional<Integer> retryAfter) {
    super(detail);
    this.status = status;
    this.errors = List.copyOf(errors);
    this.retryAfter = retryAfter;
  }

  /** A problem of this status of HTTP. */
  public static ApiProblem of(int status, String detail) {
    return new ApiProblem(status, detail, List.of(), Optional.empty());
  }

  /** One that may be over after some seconds. */
  public static ApiProblem later(int status, String detail, int seconds) {
    return new ApiProblem(status, detail, List.of(), Optional.of(seconds));
  }

  /** A wrong field of a request. */
  public static ApiProblem field(String field, String message) {
    return fields(List.of(new FieldError(field, message)));
  }

  /** Several wrong fields. */
  public static ApiProblem fields(List<FieldError> errors) {
    String detail =
        errors.isEmpty()
            ? "the request is not as the contract has it"
            : errors.getFirst().field() + ": " + errors.getFirst().message();
    return new ApiProblem(400, detail, errors, Optional.empty());
  }

  /** Nothing is there under that name. */
  public static ApiProblem missing(String what) {
    return of(404, what);
  }

  /** The status of HTTP. */
  public int status() {
    return status;
  }

  /** Seconds after which it may work, when that is known. */
  public Optional<Integer> retryAfter() {
    return retryAfter;
  }

  /** The body of the answer. */
  public JsonObject toJson(String title) {
    JsonObject json =
        new JsonObject().put("type", "about:blank").put("title", title).put("status", status);
    String detail = getMessage();
    if (detail != null && !detail.isEmpty()) {
      json.put("detail", detail);
    }
    if (!errors.isEmpty()) {
      JsonArray list = new JsonArray();
      errors.forEach(e -> list.add(JsonObject.of("field", e.field(), "message", e.message())));
      json.put("errors", list);
    }
    return json;
  }
}
