package io.stagepost.forwarder;

import static org.assertj.core.api.Assertions.assertThat;

import io.stagepost.bus.BusMessages.ImmediateReply;
import io.stagepost.bus.BusMessages.ImmediateRequest;
import io.stagepost.bus.BusMessages.RunRequest;
import io.stagepost.config.ForwardSettings.TemporaryFailures;
import io.stagepost.smtp.BodyType;
import io.stagepost.spool.MessageId;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is known afterwards of the attempts to send a message. */
class TraceTest {

  private static final TemporaryFailures SOON =
      new TemporaryFailures(
          TemporaryFailures.Outcome.KEEP, Duration.ofMillis(10), Duration.ofMillis(10));

  @TempDir Path directory;

  private static List<String> types(List<JsonObject> trace) {
    return trace.stream().map(e -> e.getString("type")).toList();
  }

  /** The dialogue without its times. */
  private static List<String> dialogue(JsonObject event) {
    return event.getJsonArray("dialogue").stream()
        .map(line -> line.toString().replaceFirst("^[0-9]+\\.[0-9]{3} ", ""))
        .toList();
  }

  @Test
  void deferredThenForwarded() {
    AtomicInteger asked = new AtomicInteger();
    try (Rig rig = new Rig(directory);
        Sink sink =
            Sink.start(
                "127.0.0.1",
                0,
                c -> c.startsWith("RCPT") && asked.incrementAndGet() == 1 ? "451 later" : "")) {
      rig.deploy(TestSettings.modern(sink.port(), 2).troubles(SOON));
      MessageId id = rig.put("x@y.test");
      rig.announce(id);
      rig.event("forwarded");
      List<JsonObject> trace = rig.trace(id);
      assertThat(types(trace)).containsExactly("deferred", "forwarded");
      String peer = "127.0.0.1:" + sink.port();
      JsonObject deferred = trace.getFirst();
      assertThat(deferred.getInteger("code")).isEqualTo(451);
      assertThat(deferred.getString("hop")).isEqualTo(peer);
      assertThat(deferred.getString("peer")).isEqualTo(peer);
      assertThat(deferred.getLong("took")).isNotNegative();
      assertThat(dialogue(deferred))
          .containsExactly(
              "- connected to " + peer,
              "S: 220 sink",
              "C: EHLO relay.test",
              "S: 250 sink",
              "C: MAIL FROM:<a@b.test>",
              "S: 250 ok",
              "C: RCPT TO:<x@y.test>",
              "S: 451 later",
              "C: RSET",
              "S: 250 ok");
      assertThat(dialogue(trace.getLast()))
          .hasSizeLessThanOrEqualTo(9)
          .contains("C: [3 line(s) of content]")
          .endsWith("S: 250 taken");
    }
  }

  @Test
  void aNextHopThatCannotBeReachedIsNamedWithItsAddress() {
    try (ClosedPort closed = new ClosedPort();
        Rig rig = new Rig(directory)) {
      int port = closed.number();
      rig.deploy(TestSettings.modern(port, 2));
      MessageId id = rig.put("x@y.test");
      rig.announce(id);
      JsonObject event = rig.event("deferred");
      assertThat(event.getString("until")).isNotNull();
      assertThat(dialogue(event))
          .singleElement()
          .asString()
          .startsWith("- cannot connect to 127.0.0.1:" + port + ": Connection refused");
      assertThat(types(rig.trace(id))).containsExactly("deferred");
      rig.undeploy();
    }
    try (ClosedPort closed = new ClosedPort();
        Rig rig = new Rig(directory)) {
      int port = closed.number();
      MessageId id = rig.put("x@y.test");
      rig.runOnce(TestSettings.oneShot(port));
      assertThat(rig.state(id)).isEqualTo("ready");
      JsonObject event = rig.event("deferred");
      assertThat(event.containsKey("until")).isFalse();
      assertThat(event.getString("reason")).contains("cannot connect to 127.0.0.1:" + port);
    }
  }

  @Test
  void aFailureIsKeptWithItsMessage() {
    try (Rig rig = new Rig(directory);
        Sink sink = Sink.start("127.0.0.1", 0, c -> c.equals(".") ? "554 no thanks" : "")) {
      MessageId id = rig.put("x@y.test");
      rig.runOnce(TestSettings.oneShot(sink.port()));
      Path kept = directory.resolve(".stagepost/attempts").resolve(id + ".jsonl");
      assertThat(kept).content().contains("S: 554 no thanks").contains("\"code\":554");
      Rig.await(rig.spool().retry(id));
      try (Sink better = Sink.start()) {
        rig.runOnce(TestSettings.oneShot(better.port()));
      }
      assertThat(rig.state(id)).isEqualTo("gone");
      assertThat(kept).doesNotExist();
      assertThat(types(rig.trace(id))).containsExactly("failed", "forwarded");
    }
  }

  @Test
  void aBrokenGreetingIsPartOfTheTrace() {
    try (Rig rig = new Rig(directory);
        Sink sink = Sink.start("127.0.0.1", 0, c -> c.equals("connect") ? "554 go away" : "")) {
      MessageId id = rig.put("x@y.test");
      rig.runOnce(TestSettings.oneShot(sink.port()));
      assertThat(dialogue(rig.trace(id).getFirst())).contains("S: 554 go away");
    }
  }

  @Test
  void theSecondMessageOfAConnectionTellsOnlyItsOwnPart() {
    try (Rig rig = new Rig(directory);
        Sink sink = Sink.start()) {
      List<MessageId> ids = rig.putMany(2);
      rig.runOnce(TestSettings.oneShot(sink.port()));
      assertThat(dialogue(rig.trace(ids.get(1)).getFirst()))
          .startsWith(
              "- on the same connection to 127.0.0.1:" + sink.port(), "C: MAIL FROM:<a@b.test>")
          .endsWith("S: 250 taken");
    }
  }

  @Test
  void immediateModeTracesToo() {
    try (Rig rig = new Rig(directory);
        Sink sink = Sink.start()) {
      rig.deploy(TestSettings.oneShot(sink.port()).triggers(Set.of()));
      MessageId id = rig.put("x@y.test");
      Rig.await(
          rig.vertx()
              .eventBus()
              .<ImmediateReply>request(
                  rig.addresses().forwardImmediate(), new ImmediateRequest("s", id)));
      assertThat(types(rig.trace(id))).containsExactly("forwarded");
    }
  }

  @Test
  void manyRefusalsAreShortenedInTheMiddle() {
    String[] to = IntStream.range(0, 2000).mapToObj(i -> i + "@y.test").toArray(String[]::new);
    try (Rig rig = new Rig(directory);
        Sink sink =
            Sink.start("127.0.0.1", 0, c -> c.startsWith("RCPT") ? "550 no such user" : "")) {
      MessageId id = rig.put(Rig.envelope(BodyType.UNKNOWN, to), Rig.bytes("x\r\n"));
      rig.runOnce(TestSettings.oneShot(sink.port()));
      List<String> lines = dialogue(rig.trace(id).getFirst());
      assertThat(lines).hasSizeBetween(90, 101);
      assertThat(lines.getFirst()).startsWith("- connected");
      assertThat(lines).anyMatch(l -> l.matches("\\[[0-9]+ line\\(s\\) left out]"));
      assertThat(lines).contains("C: RCPT TO:<1999@y.test>").endsWith("S: 250 ok");
    }
  }

  @Test
  void secretsAreInNoTrace() throws IOException {
    Path secrets = Files.writeString(directory.resolve("secrets"), "client plain me secret\n");
    for (String mechanism : List.of("PLAIN", "LOGIN")) {
      try (Rig rig = new Rig(directory);
          Sink sink =
              Sink.start(
                  "127.0.0.1",
                  0,
                  c ->
                      switch (c) {
                        case "AUTH LOGIN" -> "334 VXNlcm5hbWU6";
                        case "bWU=" -> "334 UGFzc3dvcmQ6";
                        case "c2VjcmV0" -> "535 no";
                        default -> c.startsWith("AUTH") ? "535 no" : "";
                      },
                  "AUTH " + mechanism)) {
        MessageId id = rig.put("x@y.test");
        rig.runOnce(
            TestSettings.oneShot(sink.port()).security(DialogueSecurity.withAccounts(secrets)));
        JsonObject failed = rig.trace(id).getFirst();
        assertThat(dialogue(failed))
            .contains("S: 535 no")
            .anyMatch(line -> line.contains("not logged]"));
        assertThat(failed.encode()).doesNotContain("c2VjcmV0", "AG1lAHNlY3JldA");
      }
    }
  }

  @Test
  void anotherRunIsAnotherEvent() {
    try (ClosedPort closed = new ClosedPort();
        Rig rig = new Rig(directory)) {
      int port = closed.number();
      MessageId id = rig.put("x@y.test");
      rig.deploy(TestSettings.oneShot(port).triggers(Set.of()));
      for (int i = 0; i < 2; i++) {
        Rig.await(
            rig.vertx().eventBus().request(rig.addresses().forwardRun(), new RunRequest("admin")));
        rig.event("deferred");
      }
      assertThat(types(rig.trace(id))).containsExactly("deferred", "deferred");
    }
  }
}
