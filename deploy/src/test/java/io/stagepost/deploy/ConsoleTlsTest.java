package io.stagepost.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.stagepost.net.tls.TestAuthority;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The console by HTTPS, with the certificate of the relay. */
class ConsoleTlsTest {

  private static final Pattern CONSOLE = Pattern.compile("https://127\\.0\\.0\\.1:\\d+");

  @TempDir Path directory;
  private TestAuthority issuer;
  private Path certificate;

  @BeforeEach
  void issue() {
    issuer = TestAuthority.create(directory, "issuer");
    certificate = issuer.issue("first.test", "127.0.0.1").pem();
  }

  private SignedInRelay start() throws IOException, GeneralSecurityException {
    return SignedInRelay.start(
        directory,
        client(Version.HTTP_2),
        "--http-tls",
        "--server-tls",
        "--server-tls-certificate",
        certificate.toString());
  }

  private HttpClient client(Version version) throws IOException, GeneralSecurityException {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    try (InputStream in = Files.newInputStream(issuer.certificate())) {
      trusted.setCertificateEntry(
          "issuer", CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return HttpClient.newBuilder().sslContext(context).version(version).build();
  }

  private static String subject(HttpResponse<String> response) throws IOException {
    X509Certificate shown =
        (X509Certificate) response.sslSession().orElseThrow().getPeerCertificates()[0];
    return shown.getSubjectX500Principal().getName();
  }

  @Test
  void isServedByHttp2AndKeptToHttps() throws Exception {
    try (SignedInRelay console = start()) {
      HttpResponse<String> page = console.send("GET", "/", "", List.of());
      assertThat(page.statusCode()).isEqualTo(200);
      assertThat(page.version()).isEqualTo(Version.HTTP_2);
      assertThat(page.headers().firstValue("Strict-Transport-Security"))
          .hasValue("max-age=31536000");
      assertThat(subject(page)).isEqualTo("CN=first.test");
      assertThat(cookie(console)).contains("Secure", "HTTPOnly", "SameSite=Strict");
      assertThat(console.ask("GET", "/api/v1/account", null).statusCode()).isEqualTo(200);
      JsonObject large = JsonObject.of("text", "x".repeat(25 << 20));
      console.expect(413, console.ask("POST", "/api/v1/configuration/validate", large));
      assertThat(console.ask("GET", "/api/v1/account", null).version()).isEqualTo(Version.HTTP_2);

      List<String> own = List.of("Cookie", console.cookie(), "Origin", origin(console, "https"));
      assertThat(console.send("GET", "/api/v1/queue", "", own).statusCode()).isEqualTo(200);
      List<String> plain = List.of("Cookie", console.cookie(), "Origin", origin(console, "http"));
      assertThat(console.send("GET", "/api/v1/queue", "", plain).statusCode()).isEqualTo(403);
      connectWebSocket(console);
      assertThat(inTheClear(console)).doesNotContain("200 OK");
    }
  }

  private static String cookie(SignedInRelay console) {
    JsonObject user = JsonObject.of("user", "reader", "password", "correct horse battery");
    List<String> json = List.of("Content-Type", "application/json");
    return console
        .send("POST", "/api/v1/session", user.encode(), json)
        .headers()
        .firstValue("Set-Cookie")
        .orElseThrow();
  }

  private static String origin(SignedInRelay console, String scheme) {
    return scheme + "://" + console.authority();
  }

  private static String inTheClear(SignedInRelay console) throws IOException {
    int port = URI.create(origin(console, "https")).getPort();
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket
          .getOutputStream()
          .write("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }

  // By HTTP/1.1.
  private void connectWebSocket(SignedInRelay console) throws Exception {
    try (HttpClient old = client(Version.HTTP_1_1)) {
      old.newWebSocketBuilder()
          .header("Cookie", console.cookie())
          .header("Origin", origin(console, "https"))
          .buildAsync(
              URI.create("wss://" + console.authority() + "/eventbus/websocket"),
              new WebSocket.Listener() {})
          .join()
          .abort();
    }
  }

  @Test
  void changedFilesOfTheCertificateAreShown() throws Exception {
    try (SignedInRelay console = start()) {
      Path next = issuer.issue("second.test", "127.0.0.1").pem();
      Files.move(next, certificate, StandardCopyOption.REPLACE_EXISTING);
      // Those of the SMTP server are looked at too, and either may be first.
      console.relay.awaitLine(line -> line.contains("tls: certificate read again"));
      awaitSubject(console.relay, origin(console, "https"), "CN=second.test");
      assertThat(console.ask("GET", "/api/v1/account", null).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void anotherCertificateOfTheConfigurationIsShown() throws Exception {
    configure(certificate);
    try (Relay relay =
        Relay.of(Distribution.program("stagepost"))
            .options("--no-daemon", "--config", directory.resolve("relay.conf").toString())
            .listening()) {
      Matcher matcher = CONSOLE.matcher(relay.awaitLine(line -> CONSOLE.matcher(line).find()));
      assertThat(matcher.find()).isTrue();
      assertThat(subject(newcomersSee(matcher.group()))).isEqualTo("CN=first.test");
      configure(issuer.issue("second.test", "127.0.0.1").pem());
      relay.signal("HUP");
      relay.awaitLine(line -> line.contains("configuration: tls.server.certificate changed"));
      awaitSubject(relay, matcher.group(), "CN=second.test");
      assertThat(newcomersSee(matcher.group()).version()).isEqualTo(Version.HTTP_2);
      assertThat(relay.log()).doesNotContain("needs a restart");
      // The console, which only a restart would end, still needs one.
      Path conf = directory.resolve("relay.conf");
      Files.writeString(conf, Files.readString(conf).replaceAll("(?m)^tls.*$|, tls = yes", ""));
      relay.signal("HUP");
      relay.awaitLine(line -> line.contains("\"admin.http.tls\" needs \"tls.server.certificate\""));
      assertThat(subject(newcomersSee(matcher.group()))).isEqualTo("CN=second.test");
    }
  }

  private void configure(Path pem) throws IOException {
    Path spool = Files.createDirectories(directory.resolve("spool"));
    Path accounts =
        Files.writeString(directory.resolve("accounts"), "server plain reader secret\n");
    Path users = Files.writeString(directory.resolve("users"), "viewer reader\n");
    String text =
        """
        domain = relay.localdomain
        spool.directory = "%s"
        listeners { port = 0, interface = ["127.0.0.1"] }
        tls.server { starttls = yes, certificate = ["%s"] }
        admin.http { port = [0], users = "%s", auth = "%s", tls = yes }
        """
            .formatted(spool, pem, users, accounts);
    Path next = Files.writeString(directory.resolve("next.conf"), text);
    Files.move(next, directory.resolve("relay.conf"), StandardCopyOption.REPLACE_EXISTING);
  }

  private void awaitSubject(Relay relay, String origin, String subject) throws Exception {
    long end = System.nanoTime() + 60_000_000_000L;
    while (!subject(newcomersSee(origin)).equals(subject)) {
      assertThat(System.nanoTime()).as("%s", relay.log()).isLessThan(end);
    }
  }

  private HttpResponse<String> newcomersSee(String origin) throws Exception {
    try (HttpClient client = client(Version.HTTP_2)) {
      HttpRequest page = HttpRequest.newBuilder(URI.create(origin)).build();
      return client.send(page, BodyHandlers.ofString());
    }
  }

  @Test
  void w8NobodyListensBeyondThisHostForNobody() throws IOException {
    Path spool = Files.createDirectory(directory.resolve("spool"));
    Path nobody = Files.writeString(directory.resolve("nobody"), "");
    Path accounts = Files.writeString(directory.resolve("accounts"), "server plain x y\n");
    try (Relay relay =
        Relay.serving(spool)
            .options("--http-port", "0", "--http-interface", "0.0.0.0", "--http-tls")
            .options("--server-tls", "--server-tls-certificate", certificate.toString())
            .options("--http-users", nobody.toString(), "--http-auth", accounts.toString())
            .start()) {
      assertThat(relay.await()).isNotZero();
      assertThat(relay.log())
          .contains("nobody may sign in to the console")
          .doesNotContain("console on ");
    }
  }
}
