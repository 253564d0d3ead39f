package io.stagepost.spool.file;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.stagepost.smtp.Xtext;
import io.stagepost.spool.Claim.Failure;
import io.stagepost.spool.DsnRequest;
import io.stagepost.spool.Envelope;
import io.stagepost.spool.Envelope.MailboxNames;
import java.util.List;

/** Writes envelope files as E-MailRelay 2.6 does: format {@code #2821.8}, CRLF. */
final class EnvelopeFormat {

  static final String PREFIX = "X-MailRelay-";
  static final String CURRENT = "#2821.8";
  static final String CRLF = "\r\n";
  static final String COMMITTED = "Committed";
  static final String DSN_RET = "DsnRet";
  static final String DSN_ENVID = "DsnEnvid";
  static final String DSN_RECIPIENT = "DsnRecipient";
  static final String NOTHING = "-";

  private EnvelopeFormat() {}

  /**
   * Checks that the envelope can be written.
   *
   * @throws IllegalArgumentException when a value holds a line end, which would forge a field
   */
  static void check(Envelope envelope) {
    var origin = envelope.origin();
    var routing = envelope.routing();
    checkLine(envelope.reversePath());
    envelope.recipients().local().forEach(EnvelopeFormat::checkLine);
    envelope.recipients().remote().forEach(EnvelopeFormat::checkLine);
    checkLine(origin.client());
    checkLine(origin.mailFromAuth());
    checkLine(routing.mailFromAuth());
    checkLine(routing.forwardToAddress());
    checkLine(routing.accountSelector());
    checkLine(envelope.dsn().ret());
    checkLine(envelope.dsn().envelopeId());
    for (DsnRequest.Recipient recipient : envelope.dsn().recipients()) {
      checkLine(recipient.address());
      checkWord(recipient.notification());
      checkWord(recipient.originalRecipient());
    }
    envelope.trailer().forEach(EnvelopeFormat::checkLine);
  }

  private static void checkLine(String value) {
    if (value.indexOf('\n') >= 0 || value.indexOf('\r') >= 0) {
      throw new IllegalArgumentException("line end in an envelope value");
    }
  }

  private static void checkWord(String value) {
    checkLine(value);
    if (value.indexOf(' ') >= 0) {
      throw new IllegalArgumentException("blank in a notification parameter");
    }
  }

  /** The file's octets. */
  static byte[] write(Envelope envelope) {
    return text(envelope).toString().getBytes(UTF_8);
  }

  /**
   * The file's octets with a mark that lets recovery finish the commit.
   *
   * @param size the content's size in octets
   */
  static byte[] writeCommitted(Envelope envelope, long size) {
    StringBuilder out = text(envelope);
    field(out, COMMITTED, Long.toString(size));
    return out.toString().getBytes(UTF_8);
  }

  private static StringBuilder text(Envelope envelope) {
    StringBuilder out = new StringBuilder(512);
    var recipients = envelope.recipients();
    var origin = envelope.origin();
    var routing = envelope.routing();
    field(out, "Format", CURRENT);
    field(out, "Content", envelope.body().envelopeWord());
    field(out, "From", envelope.reversePath());
    int count = recipients.local().size() + recipients.remote().size();
    field(out, "ToCount", Integer.toString(count));
    recipients.local().forEach(to -> field(out, "To-Local", to));
    recipients.remote().forEach(to -> field(out, "To-Remote", to));
    field(out, "Authentication", Xtext.encode(origin.authentication()));
    field(out, "Client", origin.client());
    field(out, "ClientCertificate", fold(origin.certificate()));
    field(out, "MailFromAuthIn", origin.mailFromAuth());
    field(out, "MailFromAuthOut", routing.mailFromAuth());
    field(out, "ForwardTo", Xtext.encode(routing.forwardTo()));
    field(out, "ForwardToAddress", routing.forwardToAddress());
    field(out, "ClientAccountSelector", routing.accountSelector());
    field(out, "Utf8MailboxNames", envelope.mailboxes() == MailboxNames.UTF8 ? "1" : "0");
    field(out, "End", "1");
    notifications(out, envelope.dsn());
    envelope.trailer().forEach(line -> out.append(line).append(CRLF));
    return out;
  }

  private static void notifications(StringBuilder out, DsnRequest dsn) {
    if (!dsn.ret().isEmpty()) {
      field(out, DSN_RET, dsn.ret());
    }
    if (!dsn.envelopeId().isEmpty()) {
      field(out, DSN_ENVID, dsn.envelopeId());
    }
    for (DsnRequest.Recipient recipient : dsn.recipients()) {
      String words =
          String.join(
              " ",
              orNothing(recipient.notification()),
              orNothing(recipient.originalRecipient()),
              recipient.address());
      field(out, DSN_RECIPIENT, words);
    }
  }

  private static String orNothing(String value) {
    return value.isEmpty() ? NOTHING : value;
  }

  private static void field(StringBuilder out, String name, String value) {
    out.append(PREFIX).append(name).append(": ").append(value).append(CRLF);
  }

  private static String fold(String certificate) {
    List<String> lines = certificate.lines().toList();
    return String.join(CRLF + " ", lines);
  }

  /** The lines that a failure appends to an envelope. */
  static String failureLines(Failure failure, String lineEnd) {
    String code = failure.code().map(c -> " " + c).orElse("");
    return PREFIX
        + "Reason: "
        + printable(failure.reason())
        + lineEnd
        + PREFIX
        + "ReasonCode:"
        + code
        + lineEnd;
  }

  /** The text in printable ASCII: control characters and what is beyond are written escaped. */
  static String printable(String text) {
    StringBuilder out = new StringBuilder(text.length());
    for (byte b : text.getBytes(UTF_8)) {
      int c = b & 0xff;
      switch (c) {
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (c >= 0x20 && c < 0x7f) {
            out.append((char) c);
          } else {
            out.append(String.format("\\x%02x", c));
          }
        }
      }
    }
    return out.toString();
  }
}
