package io.stagepost.smtpserver;

import static io.stagepost.smtpserver.RunningIntake.RELAY;
import static io.stagepost.smtpserver.RunningIntake.await;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import io.stagepost.bus.BusAddresses;
import io.stagepost.bus.BusMessages.ImmediateReply;
import io.stagepost.bus.BusMessages.ImmediateRequest;
import io.stagepost.bus.BusMessages.SessionClosed;
import io.stagepost.bus.BusMessages.SmtpControl;
import io.stagepost.bus.BusMessages.Stored;
import io.stagepost.config.SmtpSettings.Submission;
import io.stagepost.dialogue.Dialogue;
import io.stagepost.dialogue.DialogueClient;
import io.stagepost.dialogue.Segmentation;
import io.stagepost.smtp.ReplyCode;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

/** What others see of the server on the event bus and in the log. */
class SmtpVerticleTest {

  private static final BusAddresses BUS = new BusAddresses(RELAY);

  private static final String SUBMIT =
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
      C: .
      """;

  @Test
  void instancesShareThePortAndAnnounceItOnce() {
    try (LogLines log = new LogLines(Level.INFO);
        RunningIntake server = new RunningIntake(TestSettings.own(), 3)) {
      assertThat(log.lines())
          .filteredOn(line -> line.contains("smtp server on"))
          .containsExactly("INFO smtp server on 127.0.0.1:" + server.port());
      for (int i = 0; i < 6; i++) {
        play(server, "S~ 220\nC: QUIT\nS: 221 OK\n-- close\n");
      }
    }
  }

  @Test
  void storedMessageIsMadeKnown() {
    try (RunningIntake server = new RunningIntake(TestSettings.dropIn())) {
      Promise<Stored> stored = Promise.promise();
      Promise<SessionClosed> closed = Promise.promise();
      Promise<JsonObject> event = Promise.promise();
      server
          .vertx
          .eventBus()
          .<Stored>consumer(BUS.messageStored(), m -> stored.tryComplete(m.body()));
      server
          .vertx
          .eventBus()
          .<SessionClosed>consumer(BUS.sessionClosed(), m -> closed.tryComplete(m.body()));
      server
          .vertx
          .eventBus()
          .<JsonObject>consumer(BUS.deliveryEvents(), m -> event.tryComplete(m.body()));
      play(server, SUBMIT + "S: 250 message processed\nC: QUIT\nS: 221 OK\n-- close\n");
      assertThat(await(stored.future()).id().value()).isEqualTo("emailrelay.1.2.1");
      assertThat(await(closed.future()).session()).isEqualTo(await(stored.future()).session());
      JsonObject received = await(event.future());
      assertThat(received.getString("type")).isEqualTo("received");
      assertThat(received.getString("from")).isEqualTo("a@b");
      assertThat(received.getJsonArray("to")).isEqualTo(JsonArray.of("c@d"));
      assertThat(received.getString("client")).isEqualTo("127.0.0.1");
    }
  }

  @Test
  void refusalIsMadeKnown() {
    try (RunningIntake server = new RunningIntake(TestSettings.dropIn())) {
      Promise<JsonObject> event = Promise.promise();
      server
          .vertx
          .eventBus()
          .<JsonObject>consumer(BUS.deliveryEvents(), m -> event.tryComplete(m.body()));
      play(server, "S~ 220\nC: HELO x\nS: 250 hello\nC: MAIL FROM:x\nS~ 553\n");
      JsonObject rejected = await(event.future());
      assertThat(rejected.getString("type")).isEqualTo("rejected");
      assertThat(rejected.getString("stage")).isEqualTo("mail");
      assertThat(rejected.getString("reply"))
          .isEqualTo("553 mailbox name not allowed: missing angle brackets in mailbox name");
    }
  }

  @Test
  void immediateSubmissionAnswersWithTheNextHopsVerdict() {
    TestSettings settings = TestSettings.own();
    settings.submission = Submission.IMMEDIATE;
    try (RunningIntake server = new RunningIntake(settings)) {
      server
          .vertx
          .eventBus()
          .<ImmediateRequest>consumer(
              BUS.forwardImmediate(),
              m ->
                  m.reply(
                      switch (m.body().id().value()) {
                        case "emailrelay.1.2.1" ->
                            new ImmediateReply(ReplyCode.OK_250, "message processed");
                        case "emailrelay.1.2.2" ->
                            new ImmediateReply(new ReplyCode(550), "5.1.1 no such user");
                        default -> new ImmediateReply(new ReplyCode(499), "failed\r\nfor testing");
                      }));
      play(server, SUBMIT + "S: 250 message processed\n");
      play(server, SUBMIT + "S: 550 no such user\n");
      play(server, SUBMIT + "S: 499 failed\\r\\nfor testing\n");
    }
  }

  @Test
  void withoutAForwarderImmediateSubmissionIs452() {
    TestSettings settings = TestSettings.dropIn();
    settings.submission = Submission.IMMEDIATE;
    try (RunningIntake server = new RunningIntake(settings)) {
      play(server, SUBMIT + "S: 452 forwarding failed\n");
    }
  }

  @Test
  void disabledIntakeAnswers421UntilItIsEnabled() {
    try (LogLines log = new LogLines(Level.INFO);
        RunningIntake server = new RunningIntake(TestSettings.dropIn(), 1)) {
      Dialogue dialogue =
          Dialogue.parse(
              "disable",
              """
              S~ 220
              C: HELO x
              S: 250 hello
              -- do disable
              C: MAIL FROM:<a@b>
              S: 421 service not available
              -- close
              """);
      DialogueClient.play(
          server.port(),
          dialogue,
          Segmentation.LINE_A_WRITE,
          action -> {
            server.vertx.eventBus().publish(BUS.smtpControl(), SmtpControl.DISABLE);
            log.await("smtp server disabled");
          });
      play(server, "S: 421 service not available\n-- close\n");
      server.vertx.eventBus().publish(BUS.smtpControl(), SmtpControl.ENABLE);
      log.await("smtp server enabled");
      play(server, SUBMIT + "S: 250 message processed\n");
    }
  }

  private static void play(RunningIntake server, String script) {
    DialogueClient.play(server.port(), Dialogue.parse("script", script), Segmentation.LINE_A_WRITE);
  }
}
