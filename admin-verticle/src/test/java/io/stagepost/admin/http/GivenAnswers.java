package io.stagepost.admin.http;

import static io.stagepost.spool.Await.await;
import static io.stagepost.spool.Await.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.stagepost.admin.http.HttpRig.Reply;
import io.stagepost.admin.http.HttpRig.Who;
import io.stagepost.bus.BusAddresses;
import io.stagepost.bus.BusMessages.FlushReply;
import io.stagepost.bus.BusMessages.FlushRequest;
import io.stagepost.bus.BusMessages.RunRequest;
import io.stagepost.config.RelaySettings;
import io.stagepost.spool.MessageId;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What goes well with each operation, and what is refused for the state that things are in. */
final class GivenAnswers {

  private static final String SEND = "POST /api/v1/messages";
  private static final String RAW = "POST /api/v1/messages/raw?to=b@example.com";
  private static final String HOOKS = "/api/v1/webhooks";
  private static final int MOST_PART = 32 << 20;

  private final HttpRig rig;
  private final Who admin;

  GivenAnswers(HttpRig rig, Who admin) {
    this.rig = rig;
    this.admin = admin;
  }

  private Reply expect(int status, Who who, String what) {
    return expect(status, what, rig.ask(who, what));
  }

  private Reply expect(int status, String what, JsonObject body) {
    return expect(status, what, rig.ask(admin, what, body));
  }

  private static Reply expect(int status, String what, Reply reply) {
    assertThat(reply.status()).as("%s: %s", what, reply.body()).isEqualTo(status);
    return reply;
  }

  private void expect(int status, String... all) {
    for (String what : all) {
      expect(status, admin, what);
    }
  }

  /** Sessions, users and tokens. */
  void ofAccess() {
    expect(200, "GET /api/v1/account", "GET /api/v1/users", "GET /api/v1/tokens");
    expect(200, "PUT /api/v1/users/nora", JsonObject.of("role", "viewer"));
    expect(409, "PUT /api/v1/users/admin", JsonObject.of("role", "viewer"));
    expect(204, "DELETE /api/v1/users/nora");
    expect(404, "DELETE /api/v1/users/nora");
    expect(409, "DELETE /api/v1/users/admin");
    JsonObject wanted = JsonObject.of("name", "x", "scopes", JsonArray.of("read"));
    Reply made = expect(201, "POST /api/v1/tokens", wanted);
    expect(204, "DELETE /api/v1/tokens/" + made.json().getString("id"));
    expect(404, "DELETE /api/v1/tokens/none");
    while (rig.ask(admin, "POST /api/v1/tokens", wanted).status() == 201) {
      assertThat(rig.seen).doesNotContain("createToken 409");
    }
    assertThat(rig.seen).contains("createToken 409");
    Who olga = rig.signIn("olga");
    JsonObject change = JsonObject.of("current", HttpRig.PASSWORD, "password", "something longer");
    String put = "PUT /api/v1/account/password";
    expect(204, put, rig.ask(olga, put, change));
    expect(204, olga, "DELETE /api/v1/session");
  }

  private String sent(String content) {
    Reply reply =
        rig.ask(admin.with("Content-Type", "message/rfc822"), RAW, Buffer.buffer(content));
    return expect(201, RAW, reply).json().getString("id");
  }

  /** The queue and what is in it. */
  void ofMessages(Path spool) throws IOException {
    JsonObject mail =
        JsonObject.of("from", "a@example.com", "to", JsonArray.of("b@example.com"), "text", "x");
    Who keyed = admin.with("Idempotency-Key", "one");
    String id = expect(201, SEND, rig.ask(keyed, SEND, mail)).json().getString("id");
    expect(409, SEND, rig.ask(keyed, SEND, mail.copy().put("text", "y")));
    Who mime = keyed.with("Content-Type", "message/rfc822");
    expect(409, RAW, rig.ask(mime, RAW, Buffer.buffer("Subject: x\r\n\r\n")));
    String message = "/api/v1/messages/" + id;
    expect(200, "GET /api/v1/queue?subjects=true", "GET " + message, "GET " + message + "/raw");
    expect(200, "GET " + message + "/body", "GET " + message + "/trace");
    expect(200, "GET " + message + "/parts/1");
    expect(404, "GET " + message + "/html", "GET " + message + "/parts/2");
    String none = "/api/v1/messages/none";
    expect(404, "GET " + none, "GET " + none + "/raw", "GET " + none + "/body");
    expect(404, "GET " + none + "/trace", "DELETE " + none);
    String act = "POST " + message + "/actions";
    expect(404, "POST " + none + "/actions", JsonObject.of("action", "hold"));
    expect(409, act, JsonObject.of("action", "release"));
    expect(204, act, JsonObject.of("action", "hold"));
    expect(204, act, JsonObject.of("action", "release"));
    JsonObject many = JsonObject.of("action", "release", "ids", JsonArray.of(id, "none"));
    expect(200, "POST /api/v1/queue/actions", many);
    var claim = await(rig.store.spool().claim(new MessageId(id)));
    expect(409, "DELETE " + message);
    await(claim.release());
    expect(200, "GET " + message, "GET /api/v1/failures?state=deferred");
    expect(204, "DELETE " + message);
    ofParts();
    String broken = sent("Subject: x\r\n\r\ny\r\n");
    Files.writeString(spool.resolve(broken + ".envelope"), "no envelope");
    expect(409, "GET /api/v1/messages/" + broken);
    expect(200, "GET /api/v1/queue");
  }

  private void ofParts() {
    String html =
        sent(
            """
            Content-Type: multipart/related; boundary=b

            --b
            Content-Type: text/html

            <img src="cid:logo">
            --b
            Content-Type: image/png
            Content-ID: <logo>
            Content-Transfer-Encoding: base64

            iVBORw0KGgo=
            --b--
            """
                .replace("\n", "\r\n"));
    expect(200, "GET /api/v1/messages/" + html + "/html");
    Reply image = expect(200, admin, "GET /api/v1/messages/" + html + "/parts/2?inline=true");
    assertThat(image.headers()).containsEntry("content-type", "image/png");
    String large = sent("Subject: x\r\n\r\n" + ("x".repeat(998) + "\r\n").repeat(MOST_PART / 999));
    expect(413, "GET /api/v1/messages/" + large + "/parts/1");
    expect(204, "DELETE /api/v1/messages/" + large);
  }

  /** Having the queue sent on, by somebody who only says that it is done. */
  void ofForwarding() {
    expect(409, "POST /api/v1/queue/forward", "POST /api/v1/queue/flush");
    BusAddresses addresses = new BusAddresses(RelaySettings.DEFAULT_NAME);
    rig.vertx
        .eventBus()
        .<RunRequest>consumer(addresses.forwardRun(), message -> message.reply("noted"));
    rig.vertx
        .eventBus()
        .<FlushRequest>consumer(
            addresses.forwardFlush(), message -> message.reply(new FlushReply(1, "")));
    rig.obstacle = Optional.empty();
    expect(202, "POST /api/v1/queue/forward");
    expect(200, "POST /api/v1/queue/flush");
  }

  /** Numbers, events, the log, the process. */
  void ofInsight() {
    expect(200, "GET /api/v1/statistics", "GET /api/v1/statistics/series", "GET /api/v1/log");
    expect(200, "GET /api/v1/destinations", "GET /api/v1/mailboxes", "GET /api/v1/events");
    expect(200, "GET /api/v1/relays", "GET /api/v1/nodes");
    for (String stream : List.of("GET /api/v1/events/stream", "GET /api/v1/log/stream")) {
      int status = 200;
      for (int i = 0; status == 200 && i <= HttpRig.AT_ONCE; i++) {
        status = rig.begin(admin, stream).status();
      }
      assertThat(status).as(stream).isEqualTo(503);
    }
  }

  /** The configuration file and what it was. */
  void ofConfiguration() {
    String path = "/api/v1/configuration";
    JsonObject now = expect(200, admin, "GET " + path).json();
    JsonObject text = JsonObject.of("text", now.getString("text"));
    expect(200, "POST " + path + "/validate", text);
    expect(200, "PUT " + path, text);
    expect(409, "PUT " + path, text.copy().put("version", "0"));
    String version =
        expect(200, admin, "GET " + path + "/history")
            .json()
            .getJsonArray("versions")
            .getJsonObject(0)
            .getString("version");
    expect(200, "GET " + path + "/history/" + version);
    expect(404, "GET " + path + "/history/none", "POST " + path + "/history/none/restore");
    expect(200, "POST " + path + "/history/" + version + "/restore");
  }

  /** Webhooks, and a receiver that takes nothing but tests. */
  void ofWebhooks() {
    HttpServer receiver =
        await(
            rig.vertx
                .createHttpServer()
                .requestHandler(
                    request ->
                        request
                            .body()
                            .onSuccess(
                                body ->
                                    request
                                        .response()
                                        .setStatusCode(
                                            body.toString().contains("\"test\"") ? 204 : 500)
                                        .end()))
                .listen(0, "127.0.0.1"));
    String url = "http://127.0.0.1:" + receiver.actualPort() + "/";
    JsonObject wanted = JsonObject.of("url", url, "types", JsonArray.of("received"));
    String hook = HOOKS + "/" + expect(201, "POST " + HOOKS, wanted).json().getString("id");
    expect(200, "GET " + HOOKS, "GET " + hook, "POST " + hook + "/rotate");
    expect(200, "PATCH " + hook, JsonObject.of("description", "ours"));
    String tested = expect(200, admin, "POST " + hook + "/test").json().getString("id");
    expect(409, "POST " + hook + "/deliveries/" + tested + "/replay");
    sent("Subject: x\r\n\r\ny\r\n");
    until(() -> !deliveries(hook).isEmpty());
    String delivery = hook + "/deliveries/" + deliveries(hook).getJsonObject(0).getString("id");
    expect(200, "GET " + delivery);
    expect(202, "POST " + delivery + "/replay", "POST " + hook + "/replay");
    expect(200, "PATCH " + hook, JsonObject.of("enabled", false));
    expect(409, "POST " + hook + "/replay");
    String none = hook + "/deliveries/none";
    expect(404, "GET " + none, "POST " + none + "/replay");
    expect(204, "DELETE " + hook);
    expect(404, "GET " + hook, "DELETE " + hook, "GET " + hook + "/deliveries");
    expect(404, "POST " + hook + "/rotate", "POST " + hook + "/test", "POST " + hook + "/replay");
    expect(404, "PATCH " + hook, JsonObject.of("enabled", true));
    for (int i = 0; i < 20; i++) {
      expect(201, "POST " + HOOKS, wanted);
    }
    expect(409, "POST " + HOOKS, wanted);
  }

  private JsonArray deliveries(String hook) {
    return expect(200, admin, "GET " + hook + "/deliveries?state=pending")
        .json()
        .getJsonArray("deliveries");
  }
}
