package io.stagepost.smtpserver;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import io.stagepost.auth.ThrottleOptions;
import io.stagepost.config.SecuritySettings.Tls;
import io.stagepost.net.AddressRanges;
import io.stagepost.spool.MemorySpool.Stored;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Authentication, beyond what dialogue files say. */
class AuthTest {

  private static final String PASSWORD = "Oc3an-Terribly-Secret";
  private static final String LATIN_PASSWORD = TestClient.base64(PASSWORD);

  private final TestSettings settings = TestSettings.dropIn();

  AuthTest() {
    settings.security.accounts = "server plain alice " + PASSWORD;
  }

  @Test
  void theUserIsRecorded() {
    try (LogLines log = new LogLines(Level.INFO);
        RunningIntake server = new RunningIntake(settings, 1);
        TestClient client = new TestClient(server.port())) {
      client.reply();
      client.ask("EHLO x");
      assertThat(client.ask("AUTH PLAIN " + TestClient.plain("alice", PASSWORD)))
          .isEqualTo("235 authentication successful");
      assertThat(client.submit()).isEqualTo("250 message processed");
      Stored stored = server.spool.stored().getFirst();
      assertThat(stored.envelope().origin().authentication()).isEqualTo("alice");
      assertThat(stored.content().toString(ISO_8859_1))
          .startsWith("Received: from x ([127.0.0.1]) by relay.test with ESMTPA ; ");
      assertThat(log.lines())
          .contains(
              "INFO successful authentication of remote client using mechanism [plain] and"
                  + " plaintext secret for [alice] from line 1");
    }
  }

  @Test
  void theKeywordOfATrustedAddressIsRecorded() {
    settings.security.accounts = "server none 127.0.0.0/8 neighbour";
    try (LogLines log = new LogLines(Level.DEBUG);
        RunningIntake server = new RunningIntake(settings, 1);
        TestClient client = new TestClient(server.port())) {
      client.reply();
      client.ask("EHLO x");
      assertThat(client.submit()).isEqualTo("250 message processed");
      Stored stored = server.spool.stored().getFirst();
      assertThat(stored.envelope().origin().authentication()).isEqualTo("neighbour");
      assertThat(stored.content().toString(ISO_8859_1)).contains(" with ESMTP ; ");
      log.await("trusting [127.0.0.1]: matched [127.0.0.0/8] from line 1");
    }
  }

  @Test
  void secretsAreNotInTheLogAtAnyVolume() throws IOException {
    settings.security.tls = Tls.STARTTLS;
    String plain = TestClient.plain("alice", PASSWORD);
    try (LogLines log = new LogLines(Level.TRACE);
        RunningIntake server = new RunningIntake(settings, 1);
        TestClient client = new TestClient(server.port())) {
      client.reply();
      client.ask("EHLO x");
      client.ask("auth plain " + plain.substring(0, plain.length() - 4) + "!!!!");
      client.ask(" AUTH PLAIN " + plain);
      client.ask("AUTH\tLOGIN\t" + TestClient.base64("alice"));
      client.ask(LATIN_PASSWORD + "*");
      client.ask("AUTH NTLM");
      client.ask(plain);
      client.ask("AUTH PLAIN " + plain + "\0");
      client.ask("AUTH PLAIN " + plain.repeat(1000));
      client.ask("STARTTLS");
      client.encrypt(TestClient.trusting());
      client.ask("EHLO x");
      client.ask("AUTH LOGIN");
      client.ask(TestClient.base64("alice"));
      assertThat(client.ask(LATIN_PASSWORD)).isEqualTo("235 authentication successful");
      client.ask("QUIT");
      log.await("smtp connection closed");
      assertThat(log.lines())
          .contains("DEBUG rx<<: \"AUTH LOGIN\"")
          .contains("DEBUG rx<<: [authentication response not logged]")
          .noneMatch(line -> line.contains(PASSWORD))
          .noneMatch(line -> line.contains(plain.substring(0, 12)))
          .noneMatch(line -> line.contains(LATIN_PASSWORD.substring(0, 12)));
    }
  }

  @Test
  void r4GuessersAreDelayedThenShutOutAndOthersAreNot() {
    settings.security.throttle =
        new ThrottleOptions(
            Duration.ofMillis(1),
            Duration.ofMillis(2),
            20,
            0,
            Duration.ofMinutes(10),
            new AddressRanges(List.of()));
    settings.network =
        new io.stagepost.config.SmtpSettings.Network(
            AddressRanges.LOCAL, AddressRanges.parse(List.of("127.0.0.1")), List.of());
    try (LogLines log = new LogLines(Level.INFO);
        RunningIntake server = new RunningIntake(settings, 1)) {
      try (TestClient guesser = behindProxy(server, "10.9.9.9")) {
        guesser.ask("EHLO x");
        String last = "";
        for (int i = 0; i <= 20; i++) {
          last = guesser.ask("AUTH PLAIN " + TestClient.plain("alice", "guess" + i));
        }
        assertThat(last).isEqualTo("421 too many authentication failures");
        assertThat(guesser.isClosed()).isTrue();
      }
      try (TestClient again = new TestClient(server.port())) {
        again.send("PROXY TCP4 10.9.9.9 127.0.0.1 4000 25\r\n");
        assertThat(again.reply()).isEqualTo("421 too many authentication failures");
        assertThat(again.isClosed()).isTrue();
      }
      try (TestClient alice = behindProxy(server, "10.1.1.1")) {
        alice.ask("EHLO x");
        assertThat(alice.ask("AUTH PLAIN " + TestClient.plain("alice", PASSWORD)))
            .isEqualTo("235 authentication successful");
      }
      log.await("failed authentication of remote client using mechanism [plain]");
    }
  }

  @Test
  void r5WhoDoesNotExistIsAnsweredAsWhoErrs() {
    try (RunningIntake server = new RunningIntake(settings, 1);
        TestClient client = new TestClient(server.port())) {
      client.reply();
      client.ask("EHLO x");
      String wrong = client.ask("AUTH PLAIN " + TestClient.plain("alice", "wrong"));
      assertThat(client.ask("AUTH PLAIN " + TestClient.plain("nobody", "wrong"))).isEqualTo(wrong);
      assertThat(wrong).isEqualTo("535 authentication failed");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"AUTH PLAIN a\rb", "AUTH PLAIN a\nb", "AUTH PLAIN a\0b", "AUTH PL\u00ffIN x"})
  void r6OddArgumentsAreRefusedAndForgeNoLine(String command) {
    try (LogLines log = new LogLines(Level.DEBUG);
        RunningIntake server = new RunningIntake(settings, 1);
        TestClient client = new TestClient(server.port())) {
      client.reply();
      client.ask("EHLO x");
      assertThat(client.ask(command)).startsWith("50");
      assertThat(log.lines()).noneMatch(line -> line.chars().anyMatch(Character::isISOControl));
    }
  }

  @Test
  void r6ResponsesAreTakenUpToTwelveKibibytes() {
    try (RunningIntake server = new RunningIntake(settings, 1);
        TestClient client = new TestClient(server.port())) {
      client.reply();
      client.ask("EHLO x");
      assertThat(client.ask("AUTH PLAIN")).isEqualTo("334");
      assertThat(client.ask("A".repeat(12_288))).isEqualTo("535 authentication failed");
      assertThat(client.ask("AUTH PLAIN")).isEqualTo("334");
      assertThat(client.ask("A".repeat(12_289))).isEqualTo("500 line too long");
      assertThat(client.ask("AUTH PLAIN")).isEqualTo("334");
      assertThat(client.ask("A".repeat(200_000))).isEqualTo("500 line too long");
      assertThat(client.ask("NOOP")).isEqualTo("250 noop");
    }
  }

  private static TestClient behindProxy(RunningIntake server, String address) {
    TestClient client = new TestClient(server.port());
    client.send("PROXY TCP4 " + address + " 127.0.0.1 4000 25\r\n");
    assertThat(client.reply()).startsWith("220 ");
    return client;
  }
}
