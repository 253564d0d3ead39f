package io.stagepost.forwarder;

import static org.assertj.core.api.Assertions.assertThat;

import io.stagepost.config.ForwardSettings.Timeouts;
import io.stagepost.config.SecuritySettings;
import io.stagepost.dialogue.Dialogue;
import io.stagepost.dialogue.DialogueServer;
import io.stagepost.dialogue.Segmentation;
import io.stagepost.smtp.BodyType;
import io.stagepost.spool.MessageId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Messages for several accounts, and accounts that change. */
class AccountsTest {

  private static final String HELLO =
      """
      S: 220 hi
      C: EHLO relay.test
      S: 250-hello
      S: 250 AUTH PLAIN
      """;

  @TempDir Path directory;
  private Path secrets;

  @BeforeEach
  void writeSecrets() throws IOException {
    secrets =
        Files.writeString(
            directory.resolve("secrets"),
            "client plain usual secret\nclient plain id_one secret one\nclient plain id_two secret"
                + " two\nclient plain id_three secret three\n");
    Files.createDirectory(directory.resolve("spool"));
  }

  private Rig rig() {
    return new Rig(directory.resolve("spool"));
  }

  private TestSettings oneShot(int port) {
    return TestSettings.oneShot(port).security(security());
  }

  private SecuritySettings security() {
    return DialogueSecurity.withAccounts(secrets);
  }

  private static MessageId put(Rig rig, String selector) {
    return rig.put(
        Rig.selecting(Rig.envelope(BodyType.UNKNOWN, "x@y.test"), selector, ""),
        Rig.bytes("x\r\n"));
  }

  private static Dialogue session(String account, int messages) {
    String plain = "\0" + account + "\0secret";
    String octets = Base64.getEncoder().encodeToString(plain.getBytes(StandardCharsets.UTF_8));
    String message =
        "C: MAIL FROM:<a@b.test> AUTH="
            + account
            + "\nS: 250 ok\nC~ RCPT\nS: 250 ok\nC: DATA\nS: 354 go\nC: x\nC: .\nS: 250 ok\n";
    String text = HELLO + "C: AUTH PLAIN " + octets + "\nS: 235 ok\n" + message.repeat(messages);
    return Dialogue.parse(account, text + "C: QUIT\nS: 221 bye\n-- hangup\n");
  }

  @Test
  void eachChangeOfAccountIsANewConnection() {
    try (Rig rig = rig();
        DialogueServer hop =
            DialogueServer.start(
                Segmentation.ONE_WRITE,
                session("usual", 1),
                session("id_one", 2),
                session("usual", 1));
        LogLines log = new LogLines()) {
      Stream.of("", "one", "one", "").forEach(selector -> put(rig, selector));
      assertThat(rig.runOnce(oneShot(hop.port()))).isEmpty();
      hop.awaitPlayed();
      assertThat(hop.connections()).isEqualTo(3);
      assertThat(log.lines())
          .anyMatch(line -> line.endsWith(": new connection for account selector [one]"))
          .anyMatch(line -> line.endsWith(" selector=[one]"));
    }
  }

  @Test
  void anUnknownAccountEndsTheRunAndLeavesWhatFollows() {
    try (Rig rig = rig();
        DialogueServer hop =
            DialogueServer.start(
                Segmentation.ONE_WRITE,
                session("usual", 2),
                session("id_one", 2),
                session("id_two", 2),
                session("id_three", 1),
                Dialogue.parse("bad", HELLO + "-- hangup\n"))) {
      List<MessageId> ids =
          Stream.of("", "", "one", "one", "two", "two", "three", "bad", "three")
              .map(selector -> put(rig, selector))
              .toList();
      assertThat(rig.runOnce(oneShot(hop.port())))
          .isEqualTo("smtp error: no client authentication account: selector [bad]");
      hop.awaitPlayed();
      assertThat(ids.stream().map(rig::state))
          .containsExactly(
              "gone", "gone", "gone", "gone", "gone", "gone", "gone", "failed", "ready");
      assertThat(rig.field(ids.get(7), "Reason"))
          .isEqualTo("smtp error: no client authentication account: selector [bad]");
    }
  }

  @Test
  void severalConnectionsAreKeptApartByAccount() {
    try (Rig rig = rig();
        Sink sink = sink()) {
      for (int i = 0; i < 30; i++) {
        put(rig, List.of("", "one", "two").get(i % 3));
      }
      assertThat(rig.runOnce(oneShot(sink.port()).connections(2))).isEmpty();
      Map<Integer, Set<String>> accounts =
          sink.taken().stream()
              .collect(
                  Collectors.groupingBy(
                      Sink.Taken::connection,
                      Collectors.mapping(taken -> taken.commands().get(0), Collectors.toSet())));
      assertThat(accounts.values()).allMatch(mail -> mail.size() == 1);
      assertThat(accounts.values().stream().flatMap(Set::stream).distinct()).hasSize(3);
    }
  }

  @Test
  void aConnectionIsNotUsedOnWithOtherSecrets() throws IOException {
    try (Rig rig = rig();
        Sink sink = sink()) {
      Duration patience = Duration.ofMinutes(5);
      rig.deploy(
          TestSettings.modern(sink.port(), 1)
              .timeouts(new Timeouts(patience, patience, patience, patience))
              .security(security()));
      send(rig);
      send(rig);
      assertThat(sink.connections()).isEqualTo(1);
      Files.writeString(secrets, "client plain changed secret\n");
      // The file is looked at once a second.
      while (sink.commands().stream()
          .noneMatch(c -> c.startsWith("MAIL") && c.contains("changed"))) {
        send(rig);
      }
      assertThat(sink.connections()).isEqualTo(2);
      assertThat(sink.commands()).contains("AUTH PLAIN AGNoYW5nZWQAc2VjcmV0");
      rig.undeploy();
    }
  }

  private static void send(Rig rig) {
    MessageId id = put(rig, "");
    rig.announce(id);
    rig.event(e -> e.getString("type").equals("forwarded") && e.getString("id").equals(id.value()));
  }

  private static Sink sink() {
    return Sink.start(
        "127.0.0.1", 0, c -> c.startsWith("AUTH") ? "235 ok" : "", "AUTH PLAIN", "8BITMIME");
  }
}
