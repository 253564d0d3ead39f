package io.stagepost.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.stagepost.net.tls.TestAuthority;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Credentials, certificates and what else protects the relay change while it runs. */
class SecurityReloadTest {

  private static final Pattern POP = Pattern.compile("pop server on 127\\.0\\.0\\.1:(\\d+)");
  private static final Pattern ADMIN = Pattern.compile("admin server on 127\\.0\\.0\\.1:(\\d+)");

  @TempDir Path directory;
  private Path spool;

  @BeforeEach
  void makeSpool() throws IOException {
    spool = Files.createDirectory(directory.resolve("spool"));
  }

  @Test
  void accountsOfClientsChange() throws IOException {
    Path first = secrets("first", "server plain alice one");
    Path second = secrets("second", "server plain bob two");
    String pop = "pop { enabled = yes, port = 0, auth = \"%s\" }\n";
    Path file = write(conf("auth.server = \"" + first + "\"\n" + pop.formatted(first)));
    try (Relay relay = own(file).listening()) {
      assertThat(submission(relay, "alice", "one")).contains("235 ");
      assertThat(login(relay, "alice", "one")).startsWith("+OK");
      reload(relay, "auth.server = \"" + second + "\"\n" + pop.formatted(second));
      relay.awaitLine(line -> line.contains("configuration: pop.auth changed from"));
      assertThat(submission(relay, "alice", "one")).contains("535 ").doesNotContain("235 ");
      assertThat(submission(relay, "bob", "two")).contains("235 ");
      assertThat(login(relay, "alice", "one")).startsWith("-ERR");
      assertThat(login(relay, "bob", "two")).startsWith("+OK");
      assertThat(relay.log()).doesNotContain("needs a restart");
    }
  }

  @Test
  void theCertificateChangesAndOneThatIsMissingIsRefused() throws IOException {
    TestAuthority authority = TestAuthority.create(directory, "issuer");
    Path first = authority.issue("first.test").pem();
    Path second = authority.issue("second.test").pem();
    String tls = "tls.server { starttls = yes, certificate = [\"%s\"] }";
    Path file = write(conf(tls.formatted(first)));
    try (Relay relay = own(file).listening();
        Socket old = new Socket(InetAddress.getLoopbackAddress(), relay.port())) {
      assertThat(certificate(relay)).contains("DNS:first.test");
      reload(relay, tls.formatted(second));
      relay.awaitLine(line -> line.contains("configuration: tls.server.certificate changed"));
      assertThat(certificate(relay)).contains("DNS:second.test");
      reload(relay, tls.formatted(directory.resolve("none.pem")) + "\nlimits.size = 5000");
      relay.awaitLine(line -> line.contains("error: configuration: ") && line.contains("none.pem"));
      relay.awaitLine(line -> line.contains("the file is not used"));
      assertThat(certificate(relay)).contains("DNS:second.test");
      assertThat(dialogue(relay.port(), "EHLO x", "QUIT")).doesNotContain("SIZE 5000");
      old.getOutputStream().write("QUIT\r\n".getBytes(StandardCharsets.US_ASCII));
      assertThat(new String(old.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
          .contains("221 ");
    }
  }

  @Test
  void ourOwnAccountChanges() throws IOException {
    Path hopSpool = Files.createDirectory(directory.resolve("hop"));
    Path accounts = secrets("accounts", "server plain new right");
    try (Relay hop =
        Relay.serving(hopSpool)
            .options("--server-auth", accounts.toString(), "--clear-passwords")
            .options("--auth-delay", "0")
            .listening()) {
      String to =
          """
          forward { to = "127.0.0.1:%d", temporary-failures = keep, retry-delay = 1s }
          auth { client = "plain:%s:%s", client-passwords = anywhere }
          tls.client.starttls = no
          """;
      Path file = write(conf(to.formatted(hop.port(), base64("old"), base64("wrong"))));
      try (Relay relay = own(file).listening()) {
        submit(relay);
        relay.awaitLine(line -> line.contains("authentication failed"));
        reload(relay, to.formatted(hop.port(), base64("new"), base64("right")));
        hop.awaitLine(line -> line.contains("successful authentication"));
        relay.awaitLine(line -> line.contains("successful authentication with remote server"));
      }
    }
  }

  @Test
  void whatAnAdministratorMayDoChanges() throws IOException {
    Path file = write(conf("admin.port = 0"));
    try (Relay relay = own(file).listening()) {
      int admin = port(relay, ADMIN);
      assertThat(dialogue(admin, "terminate", "quit")).contains("error:");
      reload(relay, "admin { port = 0, terminate = yes }");
      relay.awaitLine(line -> line.contains("admin.terminate changed from no to yes"));
      dialogue(admin, "terminate");
      assertThat(relay.await()).isZero();
    }
  }

  @Test
  void r4WhoIsBannedByOneProtocolIsBannedByTheOther() throws IOException {
    Path accounts = secrets("accounts", "server plain alice one");
    Path file =
        write(
            conf(
                """
                auth { server = "%s", ban-after = 3, delay = 0, ban-exempt = ["192.0.2.1"] }
                pop { enabled = yes, port = 0, auth = "%s" }
                """
                    .formatted(accounts, accounts)));
    try (Relay relay = own(file).listening()) {
      assertThat(submission(relay, "alice", "one")).contains("235 ");
      for (int i = 0; i < 3; i++) {
        assertThat(login(relay, "alice", "guess" + i)).startsWith("-ERR");
      }
      relay.awaitLine(line -> line.contains("no more authentication for 600s from 127.0.0.1"));
      // Nothing is sent, as an end with octets unread would be a reset.
      assertThat(dialogue(relay.port())).startsWith("421 ");
      relay.awaitLine(line -> line.contains("connection rejected from 127.0.0.1:"));
      assertThat(relay.log()).doesNotContain("guess");
    }
  }

  private static Relay.Launch own(Path file) {
    return Relay.of(Distribution.program("stagepost"))
        .options("--no-daemon", "--config", file.toString());
  }

  private String conf(String more) {
    return """
        domain = relay.localdomain
        spool.directory = "%s"
        listeners { port = 0, interface = ["127.0.0.1"] }
        auth.clear-passwords = yes
        %s
        """
        .formatted(spool, more);
  }

  private Path write(String text) throws IOException {
    Path other = Files.writeString(directory.resolve("relay.conf.new"), text);
    return Files.move(other, directory.resolve("relay.conf"), StandardCopyOption.REPLACE_EXISTING);
  }

  private void reload(Relay relay, String more) throws IOException {
    write(conf(more));
    relay.signal("HUP");
  }

  private Path secrets(String name, String line) throws IOException {
    return Files.writeString(directory.resolve(name), line + "\n");
  }

  private static String submission(Relay relay, String user, String password) throws IOException {
    String plain = base64("\0" + user + "\0" + password);
    return dialogue(relay.port(), "EHLO x", "AUTH PLAIN " + plain, "QUIT");
  }

  private static void submit(Relay relay) throws IOException {
    List<String> lines = List.of("EHLO x", "MAIL FROM:<a@b.test>", "RCPT TO:<c@d.test>", "DATA");
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), relay.port())) {
      String text = String.join("\r\n", lines) + "\r\nSubject: x\r\n\r\ntext\r\n.\r\nQUIT\r\n";
      socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
      assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
          .contains("message processed");
    }
  }

  private static String login(Relay relay, String user, String password) throws IOException {
    String told = dialogue(port(relay, POP), "USER " + user, "PASS " + password, "QUIT");
    return told.lines().skip(2).findFirst().orElse("");
  }

  private static String certificate(Relay relay) {
    String shown =
        Command.of("openssl", "s_client", "-starttls", "smtp", "-showcerts")
            .with(List.of("-connect", "127.0.0.1:" + relay.port()))
            .input(Path.of("/dev/null"))
            .run()
            .out();
    String pem = shown.substring(shown.indexOf("-----BEGIN"), shown.indexOf("-----END") + 25);
    try {
      Path file = Files.writeString(Files.createTempFile("stagepost", ".pem"), pem + "\n");
      return Command.of("openssl", "x509", "-noout", "-ext", "subjectAltName", "-in")
          .with(List.of(file.toString()))
          .succeed()
          .out();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static int port(Relay relay, Pattern listening) {
    Matcher matcher = listening.matcher(relay.awaitLine(line -> listening.matcher(line).find()));
    assertThat(matcher.find()).isTrue();
    return Integer.parseInt(matcher.group(1));
  }

  private static String dialogue(int port, String... lines) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      for (String line : lines) {
        socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
      }
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
