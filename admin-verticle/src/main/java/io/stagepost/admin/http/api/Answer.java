package io.stagepost.admin.http.api;

import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a successful request is answered with.
 *
 * @param body null for none
 */
public record Answer(int status, @Nullable JsonObject body, Map<String, String> headers) {

  /** Copies the headers. */
  public Answer {
    headers = Map.copyOf(headers);
  }

  /** 200 with this. */
  public static Answer ok(JsonObject body) {
    return of(200, body);
  }

  /** This status with this. */
  public static Answer of(int status, JsonObject body) {
    return new Answer(status, body, Map.of());
  }

  /** 204. */
  public static Answer done() {
    return new Answer(204, null, Map.of());
  }

  /** The same with one more header. */
  public Answer with(String name, String value) {
    Map<String, String> all = new java.util.HashMap<>(headers);
    all.put(name, value);
    return new Answer(status, body, all);
  }
}
