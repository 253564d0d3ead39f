package io.stagepost.deploy.submit;

import io.stagepost.deploy.submit.Surroundings.Settings;
import io.stagepost.deploy.submit.Trouble.Kind;
import io.stagepost.mime.DotRule;
import io.stagepost.mime.EnvelopeAddress;
import io.stagepost.mime.FieldException;
import io.stagepost.mime.HeaderRule;
import io.stagepost.mime.MailAddress;
import io.stagepost.mime.MailHeader;
import io.stagepost.mime.MailSyntaxException;
import io.stagepost.mime.TextLines;
import io.stagepost.smtp.BodyType;
import io.stagepost.smtp.MailArguments;
import io.stagepost.smtp.PathRule;
import io.stagepost.smtp.RcptArguments;
import io.stagepost.smtp.SyntaxException;
import io.stagepost.smtp.Xtext;
import io.stagepost.spool.DsnRequest;
import io.stagepost.spool.Envelope;
import io.stagepost.spool.Envelope.Origin;
import io.stagepost.spool.Envelope.Recipients;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The sendmail command as programs call it to send mail. Exit codes are those of sysexits.h: 64
 * usage, 65 data, 67 recipient, 75 when the spool can't take the message now.
 */
final class Sendmail {

  private static final String CLIENT = "127.0.0.1";

  private final SendmailWords words;
  private final Surroundings surroundings;
  private final Settings settings;

  private Sendmail(Surroundings surroundings, SendmailWords words) throws Trouble {
    this.surroundings = surroundings;
    this.words = words;
    this.settings = surroundings.settings(words.file());
  }

  static int run(Surroundings surroundings, List<String> line) {
    Console console = new Console(surroundings);
    try {
      new Sendmail(surroundings, SendmailWords.read(line)).submit();
      return 0;
    } catch (Trouble e) {
      console.fail(e);
      return e.kind().exitCode();
    } catch (MailSyntaxException | FieldException e) {
      console.fail(String.valueOf(e.getMessage()));
      return Kind.DATA.exitCode();
    }
  }

  private void submit() throws Trouble, MailSyntaxException, FieldException {
    if (words.recipients().isEmpty() && !words.takesRecipientsFromHeader()) {
      throw new Trouble(Kind.USAGE, "no recipients: give them after the options, or use -t");
    }
    List<String> recipients = new ArrayList<>();
    for (String word : words.recipients()) {
      recipients.addAll(given(word));
    }
    MailAddress sender = sender();
    DotRule dots = words.isDotText() ? DotRule.IS_TEXT : DotRule.ENDS_MESSAGE;
    TextLines lines = new TextLines(surroundings.in(), dots);
    MailHeader header;
    try {
      header = MailHeader.read(lines, HeaderRule.LENIENT);
    } catch (IOException e) {
      throw new Trouble(Kind.NO_INPUT, "cannot read the message: " + Posting.text(e));
    }
    if (words.takesRecipientsFromHeader()) {
      recipients.addAll(written(header));
    }
    if (recipients.isEmpty()) {
      throw new Trouble(Kind.DATA, "no recipients in the header");
    }
    List<String> each = recipients.stream().distinct().toList();
    Envelope envelope =
        Envelope.received(
            BodyType.ofParameter(words.body()),
            sender.address(),
            Recipients.remote(each),
            Origin.of(CLIENT),
            notifications(each));
    new Posting(settings.spool()).add(complete(header, sender), envelope).post(lines::writeRest);
  }

  /** Who sends: an empty address for the null path. */
  private MailAddress sender() throws Trouble {
    String given = words.sender().orElse(Surroundings.user());
    if (given.isEmpty() || given.equals("<>")) {
      return new MailAddress(words.name(), "");
    }
    try {
      List<MailAddress> parsed = MailAddress.parseList("sender", given);
      if (parsed.size() == 1) {
        String name = words.name().isEmpty() ? parsed.getFirst().name() : words.name();
        String address = parsed.getFirst().at(settings.domain()).address();
        return new MailAddress(
            name,
            EnvelopeAddress.of(address).orElseThrow(() -> invalid("sender", given, Kind.DATA)));
      }
    } catch (FieldException e) {
      throw invalid("sender", given, Kind.DATA);
    }
    throw invalid("sender", given, Kind.DATA);
  }

  private List<String> given(String word) throws Trouble {
    try {
      return envelope(MailAddress.parseList("recipient", word));
    } catch (FieldException e) {
      throw invalid("recipient", word, Kind.NO_USER);
    }
  }

  // RFC 5322 §3.6.6: a message that was sent again goes to those of the last time only.
  private List<String> written(MailHeader header) throws Trouble, MailSyntaxException {
    List<String> fields = List.of("To", "Cc", "Bcc");
    List<String> again = fields.stream().map(field -> "Resent-" + field).toList();
    List<MailAddress> found = new ArrayList<>();
    for (String field : again.stream().anyMatch(header::has) ? again : fields) {
      found.addAll(header.addresses(field));
    }
    return envelope(found);
  }

  private List<String> envelope(List<MailAddress> addresses) throws Trouble {
    List<String> found = new ArrayList<>();
    for (MailAddress each : addresses) {
      String address = each.at(settings.domain()).address();
      found.add(
          EnvelopeAddress.of(address)
              .orElseThrow(() -> invalid("recipient", address, Kind.NO_USER)));
    }
    return found;
  }

  private static Trouble invalid(String what, String address, Kind kind) {
    return new Trouble(kind, "invalid " + what + " address: " + Console.bracketed(address));
  }

  // Blind copies are nobody's business, whether the header named the recipients or not.
  private MailHeader complete(MailHeader header, MailAddress sender) throws FieldException {
    Stamp stamp = new Stamp(Instant.now());
    MailHeader made = header.without("Bcc").without("Resent-Bcc");
    if (!made.has("Date")) {
      made = made.withFirst("Date", stamp.fullDate());
    }
    if (!made.has("Message-ID")) {
      made = made.withFirst("Message-ID", stamp.messageId(settings.domain()));
    }
    if (!made.has("From")) {
      String address =
          sender.address().isEmpty() ? "MAILER-DAEMON@" + settings.domain() : sender.address();
      made = made.withFirst("From", new MailAddress(sender.name(), address).text());
    }
    return made;
  }

  /** What -N, -R and -V ask for (RFC 3461), checked as the server does it. */
  private DsnRequest notifications(List<String> recipients) throws Trouble {
    String ret = words.ret().isEmpty() ? "" : " RET=" + words.ret();
    String id = words.envelopeId().isEmpty() ? "" : " ENVID=" + Xtext.encode(words.envelopeId());
    Set<PathRule> rules = Set.of(PathRule.DSN);
    try {
      MailArguments mail = MailArguments.parse("FROM:<>" + ret + id, rules);
      List<DsnRequest.Recipient> each = new ArrayList<>();
      if (!words.notification().isEmpty()) {
        String notify =
            RcptArguments.parse(
                    "TO:<a@b> NOTIFY=" + words.notification(), rules, MailArguments.Utf8.DECLARED)
                .dsnNotify();
        recipients.forEach(to -> each.add(new DsnRequest.Recipient(to, notify, "")));
      }
      return new DsnRequest(mail.dsnReturn(), mail.dsnEnvelopeId(), each);
    } catch (SyntaxException e) {
      throw new Trouble(Kind.USAGE, "invalid value for \"-N\", \"-R\" or \"-V\"");
    }
  }
}
