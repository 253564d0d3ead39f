package io.stagepost.smtp;

import java.util.Set;

/**
 * Reads the path of MAIL and RCPT (RFC 5321 §4.1.2): {@code KEYWORD:<path> parameters}.
 *
 * <p>The texts of failures are those of E-MailRelay.
 */
final class PathParser {

  // RFC 5321 §4.5.3.1.3 asks for 256; nothing that is delivered is longer than this.
  private static final int MOST_OCTETS = 1024;

  private final Set<PathRule> rules;
  private final String text;
  private int at;

  private PathParser(String text, Set<PathRule> rules) {
    this.text = text;
    this.rules = rules;
  }

  /** A path and what follows it. */
  record Parsed(Mailbox mailbox, String parameters) {}

  static Parsed parse(String keyword, String argument, Set<PathRule> rules) throws SyntaxException {
    PathParser parser = new PathParser(argument, rules);
    parser.keyword(keyword);
    Mailbox mailbox = parser.mailbox(parser.path());
    parser.skipBlanks();
    return new Parsed(mailbox, argument.substring(parser.at));
  }

  private void keyword(String keyword) throws SyntaxException {
    if (!text.regionMatches(true, 0, keyword, 0, keyword.length())) {
      throw SyntaxException.address(
          keyword.equals("FROM") ? "invalid mail-from command" : "invalid rcpt-to command");
    }
    at = keyword.length();
    skipBlanks();
    if (at == text.length() || text.charAt(at) != ':') {
      throw SyntaxException.address("missing colon");
    }
    at++;
    skipBlanks();
  }

  private String path() throws SyntaxException {
    if (at == text.length() || text.charAt(at) != '<') {
      if (rules.contains(PathRule.BRACKETS)) {
        throw SyntaxException.address("missing angle brackets in mailbox name");
      }
      int from = at;
      at = endOfWord(from);
      return text.substring(from, at);
    }
    at++;
    skipSourceRoute();
    int from = at;
    int close = closingBracket(from);
    at = close + 1;
    if (at < text.length() && text.charAt(at) != ' ' && text.charAt(at) != '\t') {
      throw SyntaxException.address("invalid angle brackets");
    }
    return text.substring(from, close);
  }

  /** RFC 5321 appendix C: a source route is to be ignored. */
  private void skipSourceRoute() throws SyntaxException {
    if (at == text.length() || text.charAt(at) != '@') {
      return;
    }
    int colon = text.indexOf(':', at);
    int bracket = text.indexOf('>', at);
    if (colon < 0 || (bracket >= 0 && bracket < colon)) {
      throw SyntaxException.address("invalid source route in mailbox name");
    }
    at = colon + 1;
  }

  private int closingBracket(int from) throws SyntaxException {
    int i = from;
    if (i < text.length() && text.charAt(i) == '"') {
      i = endOfQuotes(i);
      if (i < text.length() && text.charAt(i) != '@' && text.charAt(i) != '>') {
        throw SyntaxException.address("invalid quoting");
      }
    }
    int close = text.indexOf('>', i);
    if (close < 0 || text.substring(i, close).indexOf('<') >= 0) {
      throw SyntaxException.address("invalid angle brackets in mailbox name");
    }
    if (text.substring(i, close).indexOf(' ') >= 0) {
      throw SyntaxException.address("invalid character in mailbox name");
    }
    return close;
  }

  private int endOfQuotes(int open) throws SyntaxException {
    for (int i = open + 1; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\') {
        i++;
      } else if (c == '"') {
        return i + 1;
      }
    }
    throw SyntaxException.address("invalid quoting");
  }

  private Mailbox mailbox(String path) throws SyntaxException {
    if (path.isEmpty()) {
      return Mailbox.NULL;
    }
    if (path.length() > MOST_OCTETS) {
      throw SyntaxException.address("mailbox name too long");
    }
    if (path.startsWith("@") || path.endsWith("@") || path.chars().anyMatch(PathParser::isBad)) {
      throw SyntaxException.address("invalid character in mailbox name");
    }
    int domain = path.lastIndexOf('@') + 1;
    if (domain == 0 || !rules.contains(PathRule.A_LABELS)) {
      return new Mailbox(path, path);
    }
    String ascii =
        DomainNames.toAscii(path.substring(domain))
            .orElseThrow(() -> SyntaxException.address("invalid character in mailbox name"));
    return new Mailbox(path, path.substring(0, domain) + ascii);
  }

  private static boolean isBad(int c) {
    return Character.isISOControl(c) || c == '\uFFFD'; // the latter stands for broken UTF-8
  }

  private void skipBlanks() {
    while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
      at++;
    }
  }

  private int endOfWord(int from) {
    int i = from;
    while (i < text.length() && text.charAt(i) != ' ' && text.charAt(i) != '\t') {
      i++;
    }
    return i;
  }
}
