package io.stagepost.smtpserver;

import static io.stagepost.smtpserver.RunningIntake.await;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import io.stagepost.config.SmtpSettings.Timeouts;
import io.stagepost.dialogue.Dialogue;
import io.stagepost.dialogue.DialogueClient;
import io.stagepost.dialogue.Segmentation;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Many connections, slow ones, and the end of the server. */
class ConnectionsTest {

  private static final String BEGUN =
      """
      S~ 220
      C: HELO x
      S: 250 hello
      C: MAIL FROM:<a@b>
      S: 250 sender <a@b> OK
      C: RCPT TO:<c@d>
      S: 250 recipient <c@d> OK
      C: DATA
      S~ 354
      C: x
      """;

  @Test
  void moreConnectionsThanAllowedAreAnswered421() throws IOException {
    TestSettings settings = TestSettings.own();
    settings.connections = 2;
    refusesTheThird(settings, "421 too many connections");
  }

  @Test
  void moreConnectionsOfOneClientThanAllowedAreAnswered421() throws IOException {
    TestSettings settings = TestSettings.own();
    settings.connectionsPerClient = 2;
    refusesTheThird(settings, "421 too many connections from your address");
  }

  private static void refusesTheThird(TestSettings settings, String reply) throws IOException {
    try (LogLines log = new LogLines(Level.INFO);
        RunningIntake server = new RunningIntake(settings)) {
      try (Peer first = new Peer(server);
          Peer second = new Peer(server)) {
        assertThat(first.readLine()).startsWith("220 ");
        assertThat(second.readLine()).startsWith("220 ");
        play(server, "S: " + reply + "\n-- close\n");
        assertThat(server.intake().connections()).isEqualTo(2);
      }
      log.await("smtp connection closed: peer disconnected");
      try (Peer next = new Peer(server)) {
        assertThat(next.readLine()).startsWith("220 ");
      }
    }
  }

  @Test
  void m3IdleClientsCostLittleAndHinderNobody() throws IOException {
    int clients = 1_000;
    TestSettings settings = TestSettings.own();
    try (RunningIntake server = new RunningIntake(settings)) {
      List<Peer> idle = new ArrayList<>();
      try {
        idle.add(new Peer(server));
        long before = usedMemory();
        for (int i = 0; i < clients; i++) {
          Peer peer = new Peer(server);
          idle.add(peer);
          assertThat(peer.readLine()).startsWith("220 ");
        }
        // The clients' own sockets and readers are in this heap, too.
        assertThat((usedMemory() - before) / clients).isLessThan(20 * 1024);
        play(server, BEGUN + "C: .\nS: 250 message processed\n");
      } finally {
        for (Peer peer : idle) {
          peer.close();
        }
      }
    }
  }

  @Test
  void m3DripFeedersAreAnswered421() {
    TestSettings settings = TestSettings.own();
    settings.timeouts =
        new Timeouts(Duration.ofMinutes(1), Duration.ofMillis(100), Duration.ofSeconds(1));
    try (LogLines log = new LogLines(Level.INFO);
        RunningIntake server = new RunningIntake(settings)) {
      // A full line in time, then one that begins and never ends.
      play(server, "S~ 220\nC: NOOP\nS: 250 noop\nC! NO\nS: 421 command timeout\n-- close\n");
      log.await("smtp connection closed: command timeout");
    }
  }

  @Test
  void idleConnectionsAreLoggedAsTheOriginalDoes() {
    TestSettings settings = TestSettings.dropIn();
    settings.timeouts =
        new Timeouts(Duration.ofSeconds(1), Duration.ofMinutes(1), Duration.ofSeconds(1));
    try (LogLines log = new LogLines(Level.INFO);
        RunningIntake server = new RunningIntake(settings)) {
      play(server, "S~ 220\nS: 421 idle timeout\n-- close\n");
      log.await("smtp connection closed: idle timeout: no activity after 1s: 127.0.0.1:");
    }
  }

  @Test
  void shutdownFinishesTheMessageUnderWay() {
    try (LogLines log = new LogLines(Level.INFO);
        RunningIntake server = new RunningIntake(TestSettings.dropIn(), 1)) {
      AtomicReference<Future<Void>> stopped = new AtomicReference<>(Future.succeededFuture());
      Dialogue dialogue =
          Dialogue.parse(
              "drain",
              BEGUN
                  + "-- do stop\nC! y\\r\\n.\\r\\nMAIL FROM:<a@b>\\r\\n\nS: 250 message processed\n"
                  + "S: 421 service shutting down\n-- close\n");
      DialogueClient.play(
          server.port(),
          dialogue,
          Segmentation.LINE_A_WRITE,
          action -> {
            play(
                server,
                "S~ 220\n-- do idle\nS: 421 service shutting down\n-- close\n",
                () -> stopped.set(server.stop()));
          });
      await(stopped.get());
      assertThat(server.spool.stored()).hasSize(1);
      assertThat(server.intake().connections()).isZero();
      log.await("smtp connection closed: service shutting down");
    }
  }

  @Test
  void shutdownDoesNotWaitForever() {
    TestSettings settings = TestSettings.dropIn();
    settings.timeouts =
        new Timeouts(Duration.ofMinutes(1), Duration.ofMinutes(1), Duration.ofMillis(100));
    try (RunningIntake server = new RunningIntake(settings)) {
      AtomicReference<Future<Void>> stopped = new AtomicReference<>(Future.succeededFuture());
      play(
          server,
          BEGUN + "-- do stop\nS: 421 service shutting down\n-- close\n",
          () -> stopped.set(server.stop()));
      await(stopped.get());
      assertThat(server.spool.stored()).isEmpty();
    }
  }

  @Test
  void aClientThatLeavesWhileItsMessageIsMadeDurableLosesNothing() throws IOException {
    try (LogLines log = new LogLines(Level.DEBUG);
        RunningIntake server = new RunningIntake(TestSettings.dropIn())) {
      Promise<Void> gate = Promise.promise();
      server.spool.holdCommits(gate.future());
      play(server, BEGUN + "C: .\n-- hangup\n");
      log.await("smtp connection closed: peer disconnected");
      gate.complete();
      assertThat(server.spool.stored()).hasSize(1);
    }
  }

  private static void play(RunningIntake server, String script) {
    play(server, script, () -> {});
  }

  private static void play(RunningIntake server, String script, Runnable action) {
    DialogueClient.play(
        server.port(),
        Dialogue.parse("script", script),
        Segmentation.LINE_A_WRITE,
        name -> action.run());
  }

  private static long usedMemory() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  /** A client that says nothing. */
  private static final class Peer implements AutoCloseable {
    private final Socket socket;

    Peer(RunningIntake server) throws IOException {
      socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
    }

    String readLine() throws IOException {
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8), 256);
      return in.readLine();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
