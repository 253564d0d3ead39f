package io.stagepost.spool.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stagepost.smtp.BodyType;
import io.stagepost.spool.Claim.Failure;
import io.stagepost.spool.DsnRequest;
import io.stagepost.spool.Envelope;
import io.stagepost.spool.Envelope.MailboxNames;
import io.stagepost.spool.Envelope.Origin;
import io.stagepost.spool.Envelope.Recipients;
import io.stagepost.spool.Envelope.Routing;
import io.stagepost.spool.SampleMail;
import io.stagepost.spool.file.EnvelopeReader.UnreadableException;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EnvelopeFormatTest {

  private static final String WHOLE =
      """
      X-MailRelay-Format: #2821.8
      X-MailRelay-Content: 8bit
      X-MailRelay-From: me@example.com
      X-MailRelay-ToCount: 3
      X-MailRelay-To-Local: joe
      X-MailRelay-To-Remote: a@example.net
      X-MailRelay-To-Remote: grün@example.net
      X-MailRelay-Authentication: e+3Dmc2
      X-MailRelay-Client: 192.0.2.1
      X-MailRelay-ClientCertificate: -----BEGIN CERTIFICATE-----
       MIIB
       AgIC
       -----END CERTIFICATE-----
      X-MailRelay-MailFromAuthIn: <>
      X-MailRelay-MailFromAuthOut:\s
      X-MailRelay-ForwardTo: example.org
      X-MailRelay-ForwardToAddress: 127.0.0.1:25
      X-MailRelay-ClientAccountSelector: work
      X-MailRelay-Utf8MailboxNames: 1
      X-MailRelay-End: 1
      X-MailRelay-DsnRet: HDRS
      X-MailRelay-DsnEnvid: QQ314159
      X-MailRelay-DsnRecipient: NEVER - joe
      X-MailRelay-DsnRecipient: SUCCESS,FAILURE rfc822;a@example.net a@example.net
      X-MailRelay-Reason: earlier
      X-MailRelay-ReasonCode:
      """;

  private static final Envelope WHOLE_ENVELOPE =
      new Envelope(
          BodyType.EIGHT_BIT,
          "me@example.com",
          new Recipients(List.of("joe"), List.of("a@example.net", "grün@example.net")),
          new Origin(
              "e=mc2",
              "192.0.2.1",
              "-----BEGIN CERTIFICATE-----\nMIIB\nAgIC\n-----END CERTIFICATE-----\n",
              "<>"),
          new Routing("", "example.org", "127.0.0.1:25", "work"),
          MailboxNames.UTF8,
          new DsnRequest(
              "HDRS",
              "QQ314159",
              List.of(
                  new DsnRequest.Recipient("joe", "NEVER", ""),
                  new DsnRequest.Recipient(
                      "a@example.net", "SUCCESS,FAILURE", "rfc822;a@example.net"))),
          List.of("X-MailRelay-Reason: earlier", "X-MailRelay-ReasonCode:"));

  private static Envelope parse(String file) throws UnreadableException {
    return EnvelopeReader.parse(file.getBytes(UTF_8)).envelope();
  }

  private static String crlf(String text) {
    return text.replace("\n", "\r\n");
  }

  @Test
  void theFileIsWrittenAsTheOriginalWritesIt() {
    assertThat(new String(EnvelopeFormat.write(WHOLE_ENVELOPE), UTF_8)).isEqualTo(crlf(WHOLE));
  }

  @Test
  void theFileIsReadWithEitherLineEnd() throws UnreadableException {
    assertThat(parse(crlf(WHOLE))).isEqualTo(WHOLE_ENVELOPE);
    assertThat(parse(WHOLE)).isEqualTo(WHOLE_ENVELOPE);
    assertThat(EnvelopeReader.parse(WHOLE.getBytes(UTF_8)).lineEnd()).isEqualTo("\n");
    assertThat(parse(WHOLE.replace(": ", ":"))).isEqualTo(withSameTrailer());
  }

  private static Envelope withSameTrailer() {
    Envelope e = WHOLE_ENVELOPE;
    return new Envelope(
        e.body(),
        e.reversePath(),
        e.recipients(),
        e.origin(),
        e.routing(),
        e.mailboxes(),
        e.dsn(),
        List.of("X-MailRelay-Reason:earlier", "X-MailRelay-ReasonCode:"));
  }

  @Test
  void theCommitMarkIsNoPartOfTheEnvelope() throws UnreadableException {
    var parsed = EnvelopeReader.parse(EnvelopeFormat.writeCommitted(WHOLE_ENVELOPE, 1234));
    assertThat(parsed.envelope()).isEqualTo(WHOLE_ENVELOPE);
    assertThat(parsed.committed()).hasValue(1234);
    assertThat(EnvelopeReader.parse(EnvelopeFormat.write(WHOLE_ENVELOPE)).committed()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 4, 5, 6, 7})
  void olderFormatsAreRead(int version) throws UnreadableException {
    StringBuilder file = new StringBuilder();
    for (String line : WHOLE.split("(?=X-MailRelay-)")) {
      if (firstVersion(line) <= version) {
        file.append(line.replace("#2821.8", "#2821." + version));
      }
      if (version == 4 && line.startsWith("X-MailRelay-Client:")) {
        file.append("X-MailRelay-ClientName: old.example.com\n");
      }
    }
    Envelope envelope = parse(file.toString());
    assertThat(envelope.recipients()).isEqualTo(WHOLE_ENVELOPE.recipients());
    assertThat(envelope.origin().authentication()).isEqualTo("e=mc2");
    assertThat(envelope.origin().certificate().isEmpty()).isEqualTo(version < 4);
    assertThat(envelope.origin().mailFromAuth().isEmpty()).isEqualTo(version < 5);
    assertThat(envelope.routing().forwardTo().isEmpty()).isEqualTo(version < 6);
    assertThat(envelope.mailboxes() == MailboxNames.UTF8).isEqualTo(version >= 7);
    assertThat(envelope.routing().accountSelector()).isEmpty();
    assertThat(envelope.trailer()).isEqualTo(WHOLE_ENVELOPE.trailer());
    assertThat(new String(EnvelopeFormat.write(envelope), UTF_8)).contains("#2821.8");
  }

  private static int firstVersion(String line) {
    String name = line.substring("X-MailRelay-".length(), line.indexOf(':'));
    return switch (name) {
      case "ClientCertificate" -> 4;
      case "MailFromAuthIn", "MailFromAuthOut" -> 5;
      case "ForwardTo", "ForwardToAddress" -> 6;
      case "Utf8MailboxNames" -> 7;
      case "ClientAccountSelector" -> 8;
      default -> 3;
    };
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "#2821.8 | #2821.9 | unknown format id: #2821.9",
        "#2821.8 | #2821.2 | unknown format id: #2821.2",
        "X-MailRelay-End: 1 | X-MailRelay-Fin: 1 | no end line",
        "To-Local | To-Nowhere | bad 'to' line",
        "ToCount: 3 | ToCount: 4 | bad 'to' line",
        "ToCount: 3 | ToCount: 2 | expected \"X-MailRelay-Authentication:\"",
        "X-MailRelay-Client: | X-Client: | expected \"X-MailRelay-Client:\"",
        "X-MailRelay-Format | Subject | expected \"X-MailRelay-Format:\"",
      })
  void anUnreadableFileIsNamedWithTheReason(String from, String to, String reason) {
    assertThatThrownBy(() -> parse(WHOLE.replace(from, to)))
        .isInstanceOf(UnreadableException.class)
        .hasMessage("cannot read envelope file: " + reason);
  }

  @Property(tries = 200)
  void d5ATruncatedFileIsNeverTakenForAWholeOne(@ForAll int seed) {
    String file = crlf(WHOLE);
    int end = file.indexOf("X-MailRelay-End");
    String truncated = file.substring(0, Math.floorMod(seed, end));
    assertThatThrownBy(() -> parse(truncated)).isInstanceOf(UnreadableException.class);
  }

  @Test
  void aFailureIsPrintableAscii() {
    assertThat(EnvelopeFormat.failureLines(new Failure("no\r\nX: ü\t", Optional.of(550)), "\r\n"))
        .isEqualTo(
            "X-MailRelay-Reason: no\\r\\nX: \\xc3\\xbc\\t\r\nX-MailRelay-ReasonCode: 550\r\n");
    assertThat(EnvelopeFormat.failureLines(new Failure("gone", Optional.empty()), "\n"))
        .isEqualTo("X-MailRelay-Reason: gone\nX-MailRelay-ReasonCode:\n");
  }

  @Test
  void aLineEndInAValueIsRefused() {
    Envelope forged =
        SampleMail.envelope()
            .withRecipients(Recipients.remote(List.of("a@b.test\nX-MailRelay-End: 1")));
    assertThatThrownBy(() -> EnvelopeFormat.check(forged))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Provide
  Arbitrary<Envelope> envelopes() {
    Arbitrary<String> raw = Arbitraries.strings().withChars("aZ9@.=+ü日\"").ofMaxLength(20);
    Arbitrary<String> xtext = Arbitraries.strings().withChars("aZ9@.").ofMaxLength(10);
    Arbitrary<String> any = Arbitraries.strings().all().ofMaxLength(10).map(EnvelopeFormatTest::ok);
    Arbitrary<Recipients> recipients =
        Combinators.combine(raw.list().ofMaxSize(3), raw.list().ofMaxSize(5)).as(Recipients::new);
    Arbitrary<Origin> origins =
        Combinators.combine(any, raw, Arbitraries.of("", "-----A-----\nQUJD\n"), xtext)
            .as(Origin::new);
    Arbitrary<Routing> routings =
        Combinators.combine(Arbitraries.of("", "<>", "joe"), any, raw, raw).as(Routing::new);
    Arbitrary<DsnRequest.Recipient> asked =
        Combinators.combine(
                raw.map(address -> address + "x"),
                Arbitraries.of("", "NEVER"),
                Arbitraries.of("", "rfc822;a"))
            .as(DsnRequest.Recipient::new);
    Arbitrary<DsnRequest> dsn =
        Combinators.combine(Arbitraries.of("", "FULL"), xtext, asked.list().ofMaxSize(3))
            .as(DsnRequest::new);
    Arbitrary<List<String>> trailers = raw.map(value -> "X-Other: " + value).list().ofMaxSize(3);
    return Combinators.combine(
            Arbitraries.of(BodyType.class), raw, recipients, origins, routings, dsn, trailers)
        .as(
            (body, from, to, origin, routing, asks, trailer) ->
                new Envelope(body, from, to, origin, routing, MailboxNames.ASCII, asks, trailer));
  }

  private static String ok(String text) {
    return new String(text.getBytes(UTF_8), UTF_8);
  }

  @Property
  void whatIsWrittenIsReadBack(@ForAll("envelopes") Envelope envelope) throws UnreadableException {
    EnvelopeFormat.check(envelope);
    assertThat(EnvelopeReader.parse(EnvelopeFormat.write(envelope)).envelope()).isEqualTo(envelope);
  }
}
