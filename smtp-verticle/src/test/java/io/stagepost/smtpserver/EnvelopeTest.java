package io.stagepost.smtpserver;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.stagepost.config.AnonymousScope;
import io.stagepost.smtp.BodyType;
import io.stagepost.spool.DsnRequest;
import io.stagepost.spool.Envelope;
import io.stagepost.spool.Envelope.MailboxNames;
import org.junit.jupiter.api.Test;

/** What of the dialogue is stored with a message. */
class EnvelopeTest {

  @Test
  void everythingThatMattersIsRecorded() {
    Envelope envelope =
        submit(
            "MAIL FROM:<@x:a@b> BODY=8bitmime SIZE=10 AUTH=e+3Dmc2 RET=HDRS ENVID=Q",
            "RCPT TO:<c@d>",
            "RCPT TO:<c@d> NOTIFY=success ORCPT=rfc822;c@d");
    assertThat(envelope.reversePath()).isEqualTo("a@b");
    assertThat(envelope.body()).isEqualTo(BodyType.EIGHT_BIT);
    assertThat(envelope.recipients().remote()).containsExactly("c@d", "c@d");
    assertThat(envelope.origin()).isEqualTo(new Envelope.Origin("", "127.0.0.1", "", "e+3Dmc2"));
    assertThat(envelope.dsn().ret()).isEqualTo("HDRS");
    assertThat(envelope.dsn().envelopeId()).isEqualTo("Q");
    assertThat(envelope.dsn().recipients())
        .containsExactly(new DsnRequest.Recipient("c@d", "SUCCESS", "rfc822;c@d"));
    assertThat(envelope.mailboxes()).isEqualTo(MailboxNames.ASCII);
  }

  @Test
  void domainsAreStoredAsALabelsAndMailboxesAsTheyAre() {
    Envelope envelope =
        submit("MAIL FROM:<info@bücher.test> SMTPUTF8", "RCPT TO:<jürgen@bücher.test>");
    assertThat(envelope.reversePath()).isEqualTo("info@xn--bcher-kva.test");
    assertThat(envelope.recipients().remote()).containsExactly("jürgen@xn--bcher-kva.test");
    assertThat(envelope.mailboxes()).isEqualTo(MailboxNames.UTF8);
  }

  @Test
  void theNullPathAndNoParameters() {
    Envelope envelope = submit("MAIL FROM:<>", "RCPT TO:<c@d>");
    assertThat(envelope.reversePath()).isEmpty();
    assertThat(envelope.body()).isEqualTo(BodyType.UNKNOWN);
    assertThat(envelope.dsn().isEmpty()).isTrue();
  }

  @Test
  void withoutDsnItsParametersAreIgnored() {
    OfflineSession client = new OfflineSession(TestSettings.dropIn());
    client.feed("EHLO x\r\nMAIL FROM:<a@b> RET=X\r\nRCPT TO:<c@d> NOTIFY=X\r\nDATA\r\n.\r\n");
    assertThat(client.spool.stored().getFirst().envelope().dsn().isEmpty()).isTrue();
  }

  @Test
  void anonymousContentHasNoReceivedLine() {
    TestSettings settings = TestSettings.dropIn();
    settings.anonymous.add(AnonymousScope.CONTENT);
    OfflineSession client = new OfflineSession(settings);
    client.feed("EHLO x\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\nx\r\n.\r\n");
    assertThat(client.spool.stored().getFirst().content().toString(ISO_8859_1)).isEqualTo("x\r\n");
  }

  @Test
  void theNameInTheReceivedLineIsPrintable() {
    OfflineSession client = new OfflineSession(TestSettings.dropIn());
    client.feed("HELO a b \u00e4\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\nx\r\n.\r\n");
    assertThat(client.spool.stored().getFirst().content().toString(ISO_8859_1))
        .startsWith("Received: from a-b-? ([127.0.0.1]) by relay.test with SMTP ; ");
  }

  private static Envelope submit(String... commands) {
    OfflineSession client = new OfflineSession(TestSettings.own());
    String input = "EHLO x\r\n" + String.join("\r\n", commands) + "\r\nDATA\r\nx\r\n.\r\n";
    client.feed(input.getBytes(UTF_8));
    assertThat(client.replies()).last().isEqualTo("250 2.0.0 message processed");
    return client.spool.stored().getFirst().envelope();
  }
}
