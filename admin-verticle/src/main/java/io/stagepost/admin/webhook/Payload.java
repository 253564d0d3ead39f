package io.stagepost.admin.webhook;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;

/**
 * What a request says.
 *
 * @param id {@code evt_} or {@code bat_} and 32 hexadecimal digits, always the same for the same
 *     events
 */
record Payload(String id, String type, int events, String body) {

  private static final int ID_OCTETS = 16;
  // What the envelope of the payload says, and what concerns only this relay.
  private static final List<String> LEFT_OUT = List.of("version", "type", "time", "dialogue");

  /** One event of a log. */
  static Payload of(long sequence, JsonObject event) {
    String type = event.getString("type", "");
    String id = "evt_" + hash(sequence + "." + event.encode());
    JsonObject data = event.copy();
    LEFT_OUT.forEach(data::remove);
    return new Payload(id, type, 1, body(id, type, event.getString("time", ""), data));
  }

  /** Several in one, at least one. */
  static Payload of(List<Payload> events) {
    StringBuilder ids = new StringBuilder();
    JsonArray data = new JsonArray();
    events.forEach(
        event -> {
          ids.append(event.id());
          data.add(new JsonObject(event.body()));
        });
    String id = "bat_" + hash(ids.toString());
    String time = data.getJsonObject(data.size() - 1).getString("timestamp");
    return new Payload(id, "batch", events.size(), body(id, "batch", time, data));
  }

  /** One that says nothing. */
  static Payload test(String hook, Instant now) {
    String id = "evt_" + hash(hook + now);
    JsonObject data = JsonObject.of("webhook", hook);
    return new Payload(id, "test", 1, body(id, "test", now.toString(), data));
  }

  private static String body(String id, String type, String time, Object data) {
    return JsonObject.of("id", id, "type", type, "timestamp", time, "data", data).encode();
  }

  private static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, ID_OCTETS);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
