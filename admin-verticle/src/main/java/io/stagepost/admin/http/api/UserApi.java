package io.stagepost.admin.http.api;

import io.stagepost.admin.http.HttpServices;
import io.stagepost.auth.SecretsEditor;
import io.stagepost.auth.ServerAuthenticator;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** Users and their roles, and the tokens of programs. */
public final class UserApi implements ApiModule {

  private static final int DEFAULT_DAYS = 90;

  private final Vertx vertx;
  private final HttpServices services;
  private final AccessControl access;

  /** For all relays of the process. */
  public UserApi(Vertx vertx, HttpServices services, AccessControl access) {
    this.vertx = vertx;
    this.services = services;
    this.access = access;
  }

  @Override
  public void addTo(ApiRoutes routes) {
    routes
        .answer("listUsers", call -> Future.succeededFuture(Answer.ok(users())))
        .answer("putUser", this::put)
        .answer("deleteUser", this::delete)
        .answer("listTokens", this::tokens)
        .answer("createToken", this::make)
        .answer("deleteToken", this::revoke);
  }

  private JsonObject users() {
    JsonArray users = new JsonArray();
    access.roles().all().forEach((name, role) -> users.add(user(name, role)));
    return JsonObject.of("users", users, "passwords", hasPasswords());
  }

  private JsonObject user(String name, Role role) {
    return JsonObject.of(
        "user", name, "role", role.word(), "sessions", access.sessions().of(name).size());
  }

  private boolean hasPasswords() {
    return !services.settings().accounts().equals(ServerAuthenticator.PAM);
  }

  private Future<Answer> put(ApiCall call) {
    String name = call.path("user");
    Role role = Role.of(call.body().getString("role")).orElseThrow();
    String password = call.body().getString("password");
    if (name.chars().anyMatch(Character::isISOControl)) {
      throw ApiProblem.field("user", "has a control character");
    }
    if (password != null && !hasPasswords()) {
      throw ApiProblem.of(409, "passwords are those of the host");
    }
    Optional<Role> before = access.roles().role(name);
    if (role != Role.ADMIN) {
      keepAnAdmin(name);
    }
    Future<Void> account =
        password == null
            ? Future.succeededFuture()
            : SessionApi.setPassword(vertx, services, name, password);
    return account
        .compose(v -> access.roles().put(name, Optional.of(role)))
        .map(
            v -> {
              if (password != null || !before.equals(Optional.of(role))) {
                access.sessions().closeAll(name);
              }
              return Answer.ok(user(name, role));
            });
  }

  private void keepAnAdmin(String name) {
    boolean others =
        access.roles().all().entrySet().stream()
            .anyMatch(each -> each.getValue() == Role.ADMIN && !each.getKey().equals(name));
    if (access.roles().role(name).equals(Optional.of(Role.ADMIN)) && !others) {
      throw ApiProblem.of(409, "the last admin stays one");
    }
  }

  private Future<Answer> delete(ApiCall call) {
    String name = call.path("user");
    if (access.roles().role(name).isEmpty()) {
      throw ApiProblem.missing("there is no such user");
    }
    keepAnAdmin(name);
    boolean account = call.flag("account");
    if (account && !hasPasswords()) {
      throw ApiProblem.of(409, "accounts are those of the host");
    }
    return access
        .roles()
        .put(name, Optional.empty())
        .compose(v -> access.tokens().revokeAll(name))
        .compose(v -> account ? removeAccount(name) : Future.succeededFuture())
        .map(
            v -> {
              access.sessions().closeAll(name);
              return Answer.done();
            });
  }

  private Future<Void> removeAccount(String name) {
    return vertx.executeBlocking(
        () -> {
          SecretsEditor.delete(Path.of(services.settings().accounts()), name);
          return null;
        },
        false);
  }

  private Future<Answer> tokens(ApiCall call) {
    Caller caller = call.caller();
    JsonArray tokens = new JsonArray();
    access.tokens().all().stream()
        .filter(token -> isVisible(token, caller))
        .forEach(token -> tokens.add(token.toJson()));
    return Future.succeededFuture(Answer.ok(JsonObject.of("tokens", tokens)));
  }

  private static boolean isVisible(Token token, Caller caller) {
    return caller.may(Scope.ADMIN) || token.user().equals(caller.user());
  }

  private Future<Answer> make(ApiCall call) {
    Caller caller = call.caller();
    Set<Scope> scopes = EnumSet.noneOf(Scope.class);
    for (Object word : call.body().getJsonArray("scopes")) {
      Scope scope = Scope.of(String.valueOf(word)).orElseThrow();
      if (!caller.may(scope)) {
        throw ApiProblem.field("/scopes", "your role does not have \"" + scope.word() + "\"");
      }
      scopes.add(scope);
    }
    if (access.tokens().isFull()) {
      throw ApiProblem.of(409, "there are too many tokens: revoke some");
    }
    Duration lifetime = Duration.ofDays(call.body().getInteger("days", DEFAULT_DAYS));
    return access
        .tokens()
        .make(caller.user(), call.body().getString("name"), scopes, lifetime)
        .map(made -> Answer.of(201, made.token().toJson().put("token", made.text())));
  }

  private Future<Answer> revoke(ApiCall call) {
    Caller caller = call.caller();
    Token token =
        access.tokens().all().stream()
            .filter(each -> each.id().equals(call.path("token")) && isVisible(each, caller))
            .findFirst()
            .orElseThrow(() -> ApiProblem.missing("there is no such token"));
    return access.tokens().revoke(token).map(v -> Answer.done());
  }
}
