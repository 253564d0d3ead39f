package io.stagepost.smtpserver;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import io.stagepost.config.SecuritySettings.Tls;
import io.stagepost.config.SmtpSettings.Network;
import io.stagepost.net.AddressRanges;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections by way of a proxy. */
class ProxyHeaderTest {

  private static final String SIGNATURE = "\r\n\r\n\0\r\nQUIT\n";
  private static final String V1 = "PROXY TCP4 10.1.2.3 127.0.0.1 4321 25\r\n";
  // Version 2, PROXY, TCP over IPv4, 12 octets: 10.1.2.3 and 127.0.0.1, ports 4321 and 25.
  private static final String V2 =
      SIGNATURE + "!\u0011\0\u000c\n\u0001\u0002\u0003\u007f\0\0\u0001\u0010\u00e1\0\u0019";
  // Version 2, LOCAL.
  private static final String LOCAL = SIGNATURE + " \0\0\0";

  private final TestSettings settings = TestSettings.dropIn();

  ProxyHeaderTest() {
    settings.network =
        new Network(AddressRanges.LOCAL, AddressRanges.parse(List.of("127.0.0.0/8")), List.of());
  }

  @ParameterizedTest
  @ValueSource(strings = {V1, V2})
  void theClientIsWhomTheHeaderNames(String header) {
    try (LogLines log = new LogLines(Level.INFO);
        RunningIntake server = new RunningIntake(settings, 1);
        TestClient client = new TestClient(server.port())) {
      client.send(header + "EHLO x\r\n");
      assertThat(client.reply()).startsWith("220 ");
      assertThat(client.reply()).isEqualTo("250 8BITMIME");
      assertThat(client.submit()).isEqualTo("250 message processed");
      assertThat(server.spool.stored().getFirst().envelope().origin().client())
          .isEqualTo("10.1.2.3");
      log.await("smtp connection from 10.1.2.3:4321");
    }
  }

  @Test
  void aHeaderMayComeOctetByOctet() {
    try (RunningIntake server = new RunningIntake(settings, 1);
        TestClient client = new TestClient(server.port())) {
      for (char octet : (V1 + "EHLO x\r\n").toCharArray()) {
        client.send(String.valueOf(octet));
      }
      assertThat(client.reply()).startsWith("220 ");
      assertThat(client.reply()).isEqualTo("250 8BITMIME");
    }
  }

  @Test
  void aProxySpeaksForItselfToo() {
    try (LogLines log = new LogLines(Level.INFO);
        RunningIntake server = new RunningIntake(settings, 1);
        TestClient client = new TestClient(server.port())) {
      client.send(LOCAL);
      assertThat(client.reply()).startsWith("220 ");
      log.await("smtp connection from 127.0.0.1:");
    }
  }

  @Test
  void encryptionBeginsBehindTheHeader() throws IOException {
    settings.security.tls = Tls.IMPLICIT;
    try (RunningIntake server = new RunningIntake(settings, 1);
        TestClient client = new TestClient(server.port())) {
      client.send(V1).encrypt(TestClient.trusting());
      assertThat(client.reply()).startsWith("220 ");
      client.ask("EHLO x");
      assertThat(client.submit()).isEqualTo("250 message processed");
      assertThat(server.spool.stored().getFirst().content().toString(ISO_8859_1))
          .startsWith("Received: from x ([10.1.2.3]) by relay.test with ESMTPS tls ");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"EHLO x\r\nMAIL FROM:<a@b.test>\r\n", "PROXY TCP4 nonsense\r\n"})
  void r3AProxyWithoutHeaderIsNotServed(String octets) {
    try (LogLines log = new LogLines(Level.INFO);
        RunningIntake server = new RunningIntake(settings, 1);
        TestClient client = new TestClient(server.port())) {
      client.send(octets);
      assertThat(client.isClosed()).isTrue();
      log.await(": no valid PROXY header");
      log.await("connection rejected from 127.0.0.1:");
    }
  }

  @Test
  void r1AClientFromOutsideIsDroppedBehindAProxyToo() {
    try (LogLines log = new LogLines(Level.INFO);
        RunningIntake server = new RunningIntake(settings, 1);
        TestClient client = new TestClient(server.port())) {
      client.send("PROXY TCP4 203.0.113.9 127.0.0.1 4321 25\r\n");
      assertThat(client.isClosed()).isTrue();
      log.await("connection rejected from 203.0.113.9:4321");
    }
  }

  @Test
  void r2OnlyListedRangesAreLocal() {
    settings.network =
        new Network(
            AddressRanges.parse(List.of("10.1.2.0/24")),
            AddressRanges.parse(List.of("127.0.0.1")),
            List.of());
    try (RunningIntake server = new RunningIntake(settings, 1);
        TestClient near = new TestClient(server.port());
        TestClient far = new TestClient(server.port())) {
      assertThat(near.send(V1).reply()).startsWith("220 ");
      far.send("PROXY TCP4 10.1.3.3 127.0.0.1 4321 25\r\n");
      assertThat(far.isClosed()).isTrue();
    }
  }
}
