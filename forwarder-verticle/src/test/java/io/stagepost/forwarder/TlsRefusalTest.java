package io.stagepost.forwarder;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.stagepost.config.ForwardSettings.Timeouts;
import io.stagepost.config.SecuritySettings;
import io.stagepost.config.SecuritySettings.Author;
import io.stagepost.config.SecuritySettings.Client;
import io.stagepost.config.SecuritySettings.Need;
import io.stagepost.config.SecuritySettings.Passwords;
import io.stagepost.config.SecuritySettings.Tls;
import io.stagepost.config.SecuritySettings.Verification;
import io.stagepost.net.tls.TestAuthority;
import io.stagepost.spool.MessageId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Next hops that end a connection because of its encryption. */
class TlsRefusalTest {

  @TempDir private static Path certificates;
  private static SSLContext server;
  private static Path stranger;

  @TempDir Path directory;

  @BeforeAll
  static void makeCertificates() throws IOException {
    server = TestAuthority.create(certificates, "ours").issue("hop.test").server();
    // Of the same name, as a certificate by nobody that the server names isn't shown to it.
    Path elsewhere = Files.createDirectory(certificates.resolve("elsewhere"));
    stranger = TestAuthority.create(elsewhere, "ours").issue("client.test").pem();
  }

  @BeforeEach
  void makeSpool() throws IOException {
    Files.createDirectory(directory.resolve("spool"));
  }

  /** With TLS 1.3, the refusal comes when the handshake is over for us. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "TLSv1.2 ; stranger ; SSL_connect\\(\\): \\[.*certificate_unknown",
        "TLSv1.3 ; stranger ; SSL_read\\(\\): \\[.*certificate_unknown",
        "TLSv1.2 ; none     ; SSL_connect\\(\\): \\[.*(bad_certificate|handshake_failure)",
        "TLSv1.3 ; none     ; SSL_read\\(\\): \\[.*certificate_required"
      })
  void aCertificateThatIsNotAcceptedIsNamed(String version, String shown, String reason)
      throws IOException {
    List<Path> certificate = shown.equals("none") ? List.of() : List.of(stranger);
    try (Rig rig = new Rig(directory.resolve("spool"));
        SSLServerSocket hop = demanding(version);
        LogLines log = new LogLines()) {
      MessageId id = rig.put("x@y.test");
      TestSettings settings =
          TestSettings.oneShot(hop.getLocalPort()).security(implicit(certificate));
      assertThat(rig.runOnce(settings)).startsWith("peer disconnected: ssl ");
      assertThat(rig.state(id)).isEqualTo("failed");
      assertThat(log.lines()).anyMatch(line -> line.matches(".*tls: tls error: " + reason + ".*"));
    }
  }

  @Test
  void aHandshakeHasTheTimeOfAConnection() throws IOException {
    Duration limit = Duration.ofMillis(200);
    Duration patience = Duration.ofMinutes(10);
    try (Rig rig = new Rig(directory.resolve("spool"));
        ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        LogLines log = new LogLines()) {
      rig.put("x@y.test");
      TestSettings settings =
          TestSettings.oneShot(silent.getLocalPort())
              .security(implicit(List.of()))
              .timeouts(new Timeouts(limit, patience, patience, patience));
      assertThat(rig.runOnce(settings)).isEqualTo("peer disconnected: ssl connect");
      assertThat(log.lines()).anyMatch(line -> line.contains("SSL_connect(): ["));
    }
  }

  private static SSLServerSocket demanding(String version) throws IOException {
    SSLServerSocket socket =
        (SSLServerSocket)
            server
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    socket.setNeedClientAuth(true);
    socket.setEnabledProtocols(new String[] {version});
    Thread.ofVirtual().start(() -> serve(socket));
    return socket;
  }

  private static void serve(SSLServerSocket hop) {
    while (!hop.isClosed()) {
      try (Socket socket = hop.accept()) {
        ((SSLSocket) socket).startHandshake();
        socket.getOutputStream().write("220 hi\r\n".getBytes(US_ASCII));
      } catch (IOException e) {
        // Refused, or this is closed.
      }
    }
  }

  private static SecuritySettings implicit(List<Path> certificate) {
    SecuritySettings none = SecuritySettings.NONE;
    return new SecuritySettings(
        none.server(),
        new Client(
            Tls.IMPLICIT,
            Need.REQUIRED,
            certificate,
            new Verification(Optional.empty(), Optional.empty(), Optional.empty()),
            Optional.empty(),
            Optional.empty(),
            Passwords.ANYWHERE,
            Author.ACCOUNT),
        none.versions(),
        none.engine(),
        none.guard());
  }
}
