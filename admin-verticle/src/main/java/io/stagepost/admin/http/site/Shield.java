package io.stagepost.admin.http.site;

import io.stagepost.admin.http.api.ApiProblem;
import io.stagepost.config.HttpSettings;
import io.stagepost.net.AddressRange;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Keeps other sites' pages away from the console: requests for foreign host names (DNS rebinding),
 * from foreign origins (forgery, also by WebSocket and event stream), and frames around it.
 */
public final class Shield implements Handler<RoutingContext> {

  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
          + " font-src 'self'; connect-src 'self'; frame-src 'self'; manifest-src 'self';"
          + " base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
  private static final Set<String> OWN_SITE = Set.of("same-origin", "none");

  private final HttpSettings settings;
  private final List<String> domains;

  /**
   * For a server.
   *
   * @param domains names of this host besides those of the settings
   */
  public Shield(HttpSettings settings, List<String> domains) {
    this.settings = settings;
    this.domains = domains.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
  }

  @Override
  public void handle(RoutingContext context) {
    headers(context.response());
    HttpServerRequest request = context.request();
    HostAndPort authority = request.authority();
    if (authority == null || !isOurs(authority.host())) {
      context.fail(
          ApiProblem.of(403, "not for this host: --http-names can say what else it is called"));
    } else if (isForeign(request, authority)) {
      context.fail(ApiProblem.of(403, "from another site"));
    } else {
      context.next();
    }
  }

  private void headers(HttpServerResponse response) {
    response
        .putHeader("Content-Security-Policy", POLICY)
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader("X-Frame-Options", "DENY")
        .putHeader("Referrer-Policy", "no-referrer")
        .putHeader("Cross-Origin-Opener-Policy", "same-origin")
        .putHeader("Cross-Origin-Resource-Policy", "same-origin")
        .putHeader("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        .putHeader("Cache-Control", "no-store");
    if (settings.transport() == HttpSettings.Transport.TLS) {
      response.putHeader("Strict-Transport-Security", "max-age=31536000");
    }
  }

  private boolean isOurs(String named) {
    String host = named.toLowerCase(Locale.ROOT);
    String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    // An address can't be rebound.
    return host.equals("localhost")
        || settings.names().contains(host)
        || domains.contains(host)
        || isAddress(bare);
  }

  private static boolean isAddress(String text) {
    try {
      AddressRange.parse(text);
      return text.indexOf('/') < 0;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private boolean isForeign(HttpServerRequest request, HostAndPort authority) {
    boolean isVisit =
        request.method().equals(HttpMethod.GET)
            && !request.path().startsWith("/api/v1/")
            && "navigate".equals(request.getHeader("Sec-Fetch-Mode"));
    if (isVisit) {
      return false;
    }
    String site = request.getHeader("Sec-Fetch-Site");
    if (site != null && !OWN_SITE.contains(site)) {
      return true;
    }
    String origin = request.getHeader("Origin");
    if (origin == null) {
      return false;
    }
    String scheme = settings.transport() == HttpSettings.Transport.TLS ? "https" : "http";
    return !origin.equalsIgnoreCase(scheme + "://" + request.getHeader("Host"))
        && !origin.equalsIgnoreCase(scheme + "://" + authority);
  }
}
