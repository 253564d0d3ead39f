package io.stagepost.forwarder;

import static org.assertj.core.api.Assertions.assertThat;

import io.stagepost.bus.BusMessages.ImmediateReply;
import io.stagepost.bus.BusMessages.ImmediateRequest;
import io.stagepost.bus.BusMessages.SessionClosed;
import io.stagepost.smtp.BodyType;
import io.stagepost.smtp.ReplyCode;
import io.stagepost.spool.DsnRequest;
import io.stagepost.spool.Envelope;
import io.stagepost.spool.Envelope.Origin;
import io.stagepost.spool.Envelope.Recipients;
import io.stagepost.spool.MessageId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Messages that are sent on while their sender waits. */
class ImmediateTest {

  @TempDir Path directory;

  private static ImmediateReply send(Rig rig, String session, MessageId id) {
    return Rig.await(
        rig.vertx()
            .eventBus()
            .<ImmediateReply>request(
                rig.addresses().forwardImmediate(), new ImmediateRequest(session, id))
            .map(m -> m.body()));
  }

  private static ImmediateReply reply(int code, String text) {
    return new ImmediateReply(new ReplyCode(code), text);
  }

  private void outcome(Function<String, String> script, ImmediateReply expected, String state) {
    try (Rig rig = new Rig(directory);
        Sink sink = Sink.start("127.0.0.1", 0, script)) {
      rig.deploy(TestSettings.oneShot(sink.port()).triggers(Set.of()));
      MessageId id = rig.put("x@y.test");
      assertThat(send(rig, "s", id)).isEqualTo(expected);
      assertThat(rig.state(id)).isEqualTo(state);
      rig.undeploy();
    }
  }

  @Test
  void severalMessagesOfASessionGoOverOneConnection() throws Exception {
    CompletableFuture<Void> quit = new CompletableFuture<>();
    try (Rig rig = new Rig(directory);
        Sink sink =
            Sink.start(
                "127.0.0.1",
                0,
                c -> {
                  if (c.equals("QUIT")) {
                    quit.complete(null);
                  }
                  return "";
                })) {
      rig.deploy(TestSettings.oneShot(sink.port()).triggers(Set.of()));
      List<MessageId> ids = rig.putMany(3);
      for (MessageId id : ids) {
        assertThat(send(rig, "one", id)).isEqualTo(reply(250, "message processed"));
      }
      assertThat(sink.connections()).isEqualTo(1);
      send(rig, "two", rig.put("x@y.test"));
      assertThat(sink.connections()).isEqualTo(2);
      rig.vertx().eventBus().publish(rig.addresses().sessionClosed(), new SessionClosed("one"));
      quit.get(Rig.PATIENCE_SECONDS, TimeUnit.SECONDS);
      assertThat(sink.taken()).hasSize(4);
    }
  }

  @Test
  void theNextHopsVerdictIsPassedOn() {
    outcome(
        c -> c.equals(".") ? "499-failed\r\n499 for testing" : "",
        reply(499, "failed for testing"),
        "failed");
    outcome(c -> c.startsWith("MAIL") ? "550 no" : "", reply(550, "no"), "failed");
  }

  @Test
  void whoWeAreIsSaidFirst() throws IOException {
    Path secrets = Files.writeString(directory.resolve("secrets"), "client plain me secret\n");
    Path spool = Files.createDirectory(directory.resolve("spool"));
    try (Rig rig = new Rig(spool);
        Sink sink =
            Sink.start(
                "127.0.0.1", 0, c -> c.startsWith("AUTH") ? "235 ok" : "", "AUTH PLAIN LOGIN")) {
      rig.deploy(
          TestSettings.oneShot(sink.port())
              .triggers(Set.of())
              .security(DialogueSecurity.withAccounts(secrets)));
      for (int i = 0; i < 2; i++) {
        assertThat(send(rig, "one", rig.put("x@y.test")))
            .isEqualTo(reply(250, "message processed"));
      }
      assertThat(sink.connections()).isEqualTo(1);
      assertThat(sink.commands())
          .startsWith("EHLO relay.test", "AUTH PLAIN AG1lAHNlY3JldA==")
          .filteredOn(command -> command.startsWith("MAIL"))
          .containsExactly("MAIL FROM:<a@b.test> AUTH=me", "MAIL FROM:<a@b.test> AUTH=me");
      rig.undeploy();
    }
  }

  @Test
  void anAccountThatIsRefusedIsTroubleToo() throws IOException {
    Path secrets = Files.writeString(directory.resolve("secrets"), "client plain me secret\n");
    Path spool = Files.createDirectory(directory.resolve("spool"));
    try (Rig rig = new Rig(spool);
        Sink sink =
            Sink.start("127.0.0.1", 0, c -> c.startsWith("AUTH") ? "535 no" : "", "AUTH PLAIN")) {
      rig.deploy(
          TestSettings.oneShot(sink.port())
              .triggers(Set.of())
              .security(DialogueSecurity.withAccounts(secrets)));
      MessageId id = rig.put("x@y.test");
      assertThat(send(rig, "one", id)).isEqualTo(reply(452, "forwarding failed"));
      assertThat(rig.state(id)).isEqualTo("failed");
      assertThat(sink.commands()).noneMatch(command -> command.startsWith("MAIL"));
      rig.undeploy();
    }
  }

  @Test
  void otherTroubleIs452() {
    outcome(
        c -> c.startsWith("RCPT") ? "550 no" : "",
        reply(452, "one or more recipients rejected"),
        "failed");
    outcome(c -> c.equals("connect") ? "554 no" : "", reply(452, "forwarding failed"), "failed");
    outcome(c -> c.startsWith("RCPT") ? Sink.CLOSE : "", reply(452, "forwarding failed"), "failed");
  }

  @Test
  void whatCouldNotBeTriedIsNotSentLaterEither() {
    try (ClosedPort closed = new ClosedPort();
        Rig rig = new Rig(directory)) {
      int port = closed.number();
      rig.deploy(TestSettings.oneShot(port).triggers(Set.of()));
      MessageId id = rig.put("x@y.test");
      assertThat(send(rig, "s", id)).isEqualTo(reply(452, "forwarding failed"));
      assertThat(rig.state(id)).isEqualTo("gone");
    }
  }

  @Test
  void localRecipientsNeedNoNextHop() {
    try (Rig rig = new Rig(directory)) {
      rig.deploy(TestSettings.oneShot(1).triggers(Set.of()));
      Envelope local =
          Envelope.received(
              BodyType.UNKNOWN,
              "a@b.test",
              new Recipients(List.of("alice"), List.of()),
              Origin.of("127.0.0.1"),
              DsnRequest.NONE);
      MessageId id = rig.put(local, Rig.bytes("x\r\n"));
      assertThat(send(rig, "s", id)).isEqualTo(reply(250, "message processed"));
    }
  }

  @Test
  void aMessageThatIsNotThereIsRefused() {
    try (Rig rig = new Rig(directory)) {
      rig.deploy(TestSettings.oneShot(1).triggers(Set.of()));
      assertThat(send(rig, "s", new MessageId("gone"))).isEqualTo(reply(452, "forwarding failed"));
    }
  }
}
