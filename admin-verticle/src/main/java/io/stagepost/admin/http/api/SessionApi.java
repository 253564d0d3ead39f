package io.stagepost.admin.http.api;

import io.stagepost.admin.http.HttpServices;
import io.stagepost.admin.http.api.Sessions.Opened;
import io.stagepost.auth.AccountsProvider;
import io.stagepost.auth.AuthPeer;
import io.stagepost.auth.Privacy;
import io.stagepost.auth.SaslStep.Reason;
import io.stagepost.auth.SecretForm;
import io.stagepost.auth.SecretsEditor;
import io.stagepost.auth.ServerAuthenticator;
import io.stagepost.config.HttpSettings.Transport;
import io.stagepost.telemetry.LogText;
import io.stagepost.telemetry.RelayLog;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.authentication.UsernamePasswordCredentials;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/** Signing in and out, and one's own account. */
public final class SessionApi implements ApiModule {

  private static final int BAN_SECONDS = 60;

  private final Vertx vertx;
  private final HttpServices services;
  private final AccessControl access;
  private final RelayLog log = RelayLog.of("");

  /** For all relays of the process. */
  public SessionApi(Vertx vertx, HttpServices services, AccessControl access) {
    this.vertx = vertx;
    this.services = services;
    this.access = access;
  }

  @Override
  public void addTo(ApiRoutes routes) {
    routes
        .answer("signIn", this::signIn)
        .answer("signOut", this::signOut)
        .answer("getAccount", call -> Future.succeededFuture(Answer.ok(account(call.caller()))))
        .answer("changePassword", this::changePassword);
  }

  private Future<Answer> signIn(ApiCall call) {
    String user = call.body().getString("user");
    String password = call.body().getString("password");
    return check(call.request(), user, password)
        .map(
            name -> {
              Role role =
                  access
                      .roles()
                      .role(name)
                      .orElseThrow(
                          () -> {
                            log.warn("console: no role for " + LogText.quote(name));
                            return refusal();
                          });
              forget(call.request());
              Opened opened = access.sessions().open(name);
              call.response().addCookie(cookie(opened.cookie()));
              Caller caller =
                  new Caller(
                      name,
                      role,
                      role.scopes(),
                      Caller.Via.SESSION,
                      Optional.of(opened.session()),
                      opened.session().expires());
              return Answer.ok(account(caller));
            });
  }

  private Future<String> check(HttpServerRequest request, String user, String password) {
    return new AccountsProvider(services.accounts(), peer(request))
        .authenticate(new UsernamePasswordCredentials(user, password))
        .map(found -> found.subject())
        .recover(e -> Future.failedFuture(failure(e)));
  }

  private static ApiProblem failure(Throwable e) {
    String reason = String.valueOf(e.getMessage());
    if (reason.equals(Reason.BANNED.name())) {
      return ApiProblem.later(429, "too many wrong passwords: try again later", BAN_SECONDS);
    }
    return reason.equals(Reason.UNAVAILABLE.name())
        ? ApiProblem.later(503, "passwords can't be checked now", 5)
        : refusal();
  }

  private static ApiProblem refusal() {
    return ApiProblem.of(401, "wrong user or password, or no role here");
  }

  private AuthPeer peer(HttpServerRequest request) {
    String address = request.remoteAddress().hostAddress();
    return new AuthPeer(
        "http",
        address == null ? "/" : address,
        services.settings().transport() == Transport.TLS ? Privacy.ENCRYPTED : Privacy.CLEAR,
        services.relays().getFirst().settings().smtp().domain(),
        log.withPeer(address == null ? "/" : address, request.remoteAddress().port()));
  }

  // Whatever a browser brought along, nobody else may know the new one (session fixation).
  private void forget(HttpServerRequest request) {
    Cookie old = request.getCookie(Gate.COOKIE);
    if (old != null) {
      access.sessions().find(old.getValue()).ifPresent(access.sessions()::close);
    }
  }

  private Cookie cookie(String value) {
    return Cookie.cookie(Gate.COOKIE, value)
        .setPath("/")
        .setHttpOnly(true)
        .setSecure(services.settings().transport() == Transport.TLS)
        .setSameSite(CookieSameSite.STRICT);
  }

  private Future<Answer> signOut(ApiCall call) {
    call.caller().session().ifPresent(access.sessions()::close);
    call.response().addCookie(cookie("").setMaxAge(0));
    return Future.succeededFuture(Answer.done());
  }

  private Future<Answer> changePassword(ApiCall call) {
    Caller caller = call.caller();
    if (services.settings().accounts().equals(ServerAuthenticator.PAM)) {
      throw ApiProblem.of(409, "passwords are those of the host");
    }
    return check(call.request(), caller.user(), call.body().getString("current"))
        .recover(
            e ->
                Future.failedFuture(
                    e instanceof ApiProblem p && p.status() == 401
                        ? ApiProblem.field("/current", "is not your password")
                        : e))
        .compose(name -> setPassword(caller.user(), call.body().getString("password")))
        .map(
            v -> {
              Optional<Session> mine = caller.session();
              access.sessions().of(caller.user()).stream()
                  .filter(session -> !mine.equals(Optional.of(session)))
                  .forEach(access.sessions()::close);
              return Answer.done();
            });
  }

  private Future<Void> setPassword(String user, String password) {
    return setPassword(vertx, services, user, password);
  }

  static Future<Void> setPassword(
      Vertx vertx, HttpServices services, String user, String password) {
    Path file = Path.of(services.settings().accounts());
    return vertx.executeBlocking(
        () -> {
          SecretForm form = SecretForm.ARGON2ID;
          String secret = form.make(password.getBytes(StandardCharsets.UTF_8));
          SecretsEditor.set(file, user, form, secret);
          return null;
        },
        false);
  }

  private static JsonObject account(Caller caller) {
    JsonArray scopes = new JsonArray();
    for (Scope scope : Scope.values()) {
      if (caller.may(scope)) {
        scopes.add(scope.word());
      }
    }
    JsonObject json =
        new JsonObject()
            .put("user", caller.user())
            .put("role", caller.role().word())
            .put("scopes", scopes)
            .put("via", caller.via().word())
            .put("expires", caller.expires().toString());
    caller.session().ifPresent(session -> json.put("csrfToken", session.csrf()));
    return json;
  }
}
