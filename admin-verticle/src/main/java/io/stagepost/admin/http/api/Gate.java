package io.stagepost.admin.http.api;

import io.stagepost.admin.http.api.Caller.Via;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** Finds out who asks, and whether that may be. What may not fails with {@link ApiProblem}. */
public final class Gate {

  /** The name of the cookie. */
  public static final String COOKIE = "stagepost-session";

  /** The header that repeats what only our own pages know. */
  public static final String CSRF = "X-CSRF-Token";

  static final String CALLER = "stagepost.caller";
  private static final String BEARER = "Bearer ";
  private static final Set<HttpMethod> SAFE =
      Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

  private final AccessControl access;

  Gate(AccessControl access) {
    this.access = access;
  }

  /** Who asks; empty when that can't be told. */
  public Optional<Caller> caller(HttpServerRequest request) {
    String authorization = request.getHeader(HttpHeaders.AUTHORIZATION);
    if (authorization != null) {
      return authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
          ? token(authorization.substring(BEARER.length()).strip())
          : Optional.empty();
    }
    Cookie cookie = request.getCookie(COOKIE);
    return Optional.ofNullable(cookie)
        .flatMap(found -> access.sessions().find(found.getValue()))
        .flatMap(this::session);
  }

  /**
   * Lets a request in that needs a scope, for routes that are not in the contract.
   *
   * @throws ApiProblem when it may not be
   */
  public Caller admit(RoutingContext context, Scope scope) {
    Caller caller = known(context);
    if (!caller.may(scope)) {
      throw ApiProblem.of(403, "the scope \"" + scope.word() + "\" is needed");
    }
    return caller;
  }

  /** The same for an operation of the contract. */
  void admit(RoutingContext context, Contract contract, String operation) {
    if (contract.isOpen(operation)) {
      return;
    }
    Caller caller = known(context);
    String scope =
        contract
            .scope(operation, caller.via().word())
            .orElseThrow(
                () -> ApiProblem.of(403, "not with a " + caller.via().word() + ": sign in"));
    if (!caller.may(Scope.of(scope).orElseThrow())) {
      throw ApiProblem.of(403, "the scope \"" + scope + "\" is needed");
    }
  }

  private Caller known(RoutingContext context) {
    HttpServerRequest request = context.request();
    Caller caller =
        caller(request).orElseThrow(() -> ApiProblem.of(401, "sign in, or send a good token"));
    caller
        .session()
        .filter(s -> !SAFE.contains(request.method()))
        .ifPresent(s -> check(request, s));
    context.put(CALLER, caller);
    return caller;
  }

  private static void check(HttpServerRequest request, Session session) {
    String repeated = request.getHeader(CSRF);
    if (repeated == null || !isSame(repeated, session.csrf())) {
      throw ApiProblem.of(403, "the header " + CSRF + " is needed");
    }
  }

  private static boolean isSame(String a, String b) {
    return MessageDigest.isEqual(
        a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
  }

  private Optional<Caller> session(Session session) {
    return access
        .roles()
        .role(session.user())
        .map(
            role ->
                new Caller(
                    session.user(),
                    role,
                    role.scopes(),
                    Via.SESSION,
                    Optional.of(session),
                    session.expires()));
  }

  private Optional<Caller> token(String text) {
    Optional<Token> token = access.tokens().find(text);
    Optional<Role> role = token.flatMap(found -> access.roles().role(found.user()));
    if (token.isEmpty() || role.isEmpty()) {
      return Optional.empty();
    }
    Set<Scope> scopes = EnumSet.noneOf(Scope.class);
    scopes.addAll(token.get().scopes());
    scopes.retainAll(role.get().scopes());
    return Optional.of(
        new Caller(
            token.get().user(),
            role.get(),
            scopes,
            Via.TOKEN,
            Optional.empty(),
            token.get().expires()));
  }
}
