package io.stagepost.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.stagepost.net.tls.TestAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The relay forwards to Postfix, which wants encryption and a password that Dovecot checks. */
@Tag("postfix")
@Tag("dovecot")
class SubmissionServiceTest {

  private static final String DOVECOT = Distribution.DEPLOY.resolve("lib/dovecot").toString();

  /** Ports of Postfix, in the order in which its script has them. */
  enum Port {
    STARTTLS(0),
    IMPLICIT(1),
    EXPIRED(2),
    DEMANDING(3);

    private final int index;

    Port(int index) {
      this.index = index;
    }
  }

  @TempDir static Path certificates;
  private static Path dovecot;
  private static Postfix postfix;
  private static Path clientCertificate;
  private static Path otherAuthority;
  private static Path secrets;

  @TempDir Path spool;

  @BeforeAll
  static void start() throws IOException {
    Files.setPosixFilePermissions(certificates, PosixFilePermissions.fromString("rwxr-xr-x"));
    TestAuthority authority = TestAuthority.create(certificates, "ca");
    authority.certificate();
    Files.move(authority.issue("localhost").pem(), certificates.resolve("server.pem"));
    Files.move(authority.issueExpired("localhost").pem(), certificates.resolve("expired.pem"));
    clientCertificate = authority.issue("client.test").pem();
    otherAuthority = TestAuthority.create(certificates, "other").certificate();
    secrets =
        Files.writeString(certificates.resolve("secrets"), "client plain alice secret\n", UTF_8);
    dovecot = Files.createTempDirectory("stagepost-dovecot");
    Command.of(DOVECOT, "start", dovecot.toString()).succeed();
    postfix = Postfix.secure(certificates, dovecot.resolve("auth"));
  }

  @AfterAll
  static void stop() {
    postfix.close();
    Command.of(DOVECOT, "stop", dovecot.toString()).succeed();
    Command.of("rm", "-rf", dovecot.toString()).succeed();
  }

  private Relay.Launch relay(Port port, String host) {
    return relay(port, host, secrets);
  }

  private Relay.Launch relay(Port port, String host, Path accounts) {
    String encryption = port == Port.IMPLICIT ? "--client-tls-connection" : "--client-tls";
    return Relay.on(spool)
        .options("--as-client", host + ":" + postfix.port(port.index))
        .options(encryption, "--client-tls-required", "--verbose", "--verbose")
        .options("--client-auth", accounts.toString());
  }

  private String trusted() {
    return certificates.resolve("ca.pem").toString();
  }

  @ParameterizedTest
  @CsvSource({
    "STARTTLS, PLAIN",
    "STARTTLS, LOGIN",
    "STARTTLS, CRAM-MD5",
    "STARTTLS, SCRAM-SHA-256",
    "IMPLICIT, PLAIN",
    "IMPLICIT, SCRAM-SHA-256"
  })
  void delivers(Port port, String mechanism) {
    String recipient = (port + "-" + mechanism + "@example.com").toLowerCase(Locale.ROOT);
    SpoolFiles.put(spool, recipient);
    try (Relay relay =
        relay(port, "localhost")
            .options("--client-tls-verify", trusted(), "--client-auth-config", "m:" + mechanism)
            .start()) {
      assertThat(relay.await()).as(relay.log()).isZero();
      assertThat(relay.log())
          .contains("tls protocol established with 127.0.0.1:")
          .contains(
              "successful authentication with remote server over tls using mechanism ["
                  + mechanism.toLowerCase(Locale.ROOT)
                  + "] and plaintext secret for [alice] from line 1")
          .doesNotContain("AGFsaWNlAHNlY3JldA==", "c2VjcmV0");
    }
    assertThat(new String(postfix.await(recipient), UTF_8))
        .contains("(Authenticated sender: alice)")
        .contains("using TLSv1.3");
  }

  @Test
  void showsItsCertificate() {
    SpoolFiles.put(spool, "certificate@example.com");
    try (Relay relay =
        relay(Port.DEMANDING, "localhost")
            .options("--client-tls-verify", trusted())
            .options("--client-tls-certificate", clientCertificate.toString())
            .start()) {
      assertThat(relay.await()).as(relay.log()).isZero();
    }
    assertThat(new String(postfix.await("certificate@example.com"), UTF_8))
        .contains("client-signature");
  }

  @ParameterizedTest
  @CsvSource({
    "STARTTLS, localhost, other, certificate is from an unknown issuer",
    "IMPLICIT, localhost, other, certificate is from an unknown issuer",
    "STARTTLS, 127.0.0.1, ca, certificate is not for 127.0.0.1",
    "EXPIRED, localhost, ca, certificate has expired",
    "DEMANDING, localhost, ca, No client certificate presented"
  })
  void saysWhyNot(Port port, String host, String authority, String reason) {
    SpoolFiles.put(spool, "never@example.com");
    String trust = authority.equals("ca") ? trusted() : otherAuthority.toString();
    try (Relay relay = relay(port, host).options("--client-tls-verify", trust).start()) {
      relay.await();
      assertThat(relay.log())
          .containsPattern("deferring message until .*: .*" + Pattern.quote(reason))
          .doesNotContain("AUTH ");
    }
  }

  @Test
  void t7SendsNoPasswordToSomebodyUnverified() {
    SpoolFiles.put(spool, "never@example.com");
    try (Relay relay =
        relay(Port.STARTTLS, "localhost")
            .options("--client-tls-verify", "<none>", "--client-auth-config", "m:PLAIN")
            .start()) {
      relay.await();
      assertThat(relay.log())
          .contains("the password would go over a connection with a server that was not verified")
          .doesNotContain("tx>>: \"AUTH");
    }
  }

  @Test
  void aWrongPasswordIsSaid() throws IOException {
    SpoolFiles.put(spool, "never@example.com");
    Path wrong = Files.writeString(spool.resolve("secrets"), "client plain alice wrong\n");
    try (Relay relay =
        relay(Port.STARTTLS, "localhost", wrong)
            .options("--client-tls-verify", trusted(), "--client-auth-config", "m:PLAIN")
            .start()) {
      relay.await();
      assertThat(relay.log())
          .contains(
              "smtp error: authentication failed using mechanism [plain] and plaintext secret for"
                  + " [alice] from line 1: [");
    }
  }
}
