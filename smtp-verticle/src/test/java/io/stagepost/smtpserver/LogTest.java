package io.stagepost.smtpserver;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import org.junit.jupiter.api.Test;

class LogTest {

  @Test
  void aSubmissionLeavesTheLinesThatScannersKnow() {
    try (LogLines log = new LogLines(Level.DEBUG)) {
      OfflineSession client = new OfflineSession(TestSettings.dropIn());
      client.feed("HELO x\r\nMAIL FROM:<>\r\nRCPT TO:<c@d>\r\nDATA\r\nsecret\r\n.\r\nQUIT\r\n");
      client.session.closed();
      assertThat(log.lines())
          .containsExactly(
              "DEBUG tx>>: \"220 relay.test -- Stagepost V0.1.0 -- Service ready\"",
              "DEBUG rx<<: \"HELO x\"",
              "DEBUG tx>>: \"250 hello\"",
              "DEBUG rx<<: \"MAIL FROM:<>\"",
              "WARN empty MAIL-FROM return path",
              "DEBUG new content file [emailrelay.1.2.1.content]",
              "DEBUG tx>>: \"250 sender <> OK\"",
              "DEBUG rx<<: \"RCPT TO:<c@d>\"",
              "DEBUG tx>>: \"250 recipient <c@d> OK\"",
              "DEBUG rx<<: \"DATA\"",
              "DEBUG rx<<: [message content not logged]",
              "DEBUG tx>>: \"354 start mail input -- end with <CRLF>.<CRLF>\"",
              "DEBUG rx<<: \".\"",
              "DEBUG new envelope file [emailrelay.1.2.1.envelope.new]",
              "DEBUG tx>>: \"250 message processed\"",
              "DEBUG rx<<: \"QUIT\"",
              "DEBUG tx>>: \"221 OK\"",
              "INFO smtp connection closed: smtp protocol done: 127.0.0.1:1234");
    }
  }

  @Test
  void r6NoArgumentForgesALogLine() {
    try (LogLines log = new LogLines(Level.TRACE)) {
      for (String verb : new String[] {"EHLO ", "MAIL FROM:<", "RCPT TO:<", "AUTH ", "VRFY "}) {
        for (String evil :
            new String[] {
              "a\rinfo: forged", "a\ninfo: forged", "a\0b", "\u001b[2J", "x".repeat(5000)
            }) {
          OfflineSession client = new OfflineSession(TestSettings.own());
          client.feed("EHLO x\r\n" + (verb.startsWith("RCPT") ? "MAIL FROM:<a@b>\r\n" : ""));
          client.replies();
          client.feed(verb + evil + (verb.endsWith("<") ? "@b>" : "") + "\r\n");
          assertThat(client.replies()).allMatch(r -> r.startsWith("5"));
        }
      }
      assertThat(log.lines())
          .isNotEmpty()
          .allMatch(line -> line.chars().noneMatch(Character::isISOControl))
          .noneMatch(line -> line.startsWith("info: forged"));
    }
  }
}
