package io.stagepost.admin.http;

import static io.stagepost.spool.Await.await;
import static io.stagepost.spool.Await.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.stagepost.admin.http.DocumentedAnswers.Asked;
import io.stagepost.admin.http.HttpRig.Reply;
import io.stagepost.admin.http.HttpRig.Surroundings;
import io.stagepost.admin.http.HttpRig.Who;
import io.stagepost.auth.ServerAuthenticator;
import io.stagepost.config.HttpSettings;
import io.stagepost.spool.file.FileSpoolOptions;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

/** What is answered while something is in the way. */
final class HinderedAnswers {

  /** No space is left, and accounts are those of the host. */
  static final Surroundings SURROUNDINGS =
      new Surroundings(HinderedAnswers::full, HinderedAnswers::ofTheHost);

  private static final int MOST_LOOKED_AT = 50;
  private static final int MIB = 1 << 20;
  private static final int LITTLE = 60 << 10;

  private final HttpRig rig;
  private final Who admin;

  HinderedAnswers(HttpRig rig, Who admin) {
    this.rig = rig;
    this.admin = admin;
  }

  private static FileSpoolOptions full(FileSpoolOptions options) {
    return new FileSpoolOptions(
        options.directory(),
        options.sync(),
        options.workers(),
        options.bufferLimit(),
        Long.MAX_VALUE,
        options.times(),
        options.maxSuspicion());
  }

  private static HttpSettings ofTheHost(HttpSettings settings) {
    return new HttpSettings(
        settings.listen(),
        settings.names(),
        settings.transport(),
        ServerAuthenticator.PAM,
        settings.users(),
        settings.sessions());
  }

  private void expect(int status, String what, JsonObject body) {
    Reply reply = rig.ask(admin, what, body);
    assertThat(reply.status()).as("%s: %s", what, reply.body()).isEqualTo(status);
  }

  /** In {@link #SURROUNDINGS}, without a file, and while another process has the webhooks. */
  void byTheHost() {
    JsonObject password = JsonObject.of("current", HttpRig.PASSWORD, "password", "something else");
    expect(409, "PUT /api/v1/account/password", password);
    JsonObject user = JsonObject.of("role", "viewer", "password", "something else");
    expect(409, "PUT /api/v1/users/nora", user);
    assertThat(rig.ask(admin, "DELETE /api/v1/users/vic?account=true").status()).isEqualTo(409);
    expect(409, "PUT /api/v1/configuration", JsonObject.of("text", ""));
    expect(409, "POST /api/v1/configuration/validate", JsonObject.of("text", ""));
    String restore = "POST /api/v1/configuration/history/none/restore";
    assertThat(rig.ask(admin, restore).status()).isEqualTo(409);
    JsonObject mail = JsonObject.of("from", "a@example.com", "to", List.of("b@example.com"));
    expect(503, "POST /api/v1/messages", mail);
    Reply raw =
        rig.ask(
            admin.with("Content-Type", "message/rfc822"),
            "POST /api/v1/messages/raw?to=b@example.com",
            Buffer.buffer("Subject: x\r\n\r\n"));
    assertThat(raw.status()).isEqualTo(503);
    for (Asked asked : rig.documented().operations()) {
      if (asked.path().startsWith("/api/v1/webhooks")) {
        JsonObject body =
            asked.id().equals("createWebhook")
                ? JsonObject.of("url", "https://hook.example/")
                : asked.id().equals("changeWebhook")
                    ? JsonObject.of("enabled", true)
                    : new JsonObject();
        expect(503, RefusedRequests.request(asked), body);
      }
    }
  }

  /** While as much is being read as may be at a time. */
  void byOthersBodies() {
    List<HttpClientRequest> others = new ArrayList<>();
    for (int size : new int[] {24 * MIB, 24 * MIB, 16 * MIB - LITTLE / 2}) {
      others.add(rig.beginBody(admin, "POST /api/v1/messages", Buffer.buffer(new byte[size])));
    }
    String signIn = "POST /api/v1/session";
    Who json = Who.NOBODY.with("Content-Type", "application/json");
    until(() -> rig.ask(json, signIn, Buffer.buffer(" ".repeat(LITTLE))).status() == 503);
    for (Asked asked : rig.documented().operations()) {
      if (asked.bodySchema().isPresent()) {
        Reply reply =
            rig.announce(
                RefusedRequests.with(admin, asked), RefusedRequests.request(asked), LITTLE);
        assertThat(reply.status()).as(asked.id()).isEqualTo(503);
      }
    }
    others.forEach(other -> other.connection().close());
    until(() -> rig.ask(json, signIn, Buffer.buffer(" ".repeat(LITTLE))).status() == 400);
  }

  /** While as many messages are being looked at as may be at a time. */
  void byOthersLooks() {
    CountDownLatch end = new CountDownLatch(1);
    WorkerExecutor workers = rig.vertx.createSharedWorkerExecutor("stagepost-mime");
    for (int i = 0; i < 2; i++) {
      workers.executeBlocking(
          () -> {
            end.await();
            return null;
          },
          false);
    }
    String id =
        rig.ask(admin, "GET /api/v1/queue?limit=1")
            .json()
            .getJsonArray("items")
            .getJsonObject(0)
            .getString("id");
    String message = "GET /api/v1/messages/" + id;
    List<Future<Reply>> looks =
        Stream.generate(() -> rig.asking(admin, message + "/body", Buffer.buffer()))
            .limit(MOST_LOOKED_AT + 1)
            .toList();
    // One of them is refused, and then the others wait.
    until(() -> looks.stream().anyMatch(Future::isComplete));
    assertThat(rig.seen).contains("getMessageBody 503");
    for (String rest : List.of("/html", "/parts/1")) {
      assertThat(rig.ask(admin, message + rest).status()).isEqualTo(503);
    }
    end.countDown();
    await(Future.all(looks));
    await(workers.close());
  }

  /** After wrong passwords. */
  void byABan() {
    Who vic = rig.signIn("vic");
    JsonObject wrong = JsonObject.of("user", "vic", "password", "wrong");
    until(() -> rig.ask(Who.NOBODY, "POST /api/v1/session", wrong).status() == 429);
    JsonObject change = JsonObject.of("current", HttpRig.PASSWORD, "password", "something else");
    Reply reply = rig.ask(vic, "PUT /api/v1/account/password", change);
    assertThat(reply.status()).as("%s", reply.body()).isEqualTo(429);
    JsonObject right = JsonObject.of("user", "vic", "password", HttpRig.PASSWORD);
    assertThat(rig.ask(Who.NOBODY, "POST /api/v1/session", right).status()).isEqualTo(429);
  }
}
