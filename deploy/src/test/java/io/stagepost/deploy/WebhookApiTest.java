package io.stagepost.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Webhooks as programs make, watch and mend them. */
class WebhookApiTest {

  private static final String HOOKS = "/api/v1/webhooks";
  // Longer than a test lasts.
  private static final Duration NEVER = Duration.ofMinutes(10);

  @TempDir Path directory;

  private SignedInRelay start(Sink sink, Duration backOff) throws IOException {
    return SignedInRelay.start(
        directory,
        "--forward-to",
        sink.address(),
        "--forward-on-arrival",
        "--webhook-allow",
        "127.0.0.1",
        "--webhook-back-off",
        String.valueOf(backOff.toSeconds()));
  }

  @Test
  void w7ABrokenReceiverIsMendedAndAskedAgain() throws IOException {
    try (Sink sink = Sink.start();
        WebhookReceiver receiver = WebhookReceiver.start();
        SignedInRelay console = start(sink, NEVER)) {
      JsonObject hook = create(console, receiver);
      assertThat(hook.getString("secret")).startsWith("whsec_");
      receiver.secret(hook.getString("secret"));
      String path = HOOKS + "/" + hook.getString("id");
      assertThat(console.expect(200, console.ask("GET", path, null)).containsKey("secret"))
          .isFalse();

      submit(console);
      JsonObject seen = receiver.await(all -> !all.getJsonArray("events").isEmpty());
      assertThat(seen.getJsonArray("events").getJsonObject(0).getString("type"))
          .isEqualTo("forwarded");
      assertThat(seen.getInteger("refused")).isZero();
      tamper(receiver, seen.getJsonObject("last"));

      receiver.mode("500");
      submit(console);
      receiver.await(all -> all.getJsonObject("asked").size() == 2);
      JsonObject pending = awaitDelivery(console, path, "pending");
      assertThat(pending.getJsonObject("last").getInteger("status")).isEqualTo(500);
      receiver.mode("ok");
      String delivery = path + "/deliveries/" + pending.getString("id");
      assertThat(console.expect(200, console.ask("GET", delivery, null)).getString("payload"))
          .contains("forwarded");
      console.expect(202, console.ask("POST", delivery + "/replay", null));
      receiver.await(all -> all.getJsonObject("taken").containsKey(pending.getString("id")));
      console.expect(202, console.ask("POST", path + "/replay", null));

      JsonObject tested = console.expect(200, console.ask("POST", path + "/test", null));
      assertThat(tested.getString("state")).isEqualTo("delivered");
      JsonObject rotated =
          console.expect(
              200, console.ask("POST", path + "/rotate", JsonObject.of("seconds", 3600)));
      assertThat(rotated.getString("secret")).isNotEqualTo(hook.getString("secret"));
      for (String secret : List.of(hook.getString("secret"), rotated.getString("secret"))) {
        receiver.secret(secret);
        tested = console.expect(200, console.ask("POST", path + "/test", null));
        assertThat(tested.getString("state")).isEqualTo("delivered");
      }
      console.expect(204, console.ask("DELETE", path, null));
      console.expect(404, console.ask("GET", path, null));
    }
  }

  private static JsonObject create(SignedInRelay console, WebhookReceiver receiver) {
    return console.expect(
        201,
        console.ask(
            "POST",
            HOOKS,
            JsonObject.of("url", receiver.url(), "types", List.of("forwarded", "failed"))));
  }

  // The check is the receiver's own; what was sent passes it, and nothing else does.
  private static void tamper(WebhookReceiver receiver, JsonObject last) {
    JsonObject given = last.getJsonObject("headers");
    String body = last.getString("body");
    String id = given.getString("webhook-id");
    String stamp = given.getString("webhook-timestamp");
    String signature = given.getString("webhook-signature");
    assertThat(receiver.post(body, headers(id, stamp, signature))).isEqualTo(204);
    assertThat(receiver.post(body + " ", headers(id, stamp, signature))).isEqualTo(401);
    assertThat(receiver.post(body, headers(id + "1", stamp, signature))).isEqualTo(401);
    String stale = String.valueOf(Long.parseLong(stamp) - 3600);
    assertThat(receiver.post(body, headers(id, stale, signature))).isEqualTo(401);
  }

  private static List<String> headers(String id, String stamp, String signature) {
    return List.of("webhook-id", id, "webhook-timestamp", stamp, "webhook-signature", signature);
  }

  private static JsonObject awaitDelivery(SignedInRelay console, String path, String state) {
    long end = System.nanoTime() + 60_000_000_000L;
    JsonArray found = new JsonArray();
    while (found.isEmpty()) {
      assertThat(System.nanoTime()).isLessThan(end);
      found =
          console
              .expect(200, console.ask("GET", path + "/deliveries?state=" + state, null))
              .getJsonArray("deliveries");
    }
    return found.getJsonObject(0);
  }

  private static void submit(SignedInRelay console) {
    Submitters submitters = new Submitters(1, out -> {});
    submitters.serverAt(console.relay.port());
    submitters.start(1).join();
  }

  @Test
  void w3PlacesThatOnlyTheRelayCanReachAreRefused() throws IOException {
    try (SignedInRelay console = SignedInRelay.start(directory)) {
      for (String url :
          List.of(
              "http://127.0.0.1:25/",
              "https://localhost/",
              "https://[::ffff:169.254.169.254]/latest",
              "https://10.0.0.1/",
              "http://93.184.216.34/",
              "gopher://93.184.216.34/")) {
        JsonObject problem =
            console.expect(400, console.ask("POST", HOOKS, JsonObject.of("url", url)));
        assertThat(problem.getJsonArray("errors").getJsonObject(0).getString("field"))
            .as(url)
            .isEqualTo("/url");
      }
      JsonObject wrong = JsonObject.of("url", "https://93.184.216.34/", "types", List.of("no"));
      console.expect(400, console.ask("POST", HOOKS, wrong));
      wrong = JsonObject.of("url", "https://93.184.216.34/", "relays", List.of("no"));
      console.expect(400, console.ask("POST", HOOKS, wrong));
      console.expect(404, console.ask("GET", HOOKS + "/wh-0", null));
    }
  }

  @Test
  void settingsChangeAndPagesFollowEachOther() throws IOException {
    try (Sink sink = Sink.start();
        WebhookReceiver receiver = WebhookReceiver.start();
        SignedInRelay console = start(sink, Duration.ofSeconds(1))) {
      JsonObject hook = create(console, receiver);
      String path = HOOKS + "/" + hook.getString("id");
      receiver.secret(hook.getString("secret"));
      JsonObject changed =
          console.expect(
              200,
              console.ask("PATCH", path, JsonObject.of("description", "for us", "enabled", false)));
      assertThat(changed.getBoolean("enabled")).isFalse();
      assertThat(changed.getString("disabledReason")).isEqualTo("by root");
      console.expect(200, console.ask("PATCH", path, JsonObject.of("enabled", true)));
      for (int i = 0; i < 3; i++) {
        console.expect(200, console.ask("POST", path + "/test", null));
      }
      JsonObject first =
          console.expect(200, console.ask("GET", path + "/deliveries?limit=2", null));
      assertThat(first.getJsonArray("deliveries")).hasSize(2);
      JsonObject second =
          console.expect(
              200,
              console.ask(
                  "GET", path + "/deliveries?limit=2&cursor=" + first.getString("next"), null));
      assertThat(second.getJsonArray("deliveries")).hasSize(1);
      assertThat(second.containsKey("next")).isFalse();
      String done = second.getJsonArray("deliveries").getJsonObject(0).getString("id");
      console.expect(409, console.ask("POST", path + "/deliveries/" + done + "/replay", null));
      assertThat(
              console
                  .expect(200, console.ask("GET", HOOKS, null))
                  .getJsonArray("webhooks")
                  .getJsonObject(0)
                  .getString("description"))
          .isEqualTo("for us");
      List<String> reader = List.of("Authorization", "Bearer " + console.token("read"));
      assertThat(console.send("GET", HOOKS, "", reader).statusCode()).isEqualTo(403);
    }
  }
}
