package io.stagepost.smtp;

import io.stagepost.smtp.PathParser.Parsed;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The arguments of RCPT (RFC 5321 §4.1.1.3); parameters that are not known are ignored.
 *
 * @param forwardPath who is to receive
 * @param dsnNotify NOTIFY (RFC 3461) in upper case, or empty
 * @param dsnOriginal ORCPT (RFC 3461) as {@code type;xtext}, or empty
 */
public record RcptArguments(Mailbox forwardPath, String dsnNotify, String dsnOriginal) {

  private static final Set<String> NOTIFY_WORDS = Set.of("SUCCESS", "FAILURE", "DELAY");
  private static final int MOST_ORCPT = 500; // RFC 3461 §4.2

  /**
   * Reads what follows the verb, from {@code TO:} on.
   *
   * @param utf8 what MAIL declared
   * @throws SyntaxException when it is wrong, with the text of the reply
   */
  public static RcptArguments parse(String argument, Set<PathRule> rules, MailArguments.Utf8 utf8)
      throws SyntaxException {
    Parsed parsed = PathParser.parse("TO", argument, rules);
    if (parsed.mailbox().isNull()) {
      throw SyntaxException.address("invalid empty mailbox");
    }
    if (utf8 == MailArguments.Utf8.NOT_DECLARED
        && rules.contains(PathRule.UTF8_DECLARED)
        && !parsed.mailbox().isAsciiLocalPart()) {
      throw SyntaxException.address("invalid character in mailbox name: not using smtputf8");
    }
    if (!rules.contains(PathRule.DSN)) {
      return new RcptArguments(parsed.mailbox(), "", "");
    }
    Parameters parameters = Parameters.parse(parsed.parameters());
    return new RcptArguments(parsed.mailbox(), notify(parameters), original(parameters));
  }

  private static String notify(Parameters parameters) throws SyntaxException {
    String value = parameters.single("NOTIFY").toUpperCase(Locale.ROOT);
    if (!parameters.has("NOTIFY")) {
      return value;
    }
    List<String> words = Arrays.asList(value.split(",", -1));
    boolean valid =
        value.equals("NEVER")
            || (NOTIFY_WORDS.containsAll(words) && Set.copyOf(words).size() == words.size());
    if (!valid) {
      throw SyntaxException.parameter("invalid NOTIFY parameter");
    }
    return value;
  }

  private static String original(Parameters parameters) throws SyntaxException {
    String value = parameters.single("ORCPT");
    if (!parameters.has("ORCPT")) {
      return value;
    }
    int semicolon = value.indexOf(';');
    String address = value.substring(semicolon + 1);
    boolean valid =
        semicolon > 0
            && value.length() <= MOST_ORCPT
            && value.chars().limit(semicolon).allMatch(RcptArguments::isAtomCharacter)
            && !address.isEmpty()
            && (Xtext.isValid(address) || isUtf8Address(value, semicolon));
    if (!valid) {
      throw SyntaxException.parameter("invalid ORCPT parameter");
    }
    return value;
  }

  /** RFC 6533 §3: a utf-8 address may be given unencoded in a session with SMTPUTF8. */
  private static boolean isUtf8Address(String value, int semicolon) {
    return value.substring(0, semicolon).equalsIgnoreCase("utf-8")
        && value.chars().noneMatch(c -> Character.isISOControl(c) || c == '\uFFFD');
  }

  private static boolean isAtomCharacter(int c) {
    return c > 32 && c < 127 && "()<>@,;:\\\".[]=+".indexOf(c) < 0;
  }
}
