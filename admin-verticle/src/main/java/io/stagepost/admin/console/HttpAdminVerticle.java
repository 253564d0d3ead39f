package io.stagepost.admin.console;

import com.github.benmanes.caffeine.cache.Ticker;
import io.stagepost.admin.http.HttpServices;
import io.stagepost.admin.http.api.AccessControl;
import io.stagepost.admin.http.api.Sessions;
import io.stagepost.admin.http.api.Tokens;
import io.stagepost.admin.http.api.UserRoles;
import io.stagepost.admin.metrics.Meters;
import io.stagepost.config.HttpSettings.Transport;
import io.stagepost.net.ListenAddress;
import io.stagepost.net.tls.ServerTls;
import io.stagepost.telemetry.LogText;
import io.stagepost.telemetry.RelayLog;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.ServerSSLOptions;
import io.vertx.ext.web.Router;
import java.net.BindException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The console of a process. It listens at once; what it serves is put together after that, so that
 * mail doesn't wait for it, and the first requests do.
 */
public final class HttpAdminVerticle extends VerticleBase {

  private static final int IDLE_SECONDS = 300;
  // A parameter may have 20,000 characters, and each may take three octets.
  private static final int MOST_LINE = 64 << 10;
  private static final int MOST_HEADERS = 64 << 10;

  private final HttpServices services;
  private final Optional<Meters> meters;
  private final RelayLog log = RelayLog.of("");
  private final List<HttpServer> servers = new CopyOnWriteArrayList<>();
  private @Nullable ApiRouter parts;
  private @Nullable AccessControl access;

  /**
   * The console.
   *
   * @param meters present when metrics are wanted
   */
  public HttpAdminVerticle(HttpServices services, Optional<Meters> meters) {
    this.services = services;
    this.meters = meters;
  }

  @Override
  public Future<?> start() {
    UserRoles roles = new UserRoles(vertx, services.settings().users(), log);
    AccessControl control =
        new AccessControl(
            roles,
            new Sessions(services.settings().sessions(), Clock.systemUTC(), Ticker.systemTicker()),
            new Tokens(vertx, services.state().resolve("tokens.json"), Clock.systemUTC()));
    access = control;
    return roles
        .open()
        .compose(v -> somebody(roles))
        .compose(v -> control.tokens().open())
        .compose(v -> listen(assemble(control)));
  }

  // Beyond this host nothing is served that nobody could use but somebody who guesses.
  private Future<Void> somebody(UserRoles roles) {
    if (!roles.all().isEmpty()) {
      return Future.succeededFuture();
    }
    String text = "nobody may sign in to the console: " + services.settings().users() + " is empty";
    if (!services.settings().isLoopback()) {
      return Future.failedFuture(new IllegalStateException(text));
    }
    log.warn(text);
    return Future.succeededFuture();
  }

  private Future<Router> assemble(AccessControl control) {
    ApiRouter assembled = new ApiRouter(vertx, services, meters, control);
    parts = assembled;
    // Not before the process has said that it is up.
    return vertx
        .timer(1, TimeUnit.MILLISECONDS)
        .compose(v -> assembled.open())
        .onFailure(e -> log.error("console: " + LogText.escape(String.valueOf(e))));
  }

  private Future<Void> listen(Future<Router> router) {
    Future<Void> all = Future.succeededFuture();
    for (ListenAddress.Inet address : services.settings().listen()) {
      all = all.compose(v -> listen(address, router));
    }
    return all;
  }

  private Future<Void> listen(ListenAddress.Inet address, Future<Router> router) {
    HttpServerOptions options =
        new HttpServerOptions()
            .setHost(address.host())
            .setPort(address.port())
            .setIdleTimeout(IDLE_SECONDS)
            .setMaxInitialLineLength(MOST_LINE)
            .setMaxHeaderSize(MOST_HEADERS)
            .setDecompressionSupported(true)
            // An upgrade would be taken past a proxy that looks at each request.
            .setHttp2ClearTextEnabled(false);
    boolean secure = services.settings().transport() == Transport.TLS;
    if (secure) {
      ServerSSLOptions ssl = ssl(services.tls().orElseThrow());
      options
          .setSsl(true)
          .setUseAlpn(true)
          .setKeyCertOptions(ssl.getKeyCertOptions())
          .setEnabledSecureTransportProtocols(ssl.getEnabledSecureTransportProtocols());
    }
    return vertx
        .createHttpServer(options)
        .requestHandler(request -> serve(request, router))
        .listen()
        .map(
            open -> {
              servers.add(open);
              String scheme = secure ? "https" : "http";
              ListenAddress actual = new ListenAddress.Inet(address.host(), open.actualPort());
              log.info("console on " + scheme + "://" + url(actual));
              return (Void) null;
            })
        .recover(e -> Future.failedFuture(bind(address, e)));
  }

  // Clients' certificates are none of the console's ways in.
  private static ServerSSLOptions ssl(ServerTls tls) {
    return tls.options().setTrustOptions(null).setClientAuth(ClientAuth.NONE);
  }

  /** Uses another certificate for connections from now on. May be called from any thread. */
  public Future<Void> encrypt(ServerTls tls) {
    ServerSSLOptions options =
        ssl(tls)
            .setApplicationLayerProtocols(
                List.of(HttpVersion.HTTP_2.alpnName(), HttpVersion.HTTP_1_1.alpnName()));
    return Future.join(
            servers.stream().map(server -> server.updateSSLOptions(options.copy())).toList())
        .mapEmpty();
  }

  private static String url(ListenAddress address) {
    return address instanceof ListenAddress.Inet inet && inet.host().indexOf(':') >= 0
        ? "[" + inet.host() + "]:" + inet.port()
        : address.toString();
  }

  private static Throwable bind(ListenAddress address, Throwable e) {
    BindException told = new BindException("cannot listen on " + address + " for the console");
    told.initCause(e);
    return told;
  }

  private void serve(HttpServerRequest request, Future<Router> router) {
    if (router.succeeded()) {
      router.result().handle(request);
      return;
    }
    request.pause();
    router
        .onSuccess(
            ready -> {
              // In this order, as what comes before somebody listens would be lost.
              ready.handle(request);
              request.resume();
            })
        .onFailure(
            e -> {
              request.resume();
              request.response().setStatusCode(500).end();
            });
  }

  /** Where it listens. */
  public List<Integer> ports() {
    return servers.stream().map(HttpServer::actualPort).toList();
  }

  @Override
  public Future<?> stop() {
    Future<Void> closed = Future.succeededFuture();
    for (HttpServer server : servers) {
      closed = closed.eventually(server::close);
    }
    ApiRouter opened = parts;
    if (opened != null) {
      closed = closed.eventually(opened::close);
    }
    AccessControl control = access;
    if (control != null) {
      control.roles().close();
      closed = closed.eventually(() -> control.tokens().close());
    }
    return closed;
  }
}
