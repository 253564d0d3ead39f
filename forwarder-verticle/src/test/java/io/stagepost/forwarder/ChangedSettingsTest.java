package io.stagepost.forwarder;

import static org.assertj.core.api.Assertions.assertThat;

import io.stagepost.config.ForwardSettings.TemporaryFailures;
import io.stagepost.config.ForwardSettings.TemporaryFailures.Outcome;
import io.stagepost.config.ForwardSettings.Trigger;
import io.stagepost.net.NextHop;
import io.stagepost.spool.MessageId;
import io.stagepost.spool.Spool.State;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Settings that change while messages are queued and under way. */
class ChangedSettingsTest {

  @TempDir Path directory;

  @Test
  void q6QueuedMailFollowsTheNewNextHop() throws Exception {
    try (LogLines log = new LogLines();
        Rig rig = new Rig(directory);
        ClosedPort dead = new ClosedPort();
        Sink sink = Sink.start("PIPELINING")) {
      rig.putMany(50);
      rig.deploy(
          TestSettings.modern(dead.number(), 4).triggers(Set.of(Trigger.ARRIVAL, Trigger.STARTUP)));
      log.await("forwarding: connect failure");
      rig.change(TestSettings.modern(sink.port(), 4));
      for (int i = 0; i < 50; i++) {
        rig.event("forwarded");
      }
      assertThat(sink.taken()).hasSize(50);
      assertThat(rig.count(State.READY)).isZero();
    }
  }

  @Test
  void q6WithOneConnectionTheNextMessageGoesElsewhere() {
    CompletableFuture<Void> waiting = new CompletableFuture<>();
    CompletableFuture<String> answer = new CompletableFuture<>();
    try (Rig rig = new Rig(directory);
        Sink old = Sink.holding(waiting, answer);
        Sink sink = Sink.start()) {
      rig.putMany(3);
      rig.deploy(TestSettings.oneShot(old.port()).triggers(Set.of(Trigger.STARTUP)));
      waiting.join();
      rig.change(TestSettings.oneShot(sink.port()).triggers(Set.of(Trigger.STARTUP)));
      answer.complete("250 taken");
      for (int i = 0; i < 3; i++) {
        rig.event("forwarded");
      }
      assertThat(old.taken()).hasSize(1);
      assertThat(sink.taken()).hasSize(2);
    }
  }

  @Test
  void oneConnectionBecomesSeveralAndOneAgain() {
    try (Rig rig = new Rig(directory);
        Sink sink = Sink.start("PIPELINING")) {
      rig.deploy(TestSettings.modern(sink.port(), 1));
      for (int connections : new int[] {4, 1, 3}) {
        rig.change(TestSettings.modern(sink.port(), connections));
        for (MessageId id : rig.putMany(200)) {
          rig.announce(id);
        }
        for (int i = 0; i < 200; i++) {
          rig.event("forwarded");
        }
      }
      assertThat(sink.taken()).hasSize(600);
      assertThat(sink.mostOpen()).isBetween(2, 8);
      rig.undeploy();
      assertThat(rig.count(State.READY)).isZero();
    }
  }

  @Test
  void aNextHopThatWasMissingComes() {
    try (Rig rig = new Rig(directory);
        Sink sink = Sink.start()) {
      TestSettings none = TestSettings.modern(1, 2).nextHop(new NextHop.Tcp("127.0.0.1", 1));
      rig.deploy(none.triggers(Set.of()));
      rig.put("x@y.test");
      rig.change(TestSettings.modern(sink.port(), 2));
      rig.event("forwarded");
      assertThat(sink.taken()).hasSize(1);
    }
  }

  @Test
  void aPeriodBeginsAndEnds() {
    try (Rig rig = new Rig(directory);
        Sink sink = Sink.start()) {
      TestSettings silent = TestSettings.oneShot(sink.port()).triggers(Set.of());
      rig.deploy(silent);
      rig.put("x@y.test");
      rig.change(silent.poll(Duration.ofMillis(20)));
      rig.event("forwarded");
      assertThat(sink.taken()).hasSize(1);
    }
  }

  @Test
  void aTemporaryFailureMeansWhatItMeansNow() {
    TemporaryFailures keep =
        new TemporaryFailures(Outcome.KEEP, Duration.ofHours(1), Duration.ofHours(1));
    try (Rig rig = new Rig(directory);
        Sink sink =
            Sink.start("127.0.0.1", 0, command -> command.startsWith("MAIL") ? "450 no" : "")) {
      TestSettings fail = TestSettings.modern(sink.port(), 1).troubles(TemporaryFailures.FAIL);
      rig.deploy(fail);
      rig.change(fail.troubles(keep));
      rig.announce(rig.put("x@y.test"));
      assertThat(rig.event("deferred").getString("reason")).contains("no");
    }
  }
}
