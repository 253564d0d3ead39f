package io.stagepost.smtpserver;

import static io.stagepost.smtp.ReplyCode.*;

import io.stagepost.smtp.EnhancedStatus;
import io.stagepost.smtp.MailArguments;
import io.stagepost.smtp.Mailbox;
import io.stagepost.smtp.Reply;
import io.stagepost.smtp.Reply.StatusDisplay;
import io.stagepost.smtp.ReplyCode;
import io.stagepost.smtp.SyntaxException;
import io.stagepost.spool.SpoolException;
import io.stagepost.telemetry.LogText;
import io.vertx.core.buffer.Buffer;
import java.util.Base64;
import java.util.IdentityHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the server says. Most texts are those of E-MailRelay, which scripts may look for. */
final class Replies {

  /** The octets of constant replies, with and without enhanced status. */
  private static final IdentityHashMap<Reply, Encoded> ENCODED = new IdentityHashMap<>();

  private static final Pattern STATUS = Pattern.compile("[245]\\.([0-9]{1,3})\\.([0-9]{1,3}) (.*)");

  static final Reply HELLO = constant(Reply.of(OK_250, "hello"));
  static final Reply START_INPUT =
      constant(Reply.of(START_INPUT_354, "start mail input -- end with <CRLF>.<CRLF>"));
  static final Reply PROCESSED = constant(OK_250, EnhancedStatus.NONE, "message processed");
  static final Reply RESET = constant(OK_250, EnhancedStatus.NONE, "state reset");
  static final Reply NOOP = constant(OK_250, EnhancedStatus.NONE, "noop");
  static final Reply CLOSING = constant(CLOSING_221, EnhancedStatus.NONE, "OK");
  static final Reply CANNOT_VRFY = constant(CANNOT_VERIFY_252, EnhancedStatus.NONE, "cannot vrfy");

  static final Reply START_TLS =
      constant(SERVICE_READY_220, EnhancedStatus.NONE, "ready to start tls");
  static final Reply AFTER_START_TLS =
      constant(TRANSACTION_FAILED_554, EnhancedStatus.PROTOCOL, "nothing may follow starttls");
  static final Reply ENCRYPTION_REQUIRED =
      constant(AUTHENTICATION_REQUIRED_530, EnhancedStatus.SECURITY, "encryption required");
  static final Reply ENCRYPTION_REQUIRED_STARTTLS =
      constant(
          AUTHENTICATION_REQUIRED_530,
          EnhancedStatus.SECURITY,
          "encryption required: use starttls");

  static final Reply AUTHENTICATED =
      constant(AUTHENTICATED_235, EnhancedStatus.SECURITY, "authentication successful");
  static final Reply AUTHENTICATION_FAILED =
      constant(
          AUTHENTICATION_FAILED_535,
          EnhancedStatus.AUTHENTICATION_INVALID,
          "authentication failed");
  static final Reply AUTHENTICATION_UNAVAILABLE =
      constant(
          AUTHENTICATION_UNAVAILABLE_454,
          EnhancedStatus.SECURITY,
          "authentication not available now");
  static final Reply AUTHENTICATION_CANCELLED =
      constant(BAD_PARAMETER_501, EnhancedStatus.SECURITY, "authentication cancelled");
  static final Reply AUTHENTICATION_REQUIRED =
      constant(AUTHENTICATION_REQUIRED_530, EnhancedStatus.SECURITY, "authentication required");
  static final Reply AUTHENTICATION_REQUIRED_STARTTLS =
      constant(
          AUTHENTICATION_REQUIRED_530,
          EnhancedStatus.SECURITY,
          "authentication required: use starttls");
  static final Reply UNSUPPORTED_MECHANISM =
      constant(
          PARAMETER_NOT_IMPLEMENTED_504,
          EnhancedStatus.BAD_ARGUMENTS,
          "unsupported authentication mechanism");
  static final Reply UNSUPPORTED_MECHANISM_STARTTLS =
      constant(
          PARAMETER_NOT_IMPLEMENTED_504,
          EnhancedStatus.BAD_ARGUMENTS,
          "unsupported authentication mechanism: use starttls");
  static final Reply TOO_MANY_FAILURES =
      constant(
          SERVICE_NOT_AVAILABLE_421, EnhancedStatus.SECURITY, "too many authentication failures");
  static final Reply SENDER_NOT_ALLOWED =
      constant(MAILBOX_NAME_553, EnhancedStatus.NOT_AUTHORIZED, "sender address not allowed");

  static final Reply NOT_AVAILABLE =
      constant(SERVICE_NOT_AVAILABLE_421, EnhancedStatus.NOT_ACCEPTING, "service not available");
  static final Reply SHUTTING_DOWN =
      constant(SERVICE_NOT_AVAILABLE_421, EnhancedStatus.NOT_ACCEPTING, "service shutting down");
  static final Reply TOO_MANY_CONNECTIONS =
      constant(SERVICE_NOT_AVAILABLE_421, EnhancedStatus.NOT_ACCEPTING, "too many connections");
  static final Reply TOO_MANY_FROM_CLIENT =
      constant(
          SERVICE_NOT_AVAILABLE_421,
          EnhancedStatus.NOT_ACCEPTING,
          "too many connections from your address");
  static final Reply IDLE_TIMEOUT =
      constant(SERVICE_NOT_AVAILABLE_421, EnhancedStatus.CONNECTION_TIMEOUT, "idle timeout");
  static final Reply COMMAND_TIMEOUT =
      constant(SERVICE_NOT_AVAILABLE_421, EnhancedStatus.CONNECTION_TIMEOUT, "command timeout");

  static final Reply INTERNAL_ERROR =
      constant(SERVICE_NOT_AVAILABLE_421, EnhancedStatus.SYSTEM, "internal error");

  static final Reply UNRECOGNIZED =
      constant(UNRECOGNIZED_500, EnhancedStatus.INVALID_COMMAND, "command unrecognized");
  static final Reply INVALID_CHARACTER =
      constant(UNRECOGNIZED_500, EnhancedStatus.SYNTAX, "invalid character in command");
  static final Reply LINE_TOO_LONG =
      constant(UNRECOGNIZED_500, EnhancedStatus.SYNTAX, "line too long");
  static final Reply PARAMETER_REQUIRED =
      constant(BAD_PARAMETER_501, EnhancedStatus.BAD_ARGUMENTS, "parameter required");
  static final Reply INVALID_PARAMETER =
      constant(BAD_PARAMETER_501, EnhancedStatus.BAD_ARGUMENTS, "invalid parameter");
  static final Reply INVALID_ARGUMENT =
      constant(BAD_PARAMETER_501, EnhancedStatus.BAD_ARGUMENTS, "invalid argument");
  static final Reply NOT_IMPLEMENTED =
      constant(NOT_IMPLEMENTED_502, EnhancedStatus.INVALID_COMMAND, "command not implemented");
  static final Reply OUT_OF_SEQUENCE =
      constant(
          BAD_SEQUENCE_503,
          EnhancedStatus.INVALID_COMMAND,
          "command out of sequence -- use RSET to resynchronise");
  static final Reply DATA_WITH_BINARYMIME =
      constant(
          BAD_SEQUENCE_503,
          EnhancedStatus.INVALID_COMMAND,
          "invalid data command with binarymime -- use RSET to resynchronise");

  static final Reply INVALID_MAILBOX =
      constant(MAILBOX_UNAVAILABLE_550, EnhancedStatus.ADDRESS_SYNTAX, "invalid mailbox");
  static final Reply TOO_MANY_RECIPIENTS =
      constant(INSUFFICIENT_STORAGE_452, EnhancedStatus.TOO_MANY_RECIPIENTS, "too many recipients");
  static final Reply NO_RECIPIENTS =
      constant(TRANSACTION_FAILED_554, EnhancedStatus.INVALID_COMMAND, "no valid recipients");
  static final Reply TOO_BIG =
      constant(
          SIZE_EXCEEDED_552,
          EnhancedStatus.MESSAGE_TOO_BIG,
          "message size exceeds fixed maximum message size");
  static final Reply TOO_MANY_HOPS =
      constant(
          TRANSACTION_FAILED_554, EnhancedStatus.ROUTING_LOOP, "too many hops: mail is looping");
  static final Reply BARE_LINE_END =
      constant(TRANSACTION_FAILED_554, EnhancedStatus.CONTENT, "bare CR or LF in message");
  static final Reply NO_SPACE =
      constant(INSUFFICIENT_STORAGE_452, EnhancedStatus.SYSTEM_FULL, "insufficient system storage");
  static final Reply LOCAL_ERROR =
      constant(LOCAL_ERROR_451, EnhancedStatus.SYSTEM, "local error in processing");
  static final Reply FORWARDING_FAILED =
      constant(INSUFFICIENT_STORAGE_452, new EnhancedStatus(4, 1), "forwarding failed");

  private Replies() {}

  static Reply senderOk(MailArguments mail) {
    return Reply.of(
        OK_250, EnhancedStatus.NONE, "sender <" + mail.reversePath().received() + "> OK");
  }

  static Reply recipientOk(Mailbox recipient) {
    return Reply.of(
        OK_250, EnhancedStatus.ADDRESS_VALID, "recipient <" + recipient.received() + "> OK");
  }

  static Reply badSender(SyntaxException e) {
    return e.part() == SyntaxException.Part.PARAMETER
        ? badParameter(e)
        : Reply.of(
            MAILBOX_NAME_553, EnhancedStatus.SENDER_SYNTAX, "mailbox name not allowed: " + e.why());
  }

  static Reply badRecipient(SyntaxException e) {
    return e.part() == SyntaxException.Part.PARAMETER
        ? badParameter(e)
        : Reply.of(MAILBOX_UNAVAILABLE_550, EnhancedStatus.ADDRESS_SYNTAX, e.why());
  }

  /** A challenge in base64; an empty one is a blank all the same. */
  static Reply challenge(Buffer octets) {
    return Reply.of(CHALLENGE_334, Base64.getEncoder().encodeToString(octets.getBytes()));
  }

  static Reply willAccept(String address) {
    return Reply.of(
        CANNOT_VERIFY_252, EnhancedStatus.NONE, "cannot verify but will accept: " + address);
  }

  static Reply chunkReceived(long octets) {
    return Reply.of(OK_250, EnhancedStatus.NONE, octets + " bytes received");
  }

  /** The next hop's words as ours, with its enhanced status if it gave one. */
  static Reply fromNextHop(ReplyCode code, String text) {
    String printable = LogText.escape(text);
    Matcher matcher = STATUS.matcher(printable);
    if (!matcher.matches()) {
      return Reply.of(code, EnhancedStatus.NONE, printable);
    }
    EnhancedStatus status =
        new EnhancedStatus(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
    return Reply.of(code, status, matcher.group(3));
  }

  /** What a client hears of trouble with the spool. */
  static Reply forStorage(Throwable e) {
    return e instanceof SpoolException.NoSpace ? NO_SPACE : LOCAL_ERROR;
  }

  /** The reply as octets. */
  static byte[] encode(Reply reply, StatusDisplay display) {
    Encoded encoded = ENCODED.get(reply);
    if (encoded == null) {
      return reply.encode(display);
    }
    return display == StatusDisplay.SHOWN ? encoded.shown : encoded.hidden;
  }

  private static Reply badParameter(SyntaxException e) {
    return Reply.of(BAD_PARAMETER_501, EnhancedStatus.BAD_ARGUMENTS, e.why());
  }

  private static Reply constant(ReplyCode code, EnhancedStatus status, String text) {
    return constant(Reply.of(code, status, text));
  }

  private static Reply constant(Reply reply) {
    ENCODED.put(
        reply, new Encoded(reply.encode(StatusDisplay.HIDDEN), reply.encode(StatusDisplay.SHOWN)));
    return reply;
  }

  private static final class Encoded {
    private final byte[] hidden;
    private final byte[] shown;

    Encoded(byte[] hidden, byte[] shown) {
      this.hidden = hidden;
      this.shown = shown;
    }
  }
}
