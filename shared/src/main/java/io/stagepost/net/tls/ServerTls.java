package io.stagepost.net.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.stagepost.telemetry.LogText;
import io.stagepost.telemetry.RelayLog;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.ServerSSLOptions;
import io.vertx.core.net.TrustOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * TLS as a server: our certificate, and what is asked of clients. Files that change are read again
 * at once for new connections, while those that are open stay; when the new ones are broken, the
 * former ones are kept. Thread-safe; one is enough for all instances of a verticle.
 */
public final class ServerTls {

  private static final long DAY_MILLIS = TimeUnit.DAYS.toMillis(1);

  private final Vertx vertx;
  private final Settings settings;
  private final RelayLog log;
  private final SwappedKeys keys;
  private final PeerTrust trust;
  private final SslContext context;
  private final FileWatch watch;
  private final long dailyTimer;
  private volatile Identity identity;
  private volatile Optional<X509ExtendedTrustManager> authorities;

  /**
   * What it is made of.
   *
   * @param certificate one PEM file with key and chain, or the key's and then the chain's
   * @param verify authorities for clients' certificates, which are then demanded: a file, a
   *     directory or {@code <default>}; {@code <none>} to ask for no certificates; empty to ask for
   *     them without looking at them
   * @param handshake how long one may take
   */
  public record Settings(
      List<Path> certificate,
      Optional<String> verify,
      TlsVersions versions,
      TlsEngine engine,
      Duration handshake) {

    /** Copies the list. */
    public Settings {
      certificate = List.copyOf(certificate);
    }

    private boolean verifies() {
      return versions.checks() == TlsVersions.Checks.AS_CONFIGURED
          && verify.filter(v -> !v.equals(Authorities.NONE)).isPresent();
    }

    private boolean asks() {
      return !verify.equals(Optional.of(Authorities.NONE));
    }

    private List<Path> files() {
      List<Path> files = new ArrayList<>(certificate);
      if (verifies()) {
        files.addAll(Authorities.files(verify.orElseThrow()));
      }
      return files;
    }
  }

  private record Loaded(
      Identity identity, Optional<X509ExtendedTrustManager> authorities, List<String> state) {

    static Loaded from(Vertx vertx, Settings settings) throws TlsException {
      List<String> state = FileWatch.state(settings.files());
      return new Loaded(
          Identity.load(vertx, settings.certificate),
          settings.verifies()
              ? Optional.of(Authorities.load(vertx, settings.verify.orElseThrow()))
              : Optional.empty(),
          state);
    }
  }

  private ServerTls(Vertx vertx, Settings settings, RelayLog log, Loaded loaded)
      throws TlsException {
    this.vertx = vertx;
    this.settings = settings;
    this.log = log;
    this.identity = loaded.identity;
    this.authorities = loaded.authorities;
    this.keys = new SwappedKeys(loaded.identity.keys());
    this.trust = new PeerTrust(() -> authorities, PeerTrust.NameRule.ANY);
    this.context = context();
    this.watch = FileWatch.over(vertx, settings.files(), loaded.state, this::reload);
    this.dailyTimer = vertx.setPeriodic(DAY_MILLIS, t -> warnLater());
    identity.warnings(settings.certificate).forEach(log::warn);
  }

  /** Reads the files. Fails with {@link TlsException}, which names the file and its fault. */
  public static Future<ServerTls> load(Vertx vertx, Settings settings, RelayLog log) {
    return vertx.executeBlocking(
        () -> {
          settings.versions.permit();
          return new ServerTls(vertx, settings, log, Loaded.from(vertx, settings));
        });
  }

  /** For servers that Vert.x itself makes; the files' changes are followed here too. */
  public ServerSSLOptions options() {
    ServerSSLOptions options =
        new ServerSSLOptions()
            .setKeyCertOptions(KeyCertOptions.wrap(keys))
            .setTrustOptions(TrustOptions.wrap(trust))
            .setClientAuth(
                switch (clientAuth()) {
                  case NONE -> io.vertx.core.http.ClientAuth.NONE;
                  case OPTIONAL -> io.vertx.core.http.ClientAuth.REQUEST;
                  case REQUIRE -> io.vertx.core.http.ClientAuth.REQUIRED;
                });
    options.setEnabledSecureTransportProtocols(new LinkedHashSet<>(settings.versions.protocols()));
    options.setSslHandshakeTimeout(settings.handshake.toMillis());
    options.setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS);
    return options;
  }

  /** Looks now whether the files have changed; true when they had. */
  public Future<Boolean> refresh() {
    return watch.look();
  }

  /** Watches the files no longer. */
  public void close() {
    watch.stop();
    vertx.cancelTimer(dailyTimer);
  }

  SslHandler newHandler(ByteBufAllocator allocator) {
    SslHandler handler = context.newHandler(allocator);
    handler.setHandshakeTimeout(settings.handshake.toMillis(), TimeUnit.MILLISECONDS);
    return handler;
  }

  private SslContext context() throws TlsException {
    try {
      return SslContextBuilder.forServer(keys)
          .trustManager(trust)
          .clientAuth(clientAuth())
          .protocols(settings.versions.names())
          .sslProvider(settings.engine.provider())
          .build();
    } catch (SSLException e) {
      throw new TlsException(TlsException.Kind.SETUP, "cannot use TLS: " + Pem.reason(e), e);
    }
  }

  private ClientAuth clientAuth() {
    return settings.verifies()
        ? ClientAuth.REQUIRE
        : settings.asks() ? ClientAuth.OPTIONAL : ClientAuth.NONE;
  }

  private Void reload() {
    try {
      Loaded loaded = Loaded.from(vertx, settings);
      identity = loaded.identity;
      authorities = loaded.authorities;
      keys.swap(loaded.identity.keys());
      log.info("tls: certificate read again: " + settings.certificate.getLast());
      warn();
    } catch (TlsException e) {
      log.warn(
          "tls: keeping the former certificate: " + LogText.escape(String.valueOf(e.getMessage())));
    }
    return null;
  }

  private void warnLater() {
    vertx.executeBlocking(
        () -> {
          warn();
          return null;
        });
  }

  private void warn() {
    identity.warnings(settings.certificate).forEach(log::warn);
  }
}
