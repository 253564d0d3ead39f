package io.stagepost.forwarder;

import static org.assertj.core.api.Assertions.assertThat;

import io.stagepost.config.ForwardSettings.RecipientPolicy;
import io.stagepost.config.ForwardSettings.TemporaryFailures;
import io.stagepost.config.ForwardSettings.TemporaryFailures.Outcome;
import io.stagepost.config.ForwardSettings.Trigger;
import io.stagepost.smtp.BodyType;
import io.stagepost.spool.Await;
import io.stagepost.spool.MessageId;
import io.stagepost.spool.Spool.State;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several connections, messages taken as they come, and what is kept for later. */
class PoolTest {

  private static final TemporaryFailures SOON =
      new TemporaryFailures(Outcome.KEEP, Duration.ofMillis(50), Duration.ofMillis(200));

  @TempDir Path directory;

  @Test
  void aThousandMessagesGoOverFourConnectionsOnceEach() {
    try (Rig rig = new Rig(directory);
        Sink sink = Sink.start("PIPELINING", "CHUNKING", "SIZE", "8BITMIME")) {
      rig.deploy(TestSettings.modern(sink.port(), 4));
      Set<String> ids = new HashSet<>();
      for (MessageId id : rig.putMany(1000)) {
        rig.announce(id);
        ids.add(id.value());
      }
      Set<String> forwarded = new HashSet<>();
      while (forwarded.size() < 1000) {
        forwarded.add(rig.event("forwarded").getString("id"));
      }
      assertThat(forwarded).isEqualTo(ids);
      assertThat(sink.taken()).hasSize(1000);
      assertThat(sink.taken().stream().map(t -> t.commands().get(1)).distinct()).hasSize(1000);
      assertThat(sink.mostOpen()).isBetween(1, 4);
      rig.undeploy();
      assertThat(rig.count(State.READY)).isZero();
    }
  }

  @Test
  void aBacklogIsPagedThroughAtStart() {
    try (Rig rig = new Rig(directory);
        Sink sink = Sink.start("PIPELINING")) {
      rig.putMany(1201);
      rig.runOnce(TestSettings.modern(sink.port(), 4).triggers(Set.of(Trigger.ONE_SHOT)));
      assertThat(sink.taken()).hasSize(1201);
      assertThat(sink.mostOpen()).isEqualTo(4);
      assertThat(rig.count(State.READY)).isZero();
    }
  }

  @Test
  void q2SomeAcceptedSomeLaterSomeNever() {
    Set<String> asked = ConcurrentHashMap.newKeySet();
    try (Rig rig = new Rig(directory);
        Sink sink =
            Sink.start(
                "127.0.0.1",
                0,
                command ->
                    switch (command) {
                      case "RCPT TO:<later@y>" -> asked.add(command) ? "450 later" : "";
                      case "RCPT TO:<never@y>" -> "550 never";
                      default -> "";
                    },
                "PIPELINING")) {
      rig.deploy(
          TestSettings.modern(sink.port(), 2).recipients(RecipientPolicy.SOME).troubles(SOON));
      MessageId id =
          rig.put(
              Rig.envelope(BodyType.UNKNOWN, "now@y", "later@y", "never@y"), Rig.bytes("x\r\n"));
      rig.announce(id);
      assertThat(rig.event("deferred").getInteger("code")).isEqualTo(450);
      JsonObject failed = rig.event("failed");
      assertThat(failed.getInteger("code")).isEqualTo(550);
      assertThat(sink.commands().stream().filter(c -> c.equals("RCPT TO:<now@y>"))).hasSize(1);
      assertThat(sink.taken()).hasSize(2);
      assertThat(rig.failedEnvelope(id))
          .contains("X-MailRelay-ToCount: 1", "X-MailRelay-To-Remote: never@y");
    }
  }

  @Test
  void aRefusalForNowIsTriedAgainLater() {
    List<String> refusals = new ArrayList<>(List.of("451 a", "421 b", "452 c"));
    try (Rig rig = new Rig(directory);
        Sink sink =
            Sink.start(
                "127.0.0.1",
                0,
                c -> c.equals(".") && !refusals.isEmpty() ? refusals.remove(0) : "")) {
      rig.deploy(TestSettings.modern(sink.port(), 2).troubles(SOON));
      rig.announce(rig.put("x@y.test"));
      for (String reason : List.of("a", "b", "c")) {
        assertThat(rig.event("deferred").getString("reason")).isEqualTo(reason);
      }
      rig.event("forwarded");
      assertThat(sink.taken()).hasSize(1);
    }
  }

  @Test
  void d4AMessageTakenBeforeOurRecordIsRepeatedOnceAtTheMost() {
    List<String> ends = new ArrayList<>(List.of(Sink.CLOSE));
    try (Rig rig = new Rig(directory);
        Sink sink =
            Sink.start(
                "127.0.0.1", 0, c -> c.equals(".") && !ends.isEmpty() ? ends.remove(0) : "")) {
      rig.deploy(TestSettings.modern(sink.port(), 2).troubles(SOON));
      rig.announce(rig.put("x@y.test"));
      rig.event("forwarded");
      assertThat(sink.commands().stream().filter(c -> c.equals("DATA"))).hasSize(2);
      assertThat(rig.count(State.READY)).isZero();
    }
  }

  @Test
  void anUnreachableNextHopIsTriedAgainByItself() {
    int port;
    try (Sink gone = Sink.start()) {
      port = gone.port();
    }
    try (Rig rig = new Rig(directory)) {
      LogLines log = new LogLines();
      rig.deploy(TestSettings.modern(port, 2));
      MessageId id = rig.put("x@y.test");
      rig.announce(id);
      log.await("forwarding: connect failure: cannot connect to 127.0.0.1:" + port);
      try (Sink sink = Sink.start("127.0.0.1", port, c -> "")) {
        rig.event("forwarded");
        assertThat(sink.taken()).hasSize(1);
      }
      log.close();
    }
  }

  @Test
  void stopLetsATransferFinish() throws Exception {
    CompletableFuture<Void> waiting = new CompletableFuture<>();
    CompletableFuture<String> answer = new CompletableFuture<>();
    try (Rig rig = new Rig(directory);
        Sink sink = Sink.holding(waiting, answer)) {
      rig.deploy(TestSettings.modern(sink.port(), 1));
      MessageId first = rig.put("x@y.test");
      rig.announce(first);
      waiting.get(Rig.PATIENCE_SECONDS, TimeUnit.SECONDS);
      MessageId second = rig.put("z@y.test");
      rig.announce(second);
      Future<Void> stopped = rig.beginUndeploy();
      answer.complete("250 ok");
      Rig.await(stopped);
      assertThat(rig.state(first)).isEqualTo("gone");
      assertThat(rig.state(second)).isEqualTo("ready");
      Await.until(() -> sink.commands().getLast().equals("QUIT"));
    }
  }

  @Test
  void stopDoesNotWaitForEver() throws Exception {
    CompletableFuture<Void> waiting = new CompletableFuture<>();
    CompletableFuture<String> never = new CompletableFuture<>();
    try (Rig rig = new Rig(directory);
        Sink sink = Sink.holding(waiting, never)) {
      rig.deploy(TestSettings.modern(sink.port(), 2), Duration.ofMillis(50));
      MessageId id = rig.put("x@y.test");
      rig.announce(id);
      waiting.get(Rig.PATIENCE_SECONDS, TimeUnit.SECONDS);
      rig.undeploy();
      Await.until(() -> rig.state(id).equals("ready"));
      never.complete(Sink.CLOSE);
    }
  }
}
