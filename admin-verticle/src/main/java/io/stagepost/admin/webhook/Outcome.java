package io.stagepost.admin.webhook;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What came of one attempt to deliver.
 *
 * @param status of HTTP; 0 when there was no answer
 * @param response the beginning of the answer's body, up to 1 KiB
 * @param error why there was no answer; empty when there was
 * @param retryAfter what the receiver asks for
 */
record Outcome(
    Instant time,
    Duration took,
    int status,
    String response,
    String error,
    Optional<Duration> retryAfter) {

  private static final int GONE = 410;

  boolean isSuccess() {
    return status >= 200 && status < 300;
  }

  /** Whether the receiver wants nothing any more. */
  boolean isGone() {
    return status == GONE;
  }

  JsonObject toJson() {
    JsonObject json =
        JsonObject.of("time", time.toString(), "milliseconds", took.toMillis(), "status", status);
    if (!response.isEmpty()) {
      json.put("response", response);
    }
    if (!error.isEmpty()) {
      json.put("error", error);
    }
    return json;
  }

  static Outcome ofJson(JsonObject json) {
    return new Outcome(
        Instant.parse(json.getString("time")),
        Duration.ofMillis(json.getLong("milliseconds")),
        json.getInteger("status"),
        json.getString("response", ""),
        json.getString("error", ""),
        Optional.empty());
  }
}
