package io.stagepost.forwarder;

import static org.assertj.core.api.Assertions.assertThat;

import io.stagepost.bus.BusMessages.RunRequest;
import io.stagepost.bus.BusMessages.SessionClosed;
import io.stagepost.config.ForwardSettings.Feature;
import io.stagepost.config.ForwardSettings.Trigger;
import io.stagepost.smtp.BodyType;
import io.stagepost.spool.Await;
import io.stagepost.spool.MessageId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What starts runs, in what order they send, and what the log says of it. */
class RunTest {

  @TempDir Path directory;
  private final LogLines log = new LogLines();

  @AfterEach
  void detach() {
    log.close();
  }

  @Test
  void anEmptySpool() {
    try (Rig rig = new Rig(directory)) {
      assertThat(rig.runOnce(TestSettings.oneShot(1))).isEmpty();
      assertThat(log.lines())
          .containsExactly(
              "INFO forwarding to 127.0.0.1:1",
              "DEBUG forwarding: [startup]",
              "DEBUG forwarding: no messages to send");
    }
  }

  @Test
  void theLinesOfARun() {
    try (Rig rig = new Rig(directory);
        Sink sink = Sink.start()) {
      MessageId id = rig.put("x@y.test");
      rig.runOnce(TestSettings.oneShot(sink.port()));
      // The next hop has a second for its last line.
      assertThat(log.lines())
          .filteredOn(line -> !line.equals("DEBUG rx<<: \"221 bye\""))
          .containsExactly(
              "INFO forwarding to 127.0.0.1:" + sink.port(),
              "DEBUG forwarding: [startup]",
              "DEBUG forwarding [" + id + "]",
              "DEBUG rx<<: \"220 sink\"",
              "DEBUG tx>>: \"EHLO relay.test\"",
              "DEBUG rx<<: \"250 sink\"",
              "INFO smtp connection to 127.0.0.1:" + sink.port(),
              "DEBUG tx>>: \"MAIL FROM:<a@b.test>\"",
              "DEBUG rx<<: \"250 ok\"",
              "DEBUG tx>>: \"RCPT TO:<x@y.test>\"",
              "DEBUG rx<<: \"250 ok\"",
              "DEBUG tx>>: \"DATA\"",
              "DEBUG rx<<: \"354 go\"",
              "DEBUG tx>>: [3 line(s) of content]",
              "DEBUG rx<<: \"250 taken\"",
              "DEBUG deleting envelope [" + id + ".envelope.busy]",
              "DEBUG deleting content [" + id + ".content]",
              "DEBUG forwarding: no more messages to send",
              "DEBUG tx>>: \"QUIT\"");
    }
  }

  @Test
  void anUnreachableNextHopEndsTheRun() {
    try (ClosedPort closed = new ClosedPort();
        Rig rig = new Rig(directory)) {
      int port = closed.number();
      List<MessageId> ids = rig.putMany(2);
      String reason = "connect failure: cannot connect to 127.0.0.1:" + port;
      assertThat(rig.runOnce(TestSettings.oneShot(port))).isEqualTo(reason);
      assertThat(ids.stream().map(rig::state)).containsExactly("ready", "ready");
      assertThat(log.lines())
          .containsSubsequence("WARN smtp client error: " + reason, "ERROR " + reason);
    }
  }

  @Test
  void aMessageWithoutRemoteRecipientsFails() {
    try (Rig rig = new Rig(directory);
        Sink sink = Sink.start()) {
      MessageId id = rig.put(Rig.envelope(BodyType.UNKNOWN), Rig.bytes("x\r\n"));
      rig.runOnce(TestSettings.oneShot(sink.port()));
      assertThat(rig.field(id, "Reason")).isEqualTo("no remote recipients");
      assertThat(sink.connections()).isZero();
      assertThat(log.lines())
          .contains(
              "WARN forwarding [" + id + "]: failing message with no remote recipients",
              "INFO failing envelope [" + id + ".envelope.busy] -> [" + id + ".envelope.bad]");
    }
  }

  @Test
  void neighboursForOneNextHopShareAConnection() {
    try (ClosedPort gone = new ClosedPort();
        Rig rig = new Rig(directory);
        Sink main = Sink.start();
        Sink other = Sink.start()) {
      String b = "127.0.0.1:" + other.port();
      String x = "127.0.0.1:" + gone.number();
      List<String> hops = List.of("", b, b, "", x, x, "");
      List<MessageId> ids =
          hops.stream().map(h -> rig.put(Rig.routed(h, "x@y.test"), Rig.bytes("x\r\n"))).toList();
      assertThat(rig.runOnce(TestSettings.oneShot(main.port()))).isEmpty();
      assertThat(ids.stream().map(rig::state))
          .containsExactly("gone", "gone", "gone", "gone", "ready", "ready", "gone");
      assertThat(main.connections()).isEqualTo(3);
      assertThat(other.connections()).isEqualTo(1);
      assertThat(other.taken()).hasSize(2);
      String failed = "WARN smtp connection failed: connect failure: cannot connect to " + x;
      assertThat(log.lines()).containsOnlyOnce(failed);
      assertThat(log.lines())
          .contains(
              "DEBUG forwarding ["
                  + ids.get(5)
                  + "]: skipping message with unconnectable address ["
                  + x
                  + "]",
              "DEBUG forwarding [" + ids.get(1) + "]: new connection for [" + b + "]",
              "DEBUG forwarding [" + ids.get(1) + "] forward-to-address=[" + b + "]");
    }
  }

  @Test
  void aDisconnectedClientStartsARun() {
    try (Rig rig = new Rig(directory);
        Sink sink = Sink.start()) {
      rig.deploy(TestSettings.oneShot(sink.port()).triggers(Set.of(Trigger.DISCONNECT)));
      rig.putMany(3);
      rig.vertx().eventBus().publish(rig.addresses().sessionClosed(), new SessionClosed("s"));
      log.await("forwarding: [client disconnect]");
      log.await("forwarding: no more messages to send");
      assertThat(sink.taken()).hasSize(3);
      assertThat(sink.connections()).isEqualTo(1);
    }
  }

  @Test
  void aRequestStartsARunAndIsAnswered() {
    try (Rig rig = new Rig(directory);
        Sink sink = Sink.start()) {
      rig.deploy(TestSettings.oneShot(sink.port()).triggers(Set.of()));
      rig.put("x@y.test");
      Rig.await(
          rig.vertx().eventBus().request(rig.addresses().forwardRun(), new RunRequest("admin")));
      log.await("forwarding: [admin]");
      log.await("forwarding: no more messages to send");
      assertThat(sink.taken()).hasSize(1);
    }
  }

  @Test
  void thePeriodStartsRunsQuietly() {
    try (Rig rig = new Rig(directory);
        Sink sink = Sink.start()) {
      rig.deploy(TestSettings.oneShot(sink.port()).triggers(Set.of()).poll(Duration.ofMillis(50)));
      rig.put("x@y.test");
      rig.event("forwarded");
      assertThat(log.lines()).noneMatch(line -> line.contains("[poll]"));
    }
  }

  @Test
  void aTriggerDuringARunIsRemembered() throws Exception {
    CompletableFuture<Void> waiting = new CompletableFuture<>();
    CompletableFuture<String> answer = new CompletableFuture<>();
    try (Rig rig = new Rig(directory);
        Sink sink = Sink.holding(waiting, answer)) {
      rig.put("x@y.test");
      rig.deploy(
          TestSettings.oneShot(sink.port()).triggers(Set.of(Trigger.STARTUP, Trigger.DISCONNECT)));
      waiting.get(Rig.PATIENCE_SECONDS, TimeUnit.SECONDS);
      rig.put("z@y.test");
      rig.vertx().eventBus().publish(rig.addresses().sessionClosed(), new SessionClosed("s"));
      log.await("forwarding: [client disconnect]: still busy from last time");
      answer.complete("250 ok");
      log.await("forwarding: queued request [client disconnect]");
      log.await("forwarding: [client disconnect]");
      log.await("forwarding: no more messages to send");
      assertThat(sink.commands()).contains("RCPT TO:<z@y.test>");
    }
  }

  @Test
  void manyRecipientsOneByOneAndAtOnce() {
    String[] to = IntStream.range(0, 10_000).mapToObj(i -> i + "@y.test").toArray(String[]::new);
    for (Feature feature : List.of(Feature.LINGER, Feature.PIPELINING)) {
      try (Rig rig = new Rig(directory);
          Sink sink = Sink.start("PIPELINING")) {
        rig.put(Rig.envelope(BodyType.UNKNOWN, to), Rig.bytes("x\r\n"));
        rig.runOnce(TestSettings.oneShot(sink.port()).features(Set.of(feature)));
        assertThat(sink.taken().get(0).commands()).hasSize(10_002);
      }
    }
  }

  @Test
  void binaryContentGoesInChunks() {
    try (Rig rig = new Rig(directory);
        Sink sink = Sink.start("BINARYMIME", "CHUNKING")) {
      rig.put(Rig.envelope(BodyType.BINARY_MIME, "x@y.test"), new byte[2_000_001]);
      assertThat(rig.runOnce(TestSettings.oneShot(sink.port()))).isEmpty();
      Await.until(() -> sink.commands().contains("QUIT"));
      assertThat(sink.commands())
          .containsSubsequence("BDAT 1000000", "BDAT 1000000", "BDAT 1 LAST", "QUIT");
      assertThat(sink.taken().stream().mapToInt(t -> t.wire().length()).sum()).isEqualTo(2_000_001);
    }
  }

  @Test
  void aRefusalInTheMiddleOfTheContentCounts() {
    try (Rig rig = new Rig(directory);
        Sink sink =
            Sink.start(
                "127.0.0.1",
                0,
                c -> c.startsWith("BDAT") ? "452 full" : "",
                "BINARYMIME",
                "CHUNKING")) {
      MessageId id = rig.put(Rig.envelope(BodyType.BINARY_MIME, "x@y.test"), new byte[2_000_001]);
      assertThat(rig.runOnce(TestSettings.oneShot(sink.port()))).isEmpty();
      assertThat(rig.field(id, "ReasonCode")).isEqualTo("452");
    }
  }
}
