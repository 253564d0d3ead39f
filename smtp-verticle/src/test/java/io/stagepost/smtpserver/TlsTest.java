package io.stagepost.smtpserver;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import io.stagepost.config.SecuritySettings.Tls;
import io.stagepost.config.SmtpSettings.Network;
import io.stagepost.net.AddressRanges;
import io.stagepost.net.ListenAddress;
import io.stagepost.net.tls.TlsEngine;
import io.stagepost.spool.MemorySpool.Stored;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Encryption, beyond what dialogue files say. */
class TlsTest {

  private static final SSLContext KNOWN = TestSecurity.authority().issue("client.test").server();

  private final TestSettings settings = TestSettings.dropIn();

  TlsTest() {
    settings.security.tls = Tls.STARTTLS;
  }

  @Test
  void t1WhatFollowsStartTlsInOneSegmentEndsTheSession() {
    try (LogLines log = new LogLines(Level.INFO);
        RunningIntake server = new RunningIntake(settings, 1);
        TestClient client = new TestClient(server.port())) {
      client.reply();
      client.send("EHLO x\r\nSTARTTLS\r\nNOOP\r\n");
      assertThat(client.reply()).isEqualTo("250 8BITMIME");
      assertThat(client.reply()).isEqualTo("554 nothing may follow starttls");
      assertThat(client.isClosed()).isTrue();
      log.await("received something in the clear after starttls");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"NOOP\r\n", "N", "\r\n"})
  void t1WhatComesInTheClearAfterTheGoAheadIsNeverAnswered(String injected) {
    try (LogLines log = new LogLines(Level.INFO);
        RunningIntake server = new RunningIntake(settings, 1);
        TestClient client = new TestClient(server.port())) {
      client.reply();
      client.ask("EHLO x");
      assertThat(client.ask("STARTTLS")).isEqualTo("220 ready to start tls");
      client.send(injected + "EHLO again\r\n");
      assertThat(client.reply()).doesNotContain("250");
      log.await("tls: tls error: not a TLS record");
      log.await("smtp connection closed: peer disconnected: ssl accept: ");
    }
  }

  @ParameterizedTest
  @EnumSource(TlsEngine.class)
  void whatAHandshakeCameToIsRecorded(TlsEngine engine) throws IOException {
    settings.security.engine = engine;
    try (LogLines log = new LogLines(Level.INFO);
        RunningIntake server = new RunningIntake(settings, 1);
        TestClient client = new TestClient(server.port())) {
      client.reply();
      client.ask("EHLO x");
      client.ask("STARTTLS");
      client.encrypt(TestClient.trusting());
      client.ask("EHLO y");
      assertThat(client.submit()).isEqualTo("250 message processed");
      String cipher = client.layer().getSession().getCipherSuite();
      log.await("protocol TLSv1.3 cipher " + cipher);
      Stored stored = server.spool.stored().getFirst();
      assertThat(stored.content().toString(ISO_8859_1))
          .startsWith(
              "Received: from y ([127.0.0.1]) by relay.test with ESMTPS tls " + cipher + " ; ");
      assertThat(stored.envelope().origin().certificate()).isEmpty();
    }
  }

  @Test
  void t2TheNameBeforeEncryptionIsForgotten() throws IOException {
    try (RunningIntake server = new RunningIntake(settings, 1);
        TestClient client = new TestClient(server.port())) {
      client.reply();
      client.ask("EHLO forged.example");
      client.ask("STARTTLS");
      client.encrypt(TestClient.trusting());
      assertThat(client.submit()).isEqualTo("250 message processed");
      assertThat(server.spool.stored().getFirst().content().toString(ISO_8859_1))
          .startsWith("Received: from [127.0.0.1] ([127.0.0.1]) by relay.test with ESMTPS tls ");
    }
  }

  @Test
  void aClientsCertificateIsRecordedUnlessItMustNotBeAskedFor() throws IOException {
    assertThat(certificateSeen(KNOWN)).startsWith("-----BEGIN CERTIFICATE-----\n");
    settings.security.verify = Optional.of("<none>");
    assertThat(certificateSeen(KNOWN)).isEmpty();
  }

  @Test
  void aClientsCertificateIsDemandedWhereItIsVerified() throws IOException {
    settings.security.verify = Optional.of(TestSecurity.authority().certificate().toString());
    assertThat(certificateSeen(KNOWN)).startsWith("-----BEGIN CERTIFICATE-----\n");
    try (LogLines log = new LogLines(Level.INFO);
        RunningIntake server = new RunningIntake(settings, 1);
        TestClient client = new TestClient(server.port())) {
      client.reply();
      client.ask("EHLO x");
      client.ask("STARTTLS");
      assertThatThrownBy(
              () -> client.encrypt(TestClient.trusting()).layer().getInputStream().read())
          .isInstanceOf(IOException.class);
      log.await("tls: tls error: ");
      log.await("smtp connection closed: peer disconnected: ssl accept: ");
    }
  }

  @Test
  void aHandshakeThatNeverEndsIsEnded() {
    settings.security.handshake = Duration.ofMillis(50);
    settings.security.tls = Tls.IMPLICIT;
    try (LogLines log = new LogLines(Level.INFO);
        RunningIntake server = new RunningIntake(settings, 1);
        TestClient client = new TestClient(server.port())) {
      client.awaitEnd();
      log.await("tls: tls error: handshake timed out");
      log.await("smtp connection closed: peer disconnected: ssl accept: ");
    }
  }

  @Test
  void aHandshakeWhereNoneIsExpectedIsExplained() {
    settings.security.tls = Tls.OFF;
    try (LogLines log = new LogLines(Level.INFO);
        RunningIntake server = new RunningIntake(settings, 1);
        TestClient client = new TestClient(server.port())) {
      client.reply();
      client.send("\u0016\u0003\u0001\u0002\u0000\u0001");
      log.await(
          "received unexpected tls handshake packet from remote client: try enabling implicit tls"
              + " (smtps)");
    }
  }

  @Test
  void anotherPortIsEncryptedFromTheFirstOctet() throws IOException {
    settings.network =
        new Network(
            AddressRanges.LOCAL,
            new AddressRanges(List.of()),
            List.of(new ListenAddress.Inet("127.0.0.1", 0)));
    try (RunningIntake server = new RunningIntake(settings, 2)) {
      int port = ((ListenAddress.Inet) server.intake().listening().getLast()).port();
      assertThat(server.intake().listening()).hasSize(2);
      try (TestClient client = new TestClient(port).encrypt(TestClient.trusting());
          TestClient plain = new TestClient(server.port())) {
        assertThat(client.reply()).startsWith("220 ");
        assertThat(client.ask("STARTTLS")).startsWith("500 ");
        assertThat(plain.reply()).startsWith("220 ");
      }
    }
  }

  private String certificateSeen(SSLContext tls) throws IOException {
    try (RunningIntake server = new RunningIntake(settings, 1);
        TestClient client = new TestClient(server.port())) {
      client.reply();
      client.ask("EHLO x");
      client.ask("STARTTLS");
      client.encrypt(tls);
      client.ask("EHLO y");
      assertThat(client.submit()).isEqualTo("250 message processed");
      return server.spool.stored().getFirst().envelope().origin().certificate();
    }
  }
}
