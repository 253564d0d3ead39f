package io.stagepost.admin.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.stagepost.admin.http.HttpRig.Reply;
import io.stagepost.admin.http.HttpRig.Who;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who gets in, and how far. */
class AccessTest {

  @TempDir Path directory;
  private HttpRig rig;

  @BeforeEach
  void open() throws IOException {
    rig = HttpRig.open(directory);
  }

  @AfterEach
  void close() {
    rig.close();
  }

  private static JsonObject password(String user, String password) {
    return JsonObject.of("user", user, "password", password);
  }

  @Test
  void nobodyGetsIn() {
    Reply reply = rig.ask(Who.NOBODY, "GET /api/v1/queue");
    assertThat(reply.status()).isEqualTo(401);
    assertThat(reply.headers().get("content-type")).isEqualTo("application/problem+json");
    assertThat(rig.ask(Who.token("sp_wrong"), "GET /api/v1/queue").status()).isEqualTo(401);
  }

  @Test
  void wrongPasswordAndMissingRoleLookAlike() {
    Reply wrong = rig.ask(Who.NOBODY, "POST /api/v1/session", password("admin", "wrong"));
    Reply unknown = rig.ask(Who.NOBODY, "POST /api/v1/session", password("ghost", "wrong"));
    Reply roleless =
        rig.ask(Who.NOBODY, "POST /api/v1/session", password("mailbox", HttpRig.PASSWORD));
    assertThat(List.of(wrong.status(), unknown.status(), roleless.status())).containsOnly(401);
    assertThat(wrong.body()).isEqualTo(unknown.body()).isEqualTo(roleless.body());
    assertThat(wrong.headers()).doesNotContainKey("set-cookie");
  }

  @Test
  void cookieIsForUsAloneAndNewAtEachSignIn() {
    Who chosen = Who.NOBODY.with("Cookie", "stagepost-session=chosen-by-somebody");
    Reply first = rig.ask(chosen, "POST /api/v1/session", password("admin", HttpRig.PASSWORD));
    String cookie = first.headers().get("set-cookie");
    assertThat(cookie).containsIgnoringCase("HttpOnly").contains("SameSite=Strict");
    assertThat(cookie).doesNotContain("chosen-by-somebody");
    assertThat(rig.ask(chosen, "GET /api/v1/account").status()).isEqualTo(401);
    Who signedIn = Who.NOBODY.with("Cookie", cookie.split(";")[0]);
    rig.ask(signedIn, "POST /api/v1/session", password("admin", HttpRig.PASSWORD));
    assertThat(rig.ask(signedIn, "GET /api/v1/account").status()).isEqualTo(401);
  }

  @Test
  void signingOutEndsTheSession() {
    Who admin = rig.signIn("admin");
    assertThat(rig.ask(admin, "DELETE /api/v1/session").status()).isEqualTo(204);
    assertThat(rig.ask(admin, "GET /api/v1/account").status()).isEqualTo(401);
  }

  @Test
  void changesNeedTheTokenThatOnlyOurPagesKnow() {
    Who admin = rig.signIn("admin");
    Who forged = new Who(java.util.Map.of("Cookie", admin.headers().get("Cookie")));
    assertThat(rig.ask(forged, "GET /api/v1/account").status()).isEqualTo(200);
    assertThat(rig.ask(forged, "POST /api/v1/queue/forward").status()).isEqualTo(403);
    assertThat(rig.ask(forged.with("X-CSRF-Token", "guess"), "POST /api/v1/queue/forward").status())
        .isEqualTo(403);
  }

  @Test
  void w2OtherSitesAreRefused() {
    Who admin = rig.signIn("admin");
    Who elsewhere = admin.with("Origin", "http://evil.example");
    assertThat(rig.ask(elsewhere, "POST /api/v1/queue/forward").status()).isEqualTo(403);
    assertThat(rig.ask(elsewhere, "GET /api/v1/events/stream").status()).isEqualTo(403);
    assertThat(rig.ask(admin.with("Origin", "null"), "POST /api/v1/queue/forward").status())
        .isEqualTo(403);
    Who crossing = admin.with("Sec-Fetch-Site", "cross-site");
    assertThat(rig.ask(crossing, "GET /api/v1/events/stream").status()).isEqualTo(403);
    assertThat(rig.ask(crossing, "GET /api/v1/queue").status()).isEqualTo(403);
    Who socket =
        elsewhere
            .with("Connection", "Upgrade")
            .with("Upgrade", "websocket")
            .with("Sec-WebSocket-Version", "13")
            .with("Sec-WebSocket-Key", "AAAAAAAAAAAAAAAAAAAAAA==");
    assertThat(rig.ask(socket, "GET /eventbus/websocket").status()).isEqualTo(403);
    Who own = admin.with("Origin", "http://127.0.0.1:" + rig.port());
    assertThat(rig.ask(own, "GET /api/v1/queue").status()).isEqualTo(200);
  }

  @Test
  void foreignHostNamesAreRefused() {
    Reply rebound = rig.ask(Who.NOBODY.with("Host", "evil.example:80"), "GET /");
    assertThat(rebound.status()).isEqualTo(403);
    assertThat(rig.ask(Who.NOBODY.with("Host", "localhost:80"), "GET /").status()).isEqualTo(200);
    assertThat(rig.ask(Who.NOBODY.with("Host", "relay.example"), "GET /").status()).isEqualTo(200);
  }

  @Test
  void pagesCanNotBeFramedAndRunNothingButOurs() {
    Reply page = rig.ask(Who.NOBODY, "GET /");
    assertThat(page.headers().get("content-security-policy"))
        .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
        .doesNotContain("unsafe");
    assertThat(page.headers()).containsEntry("x-frame-options", "DENY");
    assertThat(rig.ask(Who.NOBODY, "GET /api/docs").status()).isEqualTo(200);
    assertThat(rig.ask(Who.NOBODY, "GET /api/openapi.yaml").body().toString())
        .startsWith("openapi: 3.1.0");
    assertThat(rig.ask(Who.NOBODY, "GET /some/view").status()).isEqualTo(200);
    assertThat(rig.ask(Who.NOBODY, "GET /missing.js").status()).isEqualTo(404);
    assertThat(rig.ask(Who.NOBODY, "GET /..%2f..%2fMETA-INF/MANIFEST.MF").status()).isEqualTo(404);
  }

  @Test
  void rolesReachAsFarAsTheirScopes() {
    Who viewer = rig.signIn("vic");
    Who operator = rig.signIn("olga");
    assertThat(rig.ask(viewer, "GET /api/v1/queue").status()).isEqualTo(200);
    assertThat(rig.ask(viewer, "POST /api/v1/queue/forward").status()).isEqualTo(403);
    assertThat(rig.ask(operator, "POST /api/v1/queue/forward").status()).isEqualTo(409);
    assertThat(rig.ask(operator, "GET /api/v1/users").status()).isEqualTo(403);
    assertThat(rig.ask(operator, "GET /api/v1/configuration/history").status()).isEqualTo(403);
  }

  @Test
  void tokensActForTheirMakersWithinTheirScopes() {
    Who operator = rig.signIn("olga");
    JsonObject wanted = JsonObject.of("name", "ci", "scopes", JsonArray.of("read", "send"));
    Reply made = rig.ask(operator, "POST /api/v1/tokens", wanted);
    assertThat(made.status()).isEqualTo(201);
    Who program = Who.token(made.json().getString("token"));
    assertThat(rig.ask(program, "GET /api/v1/account").json().getString("via")).isEqualTo("token");
    assertThat(rig.ask(program, "POST /api/v1/queue/forward").status()).isEqualTo(403);
    assertThat(rig.ask(program, "POST /api/v1/tokens", wanted).status()).isEqualTo(403);
    JsonObject tooMuch = JsonObject.of("name", "x", "scopes", JsonArray.of("admin"));
    assertThat(rig.ask(operator, "POST /api/v1/tokens", tooMuch).fields())
        .containsExactly("/scopes");
    JsonObject listed =
        rig.ask(operator, "GET /api/v1/tokens").json().getJsonArray("tokens").getJsonObject(0);
    assertThat(listed.fieldNames()).doesNotContain("token", "hash").contains("lastUsed");
    String id = made.json().getString("id");
    assertThat(rig.ask(rig.signIn("vic"), "DELETE /api/v1/tokens/" + id).status()).isEqualTo(404);
    assertThat(rig.ask(operator, "DELETE /api/v1/tokens/" + id).status()).isEqualTo(204);
    assertThat(rig.ask(program, "GET /api/v1/account").status()).isEqualTo(401);
  }

  @Test
  void tokensAreKeptByTheirHashOnly() throws IOException {
    Who admin = rig.signIn("admin");
    String token =
        rig.ask(
                admin,
                "POST /api/v1/tokens",
                JsonObject.of("name", "ci", "scopes", JsonArray.of("read")))
            .json()
            .getString("token");
    String file = Files.readString(directory.resolve("state/tokens.json"));
    assertThat(file).contains("\"ci\"").doesNotContain(token).doesNotContain(token.substring(3));
  }

  @Test
  void usersComeChangeAndGo() {
    Who admin = rig.signIn("admin");
    Reply made =
        rig.ask(
            admin,
            "PUT /api/v1/users/n%C3%B6ra",
            JsonObject.of("role", "operator", "password", "long enough"));
    assertThat(made.status()).isEqualTo(200);
    assertThat(rig.ask(admin, "GET /api/v1/users").body().toString()).contains("nöra");
    assertThat(rig.ask(admin, "PUT /api/v1/users/x", JsonObject.of("role", "king")).fields())
        .containsExactly("/role");
    assertThat(
            rig.ask(
                    admin,
                    "PUT /api/v1/users/x",
                    JsonObject.of("role", "viewer", "password", "short"))
                .fields())
        .containsExactly("/password");
    assertThat(rig.ask(admin, "DELETE /api/v1/users/n%C3%B6ra?account=true").status())
        .isEqualTo(204);
    assertThat(rig.ask(admin, "DELETE /api/v1/users/n%C3%B6ra").status()).isEqualTo(404);
    assertThat(rig.ask(admin, "DELETE /api/v1/users/admin").status()).isEqualTo(409);
    assertThat(rig.ask(admin, "PUT /api/v1/users/admin", JsonObject.of("role", "viewer")).status())
        .isEqualTo(409);
  }

  @Test
  void losingARoleEndsTheSessions() {
    Who admin = rig.signIn("admin");
    Who viewer = rig.signIn("vic");
    assertThat(rig.ask(admin, "DELETE /api/v1/users/vic").status()).isEqualTo(204);
    assertThat(rig.ask(viewer, "GET /api/v1/queue").status()).isEqualTo(401);
  }

  @Test
  void changingThePasswordEndsOtherSessions() {
    Who one = rig.signIn("olga");
    Who other = rig.signIn("olga");
    JsonObject wrong = JsonObject.of("current", "wrong", "password", "something longer");
    assertThat(rig.ask(one, "PUT /api/v1/account/password", wrong).fields())
        .containsExactly("/current");
    JsonObject right = JsonObject.of("current", HttpRig.PASSWORD, "password", "something longer");
    assertThat(rig.ask(one, "PUT /api/v1/account/password", right).status()).isEqualTo(204);
    assertThat(rig.ask(one, "GET /api/v1/account").status()).isEqualTo(200);
    assertThat(rig.ask(other, "GET /api/v1/account").status()).isEqualTo(401);
  }
}
