package io.stagepost.net.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.NetUtil;
import io.stagepost.net.tls.PeerTrust.NameRule;
import io.stagepost.telemetry.LogText;
import io.stagepost.telemetry.RelayLog;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.TrustOptions;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * TLS as a client: what we show, and what is asked of servers. Changed files are read again, broken
 * ones leave the former in use. Thread-safe.
 *
 * <p>Bound: what was made for a host is kept for {@link #MOST_HOSTS} hosts, those used last.
 */
public final class ClientTls {

  /** A required name that stands for the one of the host we connect to. */
  public static final String HOST_NAME = "<host>";

  private static final int MOST_HOSTS = 256;
  private static final float LOAD_FACTOR = 0.75f;

  private final Vertx vertx;
  private final Settings settings;
  private final RelayLog log;
  private final FileWatch watch;
  private final Optional<SwappedKeys> keys;
  private final Map<String, Peer> peers =
      new LinkedHashMap<>(16, LOAD_FACTOR, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Peer> eldest) {
          return size() > MOST_HOSTS;
        }
      };
  private volatile Optional<X509ExtendedTrustManager> authorities;

  /**
   * What it is made of.
   *
   * @param certificate one PEM file with key and chain, or the key's and then the chain's; empty to
   *     show none
   * @param authorities a file, a directory or {@code <default>}; empty or {@code <none>} to look at
   *     no certificates
   * @param requiredName a name that a certificate must have, or {@link #HOST_NAME}
   * @param serverName to ask for in the handshake (RFC 6066 §3); empty to ask for none
   * @param handshake how long one may take
   */
  public record Settings(
      List<Path> certificate,
      Optional<String> authorities,
      Optional<String> requiredName,
      Optional<String> serverName,
      Duration handshake) {

    /** Copies the list. */
    public Settings {
      certificate = List.copyOf(certificate);
    }
  }

  /**
   * How, apart from whom.
   *
   * @param versions what is spoken
   * @param engine what does the cryptography
   */
  public record Manner(TlsVersions versions, TlsEngine engine) {

    public static final Manner DEFAULT = new Manner(TlsVersions.DEFAULT, TlsEngine.JDK);
  }

  /** What is used with one host. */
  public final class Peer {

    private final String host;
    private final PeerTrust trust;
    private final SslContext context;

    private Peer(String host) throws TlsException {
      this.host = host;
      this.trust = new PeerTrust(() -> authorities, nameRule(host));
      this.context = context(trust);
    }

    /** For clients that Vert.x itself makes. The name is checked here, not by Vert.x. */
    public ClientSSLOptions options() {
      ClientSSLOptions options =
          new ClientSSLOptions()
              .setHostnameVerificationAlgorithm("")
              .setTrustOptions(TrustOptions.wrap(trust));
      keys.ifPresent(k -> options.setKeyCertOptions(KeyCertOptions.wrap(k)));
      options.setEnabledSecureTransportProtocols(new LinkedHashSet<>(manner.versions.protocols()));
      options.setSslHandshakeTimeout(settings.handshake.toMillis());
      options.setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS);
      return options;
    }

    /** The name to ask for in the handshake, if any. */
    public Optional<String> serverName() {
      return settings.serverName.or(() -> isAddress(host) ? Optional.empty() : Optional.of(host));
    }

    SslHandler newHandler(ByteBufAllocator allocator) {
      Optional<String> name = serverName();
      SslHandler handler =
          name.isPresent()
              ? context.newHandler(allocator, name.get(), -1)
              : context.newHandler(allocator);
      handler.setHandshakeTimeout(settings.handshake.toMillis(), TimeUnit.MILLISECONDS);
      return handler;
    }
  }

  private final Manner manner;

  private ClientTls(Vertx vertx, Settings settings, Manner manner, RelayLog log)
      throws TlsException {
    this.vertx = vertx;
    this.settings = settings;
    this.manner = manner;
    this.log = log;
    List<String> state = FileWatch.state(files());
    this.keys =
        settings.certificate.isEmpty()
            ? Optional.empty()
            : Optional.of(new SwappedKeys(identity().keys()));
    this.authorities = loadAuthorities();
    this.watch = FileWatch.over(vertx, files(), state, this::reload);
  }

  /** Reads the files. Fails with {@link TlsException}, which names the file and its fault. */
  public static Future<ClientTls> load(
      Vertx vertx, Settings settings, Manner manner, RelayLog log) {
    return vertx.executeBlocking(
        () -> {
          manner.versions.permit();
          return new ClientTls(vertx, settings, manner, log);
        });
  }

  /**
   * What to use with a host.
   *
   * @param host the name or address that the user or the DNS named, not what it resolved to
   * @throws TlsException when the engine refuses the settings
   */
  public Peer to(String host) throws TlsException {
    synchronized (peers) {
      Peer known = peers.get(host);
      if (known == null) {
        known = new Peer(host);
        peers.put(host, known);
      }
      return known;
    }
  }

  /** Looks now whether the files have changed; true when they had. */
  public Future<Boolean> refresh() {
    return watch.look();
  }

  /** Watches the files no longer. */
  public void close() {
    watch.stop();
  }

  /** Whether certificates are looked at, so that a name in one means something. */
  public boolean isVerifying() {
    return manner.versions.checks() == TlsVersions.Checks.AS_CONFIGURED
        && settings.authorities.filter(a -> !a.equals(Authorities.NONE)).isPresent();
  }

  private boolean checksHost() {
    return isVerifying() && settings.requiredName.equals(Optional.of(HOST_NAME));
  }

  private NameRule nameRule(String host) {
    if (!isVerifying() || settings.requiredName.isEmpty()) {
      return NameRule.ANY;
    }
    String wanted = checksHost() ? host : settings.requiredName.get();
    return certificate -> {
      boolean fits =
          checksHost()
              ? PeerNames.areForHost(certificate, wanted)
              : PeerNames.include(certificate, wanted);
      noteName(certificate, wanted, fits ? "1" : "0");
      if (!fits) {
        throw new PeerRefusedException(
            TlsException.Kind.WRONG_NAME, "certificate is not for " + wanted, null);
      }
    };
  }

  private void noteName(X509Certificate certificate, String wanted, String ok) {
    log.info(
        "tls: certificate-subject=["
            + LogText.escape(PeerNames.subject(certificate))
            + "] required-peer-name=["
            + wanted
            + "] ok="
            + ok);
  }

  private SslContext context(PeerTrust trust) throws TlsException {
    try {
      SslContextBuilder builder =
          SslContextBuilder.forClient()
              .endpointIdentificationAlgorithm(null) // our trust manager knows which name
              .trustManager(trust)
              .protocols(manner.versions.names())
              .sslProvider(manner.engine.provider());
      keys.ifPresent(builder::keyManager);
      return builder.build();
    } catch (SSLException e) {
      throw new TlsException(TlsException.Kind.SETUP, "cannot use TLS: " + Pem.reason(e), e);
    }
  }

  private List<Path> files() {
    List<Path> files = new ArrayList<>(settings.certificate);
    if (isVerifying()) {
      files.addAll(Authorities.files(settings.authorities.orElseThrow()));
    }
    return files;
  }

  private Identity identity() throws TlsException {
    Identity identity = Identity.load(vertx, settings.certificate);
    identity.warnings(settings.certificate).forEach(log::warn);
    return identity;
  }

  private Optional<X509ExtendedTrustManager> loadAuthorities() throws TlsException {
    return isVerifying()
        ? Optional.of(Authorities.load(vertx, settings.authorities.orElseThrow()))
        : Optional.empty();
  }

  private Void reload() {
    try {
      Optional<X509ExtendedTrustManager> found = loadAuthorities();
      if (keys.isPresent()) {
        keys.get().swap(identity().keys());
      }
      authorities = found;
      log.info("tls: certificates towards the next hop read again");
    } catch (TlsException e) {
      log.warn(
          "tls: keeping the former certificate: " + LogText.escape(String.valueOf(e.getMessage())));
    }
    return null;
  }

  private static boolean isAddress(String host) {
    return NetUtil.isValidIpV4Address(host) || NetUtil.isValidIpV6Address(host);
  }
}
