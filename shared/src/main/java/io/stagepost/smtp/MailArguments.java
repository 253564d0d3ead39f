package io.stagepost.smtp;

import io.stagepost.smtp.PathParser.Parsed;
import java.util.Locale;
import java.util.Set;

/**
 * The arguments of MAIL (RFC 5321 §4.1.1.2); parameters that are not known are ignored.
 *
 * @param reversePath who sends
 * @param body BODY (RFC 6152)
 * @param size SIZE (RFC 1870) in octets, 0 when not given
 * @param utf8 whether SMTPUTF8 was given (RFC 6531)
 * @param auth AUTH (RFC 4954) as xtext or {@code <>}, or empty
 * @param dsnReturn RET (RFC 3461): {@code FULL}, {@code HDRS} or empty
 * @param dsnEnvelopeId ENVID (RFC 3461) as xtext, or empty
 */
public record MailArguments(
    Mailbox reversePath,
    BodyType body,
    long size,
    Utf8 utf8,
    String auth,
    String dsnReturn,
    String dsnEnvelopeId) {

  private static final int MOST_ENVID = 100; // RFC 3461 §4.4

  /** Whether the client said that addresses or headers may be UTF-8. */
  public enum Utf8 {
    DECLARED,
    NOT_DECLARED
  }

  /**
   * Reads what follows the verb, from {@code FROM:} on.
   *
   * @throws SyntaxException when it is wrong, with the text of the reply
   */
  public static MailArguments parse(String argument, Set<PathRule> rules) throws SyntaxException {
    Parsed parsed = PathParser.parse("FROM", argument, rules);
    Parameters parameters = Parameters.parse(parsed.parameters());
    Utf8 utf8 = utf8(parameters);
    if (utf8 == Utf8.NOT_DECLARED
        && rules.contains(PathRule.UTF8_DECLARED)
        && !parsed.mailbox().isAsciiLocalPart()) {
      throw SyntaxException.address("invalid character in mailbox name: not using smtputf8");
    }
    boolean dsn = rules.contains(PathRule.DSN);
    return new MailArguments(
        parsed.mailbox(),
        BodyType.ofParameter(parameters.value("BODY")),
        size(parameters),
        utf8,
        auth(parameters.value("AUTH")),
        dsn ? dsnReturn(parameters) : "",
        dsn ? dsnEnvelopeId(parameters) : "");
  }

  private static Utf8 utf8(Parameters parameters) throws SyntaxException {
    if (!parameters.value("SMTPUTF8").isEmpty()) {
      throw SyntaxException.address("invalid mail-from parameter");
    }
    return parameters.hasWord("SMTPUTF8") ? Utf8.DECLARED : Utf8.NOT_DECLARED;
  }

  private static long size(Parameters parameters) throws SyntaxException {
    String value = parameters.value("SIZE");
    if (!parameters.has("SIZE")) {
      return 0;
    }
    // RFC 1870 §5: up to 20 digits. More than 18 is more than any limit.
    if (value.isEmpty() || value.length() > 20 || !Parameters.isDigits(value)) {
      throw SyntaxException.address("invalid mail-from parameter");
    }
    return value.length() > 18 ? Long.MAX_VALUE : Long.parseLong(value);
  }

  private static String auth(String value) {
    return value.isEmpty() || value.equals("<>") ? value : Xtext.encode(Xtext.decode(value));
  }

  private static String dsnReturn(Parameters parameters) throws SyntaxException {
    String value = parameters.single("RET").toUpperCase(Locale.ROOT);
    if (parameters.has("RET") && !value.equals("FULL") && !value.equals("HDRS")) {
      throw SyntaxException.parameter("invalid RET parameter");
    }
    return value;
  }

  private static String dsnEnvelopeId(Parameters parameters) throws SyntaxException {
    String value = parameters.single("ENVID");
    if (parameters.has("ENVID")
        && (value.isEmpty() || value.length() > MOST_ENVID || !Xtext.isValid(value))) {
      throw SyntaxException.parameter("invalid ENVID parameter");
    }
    return value;
  }
}
