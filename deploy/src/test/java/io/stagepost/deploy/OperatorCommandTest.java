package io.stagepost.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.stagepost.deploy.Command.Result;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code bin/stagepost queue} and its like against a running relay. */
class OperatorCommandTest {

  private static final String STEM = "emailrelay.1.2.";

  @TempDir Path directory;
  private Path spool;
  private Relay relay;

  @BeforeEach
  void start() throws IOException {
    spool = Files.createDirectory(directory.resolve("spool"));
    for (int i = 1; i <= 3; i++) {
      message(STEM + i, i == 3 ? ".envelope.bad" : ".envelope");
    }
    relay =
        Relay.serving(spool)
            .options("--verbose", "--forward-to", "127.0.0.1:9", "--forward-on-arrival=no")
            .start();
    relay.awaitLine(line -> line.contains("control socket: "));
  }

  @AfterEach
  void stop() {
    relay.close();
  }

  // As E-MailRelay leaves one.
  private void message(String stem, String suffix) throws IOException {
    List<String> fields =
        new ArrayList<>(
            List.of(
                "Format: #2821.8",
                "Content: 8bit",
                "From: alice@here.test",
                "ToCount: 1",
                "To-Remote: bob@there.test",
                "Authentication: ",
                "Client: 127.0.0.1",
                "ClientCertificate: ",
                "MailFromAuthIn: ",
                "MailFromAuthOut: "));
    fields.addAll(
        List.of(
            "ForwardTo: ",
            "ForwardToAddress: ",
            "ClientAccountSelector: ",
            "Utf8MailboxNames: 0",
            "End: 1"));
    if (suffix.endsWith(".bad")) {
      fields.addAll(List.of("Reason: no such user", "ReasonCode: 550"));
    }
    StringBuilder envelope = new StringBuilder();
    fields.forEach(field -> envelope.append("X-MailRelay-").append(field).append("\r\n"));
    Files.writeString(spool.resolve(stem + ".content"), "Subject: x\r\n\r\nhello\r\n");
    Files.writeString(spool.resolve(stem + suffix), envelope);
  }

  private Result run(String... words) {
    return Command.of(Distribution.program("stagepost").toString())
        .with(List.of(words))
        .with(List.of("--spool-dir", spool.toString()))
        .environment("JAVA_HOME", Distribution.javaHome().toString())
        .run();
  }

  private String good(String... words) {
    Result result = run(words);
    assertThat(result.exitCode()).as(result.all()).isZero();
    assertThat(result.err()).isEmpty();
    return result.out();
  }

  @Test
  void theQueueIsATableAndJson() {
    assertThat(good("queue").lines().map(line -> line.split(" +")[0]))
        .containsExactly("ID", STEM + 1, STEM + 2, STEM + 3);
    assertThat(good("queue", "failed").lines())
        .hasSize(2)
        .last()
        .asString()
        .contains("failed", "alice@here.test", "bob@there.test", "no such user");
    JsonObject json = new JsonObject(good("queue", "--json", "--limit", "2"));
    assertThat(json.getJsonArray("items")).hasSize(2);
    assertThat(json.getLong("total")).isEqualTo(3);
    assertThat(new JsonObject(good("show", STEM + 3, "--json")).getString("state"))
        .isEqualTo("failed");
    assertThat(new JsonArray(good("trace", STEM + 3, "--json")).getJsonObject(1).getInteger("code"))
        .isEqualTo(550);
  }

  @Test
  void messagesAreHeldReleasedRetriedAndDeleted() {
    good("hold", STEM + 1, STEM + 2);
    assertThat(spool.resolve(STEM + 1 + ".envelope.held")).exists();
    assertThat(good("release", "--all")).isEqualTo("2 messages\n");
    assertThat(spool.resolve(STEM + 1 + ".envelope")).exists();
    assertThat(good("retry", "--all", "--state=failed")).isEqualTo("1 messages\n");
    good("delete", STEM + 3);
    assertThat(spool.resolve(STEM + 3 + ".content")).doesNotExist();
    assertThat(new JsonObject(good("stats", "--json")).getJsonObject("spool").getLong("ready"))
        .isEqualTo(2);
    assertThat(good("events").lines().map(line -> line.split(" +")[1]))
        .containsExactly("held", "held", "released", "released", "retried", "deleted");
  }

  @Test
  void exitCodesTellWhatWentWrong() {
    assertThat(run("show", "no.such").exitCode()).isEqualTo(3);
    assertThat(run("delete", "../../etc/passwd").exitCode()).isEqualTo(3);
    assertThat(run("release", STEM + 1).exitCode()).isEqualTo(1);
    assertThat(run("show").exitCode()).isEqualTo(2);
    assertThat(run("queue", "nowhere").exitCode()).isEqualTo(2);
    assertThat(run("delete", "--all").exitCode()).isEqualTo(2);
    assertThat(run("queue", "--nonsense").err()).contains("unknown option: --nonsense");
    Result flush = run("flush");
    assertThat(flush.exitCode()).isEqualTo(1);
    assertThat(flush.err()).contains("connect failure: cannot connect to 127.0.0.1:9");
    assertThat(good("queue", "--help")).contains("Exit codes");
    relay.stop();
    Result gone = run("queue");
    assertThat(gone.exitCode()).isEqualTo(4);
    assertThat(gone.err()).contains("no relay answers at");
  }

  @Test
  void onlyTheAccountAndItsGroupMayConnectAndTheSocketGoesWithTheRelay() throws IOException {
    Path socket = spool.resolve(".stagepost.control");
    assertThat(Files.getPosixFilePermissions(socket))
        .isEqualTo(PosixFilePermissions.fromString("rw-rw----"));
    relay.stop();
    assertThat(socket).doesNotExist();
  }

  @Test
  void whoMayNotUseTheSocketIsToldSo() throws IOException {
    Path socket = spool.resolve(".stagepost.control");
    Files.setPosixFilePermissions(socket, Set.of());
    // Root may do anything, so it gives that up.
    String command = Distribution.program("stagepost").toString();
    Command queue =
        System.getProperty("user.name").equals("root")
            ? Command.of("setpriv", "--bounding-set=-all", "--inh-caps=-all", command)
            : Command.of(command);
    Result result =
        queue
            .with(List.of("queue", "--socket", socket.toString()))
            .environment("JAVA_HOME", Distribution.javaHome().toString())
            .run();
    assertThat(result.exitCode()).as(result.all()).isEqualTo(5);
    assertThat(result.err()).contains("no right to use " + socket);
  }

  @Test
  void eventsAreFollowedAsTheyHappen() throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Distribution.program("stagepost").toString(),
            "events",
            "--follow",
            "--json",
            "--spool-dir",
            spool.toString());
    builder.environment().put("JAVA_HOME", Distribution.javaHome().toString());
    good("hold", STEM + 1);
    Process following = builder.start();
    try (BufferedReader lines = following.inputReader(StandardCharsets.UTF_8)) {
      assertThat(new JsonObject(lines.readLine()).getString("type")).isEqualTo("held");
      good("release", STEM + 1);
      assertThat(new JsonObject(lines.readLine()).getString("type")).isEqualTo("released");
    } finally {
      following.destroy();
    }
  }

  @Test
  void aSecondRelayOnTheSpoolGoesOnWithoutASocketOfItsOwn() {
    try (Relay second = Relay.serving(spool).start()) {
      second.awaitLine(line -> line.contains("no control socket: "));
      assertThat(second.stop()).isEqualTo(143);
    }
    assertThat(good("queue")).contains(STEM + 1);
  }
}
