package io.stagepost.net.tls;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.stagepost.telemetry.RelayLog;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/** Certificates in files, and what peers make of them. */
class TlsFilesTest {

  @TempDir static Path directory;
  private static TestAuthority authority;
  private static Path good;
  private static Path other;
  private static Path expired;
  private static Vertx vertx;
  // Held, as a client that nobody refers to any more is closed with all its connections.
  private static NetClient client;
  private static NetClient trusting;

  private final Logger logger = (Logger) LoggerFactory.getLogger(RelayLog.LOGGER);
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

  @BeforeAll
  static void issue() {
    vertx = Vertx.vertx();
    client = vertx.createNetClient(new NetClientOptions());
    trusting =
        vertx.createNetClient(
            new NetClientOptions()
                .setSsl(true)
                .setTrustAll(true)
                .setHostnameVerificationAlgorithm(""));
    authority = TestAuthority.create(directory, "good");
    good = authority.issue("relay.test", "*.hosts.test").pem();
    other = authority.issue("other.test").pem();
    expired = authority.issueExpired("relay.test").pem();
  }

  @AfterAll
  static void close() {
    await(vertx.close());
  }

  @BeforeEach
  void listen() {
    lines.start();
    logger.setLevel(Level.INFO);
    logger.addAppender(lines);
  }

  @AfterEach
  void listenNoMore() {
    logger.detachAppender(lines);
  }

  @ParameterizedTest
  @EnumSource(TlsEngine.class)
  void aChangedCertificateIsForNewConnectionsAndTheOthersStay(TlsEngine engine) throws IOException {
    Path file = directory.resolve("changing-" + engine + ".pem");
    Files.copy(good, file, StandardCopyOption.REPLACE_EXISTING);
    ServerTls tls = server(engine, file);
    NetServer server = echo(tls);
    NetSocket first = connect(server, "relay.test");
    Files.copy(other, file, StandardCopyOption.REPLACE_EXISTING);
    Files.setLastModifiedTime(file, java.nio.file.attribute.FileTime.fromMillis(1_000));
    assertThat(await(tls.refresh())).isTrue();
    assertThat(await(tls.refresh())).isFalse();
    assertThat(subject(connect(server, "other.test"))).isEqualTo("CN=other.test");
    assertThat(echo(first)).isEqualTo("hello");
    Files.writeString(file, "nonsense");
    assertThat(await(tls.refresh())).isTrue();
    assertThat(subject(connect(server, "other.test"))).isEqualTo("CN=other.test");
    assertThat(log())
        .anyMatch(line -> line.startsWith("tls: certificate read again: " + file))
        .contains(
            "tls: keeping the former certificate: cannot load "
                + file
                + ": there is no private key in it");
    tls.close();
    await(server.close());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "relay.test     | good    | OK",
        "a.hosts.test   | good    | OK",
        "a.b.hosts.test | good    | WRONG_NAME",
        "hosts.test     | good    | WRONG_NAME",
        "other.test     | good    | WRONG_NAME",
        "relay.test     | expired | EXPIRED",
        "relay.test     | other   | WRONG_NAME"
      })
  void aClientSaysWhatIsWrong(String host, String shown, String outcome) {
    Path file =
        switch (shown) {
          case "good" -> good;
          case "expired" -> expired;
          default -> other;
        };
    assertThat(outcome(file, host, authority.certificate(), Optional.of(ClientTls.HOST_NAME)))
        .isEqualTo(outcome);
  }

  @Test
  void aClientSaysThatTheIssuerIsUnknown() {
    Path strangers = TestAuthority.create(directory, "strangers").certificate();
    assertThat(outcome(good, "relay.test", strangers, Optional.empty()))
        .isEqualTo("UNKNOWN_ISSUER");
  }

  @Test
  void aRequiredNameMayBeACommonName() {
    assertThat(outcome(good, "127.0.0.1", authority.certificate(), Optional.of("relay.test")))
        .isEqualTo("OK");
    assertThat(outcome(good, "127.0.0.1", authority.certificate(), Optional.of("elsewhere.test")))
        .isEqualTo("WRONG_NAME");
    assertThat(log())
        .contains(
            "tls: certificate-subject=[/CN=relay.test] required-peer-name=[relay.test] ok=1",
            "tls: certificate-subject=[/CN=relay.test] required-peer-name=[elsewhere.test] ok=0");
  }

  @Test
  @Tag("openssl")
  void keysOfEachFormatAreRead() throws Exception {
    openssl("genrsa -traditional -out rsa1.pem 2048");
    openssl("genpkey -algorithm RSA -out rsa8.pem");
    openssl("ecparam -name prime256v1 -genkey -out ec.pem");
    for (String key : List.of("rsa1", "rsa8", "ec")) {
      openssl("req -x509 -key " + key + ".pem -out " + key + "c.pem -days 30 -subj /CN=x.test");
      server(TlsEngine.JDK, directory.resolve(key + ".pem"), directory.resolve(key + "c.pem"))
          .close();
    }
    assertThatThrownBy(
            () ->
                server(TlsEngine.JDK, directory.resolve("rsa1.pem"), directory.resolve("ecc.pem")))
        .hasMessageContaining("cannot load " + directory.resolve("rsa1.pem"));
    assertThatThrownBy(
            () ->
                server(
                    TlsEngine.JDK, directory.resolve("rsa1.pem"), directory.resolve("rsa8c.pem")))
        .hasMessage(
            "cannot load "
                + directory.resolve("rsa1.pem")
                + ": the key does not belong to the certificate");
    openssl("rsa -in rsa8.pem -aes128 -passout pass:x -out locked.pem");
    assertThatThrownBy(() -> server(TlsEngine.JDK, directory.resolve("locked.pem")))
        .hasMessage(
            "cannot load " + directory.resolve("locked.pem") + ": the key needs a passphrase");
  }

  @Test
  void filesThatCannotBeUsedAreNamed() throws IOException {
    Path missing = directory.resolve("missing.pem");
    assertThatThrownBy(() -> server(TlsEngine.JDK, missing))
        .isInstanceOf(TlsException.class)
        .hasMessage("cannot load " + missing + ": there is no such file");
    assertThatThrownBy(() -> server(TlsEngine.JDK, directory))
        .hasMessage("cannot load " + directory + ": it is a directory");
    assertThatThrownBy(() -> server(TlsEngine.JDK, good, missing))
        .hasMessage("cannot load " + missing + ": there is no such file");
    Path keyOnly =
        Files.writeString(
            directory.resolve("key.pem"),
            Files.readString(good).replaceAll("(?s)-----BEGIN CERTIFICATE.*", ""));
    assertThatThrownBy(() -> server(TlsEngine.JDK, keyOnly))
        .hasMessage("cannot load " + keyOnly + ": there is no certificate in it");
  }

  @Test
  void oldCertificatesAndOpenKeysAreWarnedOf() throws IOException {
    Files.setPosixFilePermissions(expired, PosixFilePermissions.fromString("rw-r--r--"));
    server(TlsEngine.JDK, expired).close();
    assertThat(log())
        .contains(
            "tls: the certificate of /CN=relay.test has expired: " + expired,
            "tls: everybody on this host can read the key in " + expired);
  }

  private static String outcome(Path shown, String host, Path authorities, Optional<String> name) {
    ServerTls tls = server(TlsEngine.JDK, shown);
    NetServer server = echo(tls);
    ClientTls trust =
        await(
            ClientTls.load(
                vertx,
                new ClientTls.Settings(
                    List.of(),
                    Optional.of(authorities.toString()),
                    name,
                    Optional.empty(),
                    Duration.ofSeconds(30)),
                ClientTls.Manner.DEFAULT,
                RelayLog.of("")));
    CompletableFuture<String> outcome = new CompletableFuture<>();
    vertx.runOnContext(
        v ->
            client
                .connect(server.actualPort(), "127.0.0.1")
                .compose(socket -> upgrade(socket, trust, host))
                .onComplete(
                    facts -> outcome.complete("OK"),
                    e -> outcome.complete(((TlsException) e).kind().name())));
    String seen = outcome.orTimeout(30, TimeUnit.SECONDS).join();
    tls.close();
    trust.close();
    await(server.close());
    return seen;
  }

  private static Future<TlsFacts> upgrade(NetSocket socket, ClientTls client, String host) {
    try {
      return TlsUpgrade.connect(socket, client.to(host));
    } catch (TlsException e) {
      return Future.failedFuture(e);
    }
  }

  private static ServerTls server(TlsEngine engine, Path... files) {
    return await(
        ServerTls.load(
            vertx,
            new ServerTls.Settings(
                List.of(files),
                Optional.empty(),
                TlsVersions.DEFAULT,
                engine,
                Duration.ofSeconds(30)),
            RelayLog.of("")));
  }

  private static NetServer echo(ServerTls tls) {
    return await(
        vertx
            .createNetServer()
            .connectHandler(
                socket ->
                    TlsUpgrade.accept(socket, tls)
                        .onSuccess(facts -> socket.handler(socket::write)))
            .listen(0, "127.0.0.1"));
  }

  private static NetSocket connect(NetServer server, String name) {
    return await(trusting.connect(server.actualPort(), "127.0.0.1", name));
  }

  private static String subject(NetSocket socket) {
    try {
      return ((java.security.cert.X509Certificate) socket.peerCertificates().getFirst())
          .getSubjectX500Principal()
          .getName();
    } catch (javax.net.ssl.SSLPeerUnverifiedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String echo(NetSocket socket) {
    CompletableFuture<Buffer> back = new CompletableFuture<>();
    socket.handler(back::complete);
    Future<Void> unused = socket.write("hello");
    return back.orTimeout(30, TimeUnit.SECONDS).join().toString();
  }

  private List<String> log() {
    return List.copyOf(lines.list).stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  private static void openssl(String words) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(("openssl " + words).split(" "))
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
  }

  private static <T> T await(Future<T> future) {
    try {
      return future.await(30, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError(e);
    }
  }
}
