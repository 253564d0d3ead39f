package io.stagepost.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.stagepost.net.tls.TestAuthority;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Mail programs submit with every way to encrypt and to authenticate that they have. */
class SecureSubmissionTest {

  private static final String USER = "alice";
  private static final String PASSWORD = "Oc3an=Terribly+Secret";
  private static final Pattern PORT = Pattern.compile("smtp server on 127\\.0\\.0\\.1:(\\d+)");
  private static final String PYTHON =
      """
      import smtplib, ssl, sys
      port, form, mechanism, user, password, ca, sender = sys.argv[1:]
      context = ssl.create_default_context(cafile=ca)
      if form == "implicit":
          server = smtplib.SMTP_SSL("localhost", int(port), context=context)
      else:
          server = smtplib.SMTP("localhost", int(port))
          if form == "starttls":
              server.ehlo()
              server.starttls(context=context)
      server.ehlo()
      server.user, server.password = user, password
      server.ehlo()
      server.auth(mechanism, getattr(server, "auth_" + mechanism.lower().replace("-", "_")))
      server.sendmail(sender, ["to@example.com"], "Subject: x\\r\\n\\r\\nhello\\r\\n")
      server.quit()
      """;

  @TempDir static Path directory;
  private static Path authority;
  private static Path spool;
  private static Path script;
  private static Path message;
  private static Relay relay;
  private static int number;

  @BeforeAll
  static void start() throws IOException {
    TestAuthority issuer = TestAuthority.create(directory, "issuer");
    authority = issuer.certificate();
    Path certificate = issuer.issue("localhost", "127.0.0.1").pem();
    Path secrets =
        Files.writeString(
            directory.resolve("secrets"),
            "server plain " + USER + " " + PASSWORD.replace("+", "+2B").replace("=", "+3D") + "\n");
    Files.setPosixFilePermissions(secrets, PosixFilePermissions.fromString("rw-------"));
    script = Files.writeString(directory.resolve("send.py"), PYTHON);
    message = Files.writeString(directory.resolve("message"), "Subject: x\r\n\r\nhello\r\n");
    spool = Files.createDirectory(directory.resolve("spool"));
    relay =
        Relay.serving(spool)
            .options("--verbose", "--verbose", "--submissions-port", "0")
            .options("--server-tls", "--server-tls-certificate", certificate.toString())
            .options("--server-auth", secrets.toString(), "--clear-passwords")
            .listening();
  }

  @AfterAll
  static void stop() {
    relay.close();
  }

  @ParameterizedTest
  @Tag("swaks")
  @CsvSource({
    "clear,PLAIN", "clear,LOGIN", "clear,CRAM-MD5",
    "starttls,PLAIN", "starttls,LOGIN", "starttls,CRAM-MD5",
    "implicit,PLAIN", "implicit,LOGIN", "implicit,CRAM-MD5"
  })
  void swaks(String form, String mechanism) {
    String sender = sender();
    Command command =
        Command.of("swaks", "--server", "127.0.0.1", "--port", port(form), "--from", sender)
            .with(List.of("--to", "to@example.com", "--auth", mechanism, "--auth-user", USER))
            .with(List.of("--auth-password", PASSWORD));
    switch (form) {
      case "starttls" -> command = command.with(List.of("--tls"));
      case "implicit" -> command = command.with(List.of("--tls-on-connect"));
      default -> {}
    }
    command.succeed();
    assertArrived(sender, form);
  }

  @ParameterizedTest
  @Tag("curl")
  @CsvSource({
    "clear,PLAIN", "clear,LOGIN", "clear,CRAM-MD5",
    "starttls,PLAIN", "starttls,LOGIN", "starttls,CRAM-MD5",
    "implicit,PLAIN", "implicit,LOGIN", "implicit,CRAM-MD5"
  })
  void curl(String form, String mechanism) {
    String sender = sender();
    String scheme = form.equals("implicit") ? "smtps" : "smtp";
    Command command =
        Command.of("curl", "-sS", scheme + "://localhost:" + port(form), "--mail-from", sender)
            .with(List.of("--mail-rcpt", "to@example.com", "-T", message.toString()))
            .with(List.of("--cacert", authority.toString(), "-u", USER + ":" + PASSWORD))
            .with(List.of("--login-options", "AUTH=" + mechanism));
    if (form.equals("starttls")) {
      command = command.with(List.of("--ssl-reqd"));
    }
    command.succeed();
    assertArrived(sender, form);
  }

  @ParameterizedTest
  @Tag("msmtp")
  @CsvSource({
    "clear,cram-md5",
    "clear,scram-sha-256",
    "starttls,plain",
    "starttls,login",
    "starttls,cram-md5",
    "starttls,scram-sha-256",
    "implicit,plain",
    "implicit,login",
    "implicit,cram-md5",
    "implicit,scram-sha-256"
  })
  void msmtp(String form, String mechanism) {
    String sender = sender();
    Command command =
        Command.of("msmtp", "--host=localhost", "--port=" + port(form), "--from=" + sender)
            .with(List.of("--auth=" + mechanism, "--user=" + USER))
            .with(List.of("--passwordeval=printf %s '" + PASSWORD + "'"));
    command =
        switch (form) {
          case "starttls" -> command.with(List.of("--tls=on", "--tls-starttls=on"));
          case "implicit" -> command.with(List.of("--tls=on", "--tls-starttls=off"));
          default -> command.with(List.of("--tls=off"));
        };
    if (!form.equals("clear")) {
      command = command.with(List.of("--tls-trust-file=" + authority));
    }
    command.with(List.of("to@example.com")).input(message).succeed();
    assertArrived(sender, form);
  }

  @ParameterizedTest
  @Tag("python")
  @CsvSource({
    "clear,PLAIN", "clear,LOGIN", "clear,CRAM-MD5",
    "starttls,PLAIN", "starttls,LOGIN", "starttls,CRAM-MD5",
    "implicit,PLAIN", "implicit,LOGIN", "implicit,CRAM-MD5"
  })
  void smtplib(String form, String mechanism) {
    String sender = sender();
    Command.of("python3", script.toString(), port(form), form, mechanism, USER, PASSWORD)
        .with(List.of(authority.toString(), sender))
        .succeed();
    assertArrived(sender, form);
  }

  @Test
  @Tag("curl")
  void aWrongPasswordIsRefusedAndIsNotInTheLogEither() {
    Command.Result result =
        Command.of("curl", "-sS", "smtp://localhost:" + port("clear"), "--mail-from", "a@b")
            .with(List.of("--mail-rcpt", "c@d", "-T", message.toString()))
            .with(List.of("-u", USER + ":N3arly-Right", "--login-options", "AUTH=PLAIN"))
            .run();
    assertThat(result.exitCode()).isEqualTo(67);
    relay.awaitLine(
        line -> line.contains("failed authentication of remote client using mechanism"));
    assertThat(relay.log()).doesNotContain("N3arly").doesNotContain(base64("N3arly-Right"));
  }

  private static void assertArrived(String sender, String form) {
    String envelope = read(sender);
    assertThat(envelope).contains("X-MailRelay-Authentication: " + USER + "\r\n");
    String protocol = form.equals("clear") ? "ESMTPA ;" : "ESMTPSA tls TLS_";
    String content = content(sender);
    assertThat(content).startsWith("Received: from ").contains(" with " + protocol);
    relay.awaitLine(
        line -> line.contains("successful authentication of remote client using mechanism ["));
    assertThat(relay.log())
        .doesNotContain(PASSWORD)
        .doesNotContain(base64(PASSWORD))
        .doesNotContain(base64("\0" + USER + "\0" + PASSWORD))
        .doesNotContain(base64("\0" + USER + "\0" + PASSWORD).substring(0, 20));
  }

  private static String read(String sender) {
    return Stream.of(files(".envelope"))
        .filter(text -> text.contains("X-MailRelay-From: " + sender + "\r\n"))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no message of " + sender + "\n" + relay.log()));
  }

  private static String content(String sender) {
    try (Stream<Path> files = Files.list(spool)) {
      Path envelope =
          files
              .filter(file -> file.toString().endsWith(".envelope"))
              .filter(file -> text(file).contains("X-MailRelay-From: " + sender + "\r\n"))
              .findFirst()
              .orElseThrow();
      return text(Path.of(envelope.toString().replace(".envelope", ".content")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String[] files(String suffix) {
    try (Stream<Path> files = Files.list(spool)) {
      return files
          .filter(file -> file.toString().endsWith(suffix))
          .map(SecureSubmissionTest::text)
          .toArray(String[]::new);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String port(String form) {
    String first = Integer.toString(relay.port());
    if (!form.equals("implicit")) {
      return first;
    }
    String line = relay.awaitLine(said -> PORT.matcher(said).find() && !said.endsWith(":" + first));
    Matcher matcher = PORT.matcher(line);
    assertThat(matcher.find()).isTrue();
    return matcher.group(1);
  }

  private static String sender() {
    number++;
    return "sender" + number + "@example.com";
  }

  private static String base64(String text) {
    return Base64.getEncoder().withoutPadding().encodeToString(text.getBytes(UTF_8));
  }
}
