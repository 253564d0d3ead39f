package io.stagepost.pop;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/** Makes commands of lines (RFC 1939 §3). */
final class CommandParser {

  private static final int CAPA = 'C' << 24 | 'A' << 16 | 'P' << 8 | 'A';
  private static final int USER = 'U' << 24 | 'S' << 16 | 'E' << 8 | 'R';
  private static final int PASS = 'P' << 24 | 'A' << 16 | 'S' << 8 | 'S';
  private static final int APOP = 'A' << 24 | 'P' << 16 | 'O' << 8 | 'P';
  private static final int AUTH = 'A' << 24 | 'U' << 16 | 'T' << 8 | 'H';
  private static final int STLS = 'S' << 24 | 'T' << 16 | 'L' << 8 | 'S';
  private static final int UTF8 = 'U' << 24 | 'T' << 16 | 'F' << 8 | '8';
  private static final int LANG = 'L' << 24 | 'A' << 16 | 'N' << 8 | 'G';
  private static final int STAT = 'S' << 24 | 'T' << 16 | 'A' << 8 | 'T';
  private static final int LIST = 'L' << 24 | 'I' << 16 | 'S' << 8 | 'T';
  private static final int UIDL = 'U' << 24 | 'I' << 16 | 'D' << 8 | 'L';
  private static final int RETR = 'R' << 24 | 'E' << 16 | 'T' << 8 | 'R';
  private static final int TOP = 'T' << 16 | 'O' << 8 | 'P';
  private static final int DELE = 'D' << 24 | 'E' << 16 | 'L' << 8 | 'E';
  private static final int NOOP = 'N' << 24 | 'O' << 16 | 'O' << 8 | 'P';
  private static final int RSET = 'R' << 24 | 'S' << 16 | 'E' << 8 | 'T';
  private static final int QUIT = 'Q' << 24 | 'U' << 16 | 'I' << 8 | 'T';

  private static final int LONGEST_VERB = 4;

  private CommandParser() {}

  /** Understands a line without its CRLF. */
  static Command parse(byte[] line) {
    for (byte b : line) {
      if (b == '\r' || b == '\n' || b == 0) {
        return new Command.Malformed();
      }
    }
    return switch (verb(line)) {
      case CAPA -> new Command.Capa();
      case USER -> new Command.User(rest(line).strip());
      case PASS -> new Command.Pass(rest(line));
      case APOP -> new Command.Apop(word(line, 0), word(line, 1));
      case AUTH -> new Command.Auth(word(line, 0), word(line, 1));
      case STLS -> new Command.Stls();
      case UTF8 -> new Command.Utf8();
      case LANG -> new Command.Lang(word(line, 0));
      case STAT -> new Command.Stat();
      case LIST -> new Command.List(word(line, 0));
      case UIDL -> new Command.Uidl(word(line, 0));
      case RETR -> new Command.Retr(word(line, 0));
      case TOP -> new Command.Top(word(line, 0), word(line, 1));
      case DELE -> new Command.Dele(word(line, 0));
      case NOOP -> new Command.Noop();
      case RSET -> new Command.Rset();
      case QUIT -> new Command.Quit();
      default -> new Command.Unknown();
    };
  }

  /** Whether a line must not be shown whole, be it a command or nearly one. */
  static boolean hasSecret(byte[] line) {
    int verb = verb(unindented(line));
    return verb == PASS || verb == APOP || verb == AUTH;
  }

  /** A line with the secret taken out, for the log. */
  static String withoutSecret(byte[] indented) {
    byte[] line = unindented(indented);
    return switch (verb(line)) {
      case PASS -> "PASS [password not logged]";
      case APOP -> "APOP " + word(line, 0) + " [not logged]";
      default -> {
        String shown = "AUTH " + word(line, 0);
        yield word(line, 1).isEmpty() ? shown.strip() : shown + " [not logged]";
      }
    };
  }

  private static byte[] unindented(byte[] line) {
    int from = 0;
    while (from < line.length && isBlank(line[from])) {
      from++;
    }
    return Arrays.copyOfRange(line, from, line.length);
  }

  /** Up to four letters of the first word in upper case, in one number; 0 for a longer word. */
  private static int verb(byte[] line) {
    int verb = 0;
    int i = 0;
    for (; i < line.length && !isBlank(line[i]); i++) {
      if (i == LONGEST_VERB) {
        return 0;
      }
      byte b = line[i];
      verb = verb << 8 | (b >= 'a' && b <= 'z' ? b - ('a' - 'A') : b & 0xff);
    }
    return verb;
  }

  /** All after the verb and one blank. */
  private static String rest(byte[] line) {
    int from = 0;
    while (from < line.length && !isBlank(line[from])) {
      from++;
    }
    from = Math.min(from + 1, line.length);
    return new String(line, from, line.length - from, UTF_8);
  }

  /** One of the words after the verb, or nothing. */
  private static String word(byte[] line, int index) {
    String[] words = rest(line).strip().split("[ \t]+", index + 2);
    return index < words.length ? words[index] : "";
  }

  private static boolean isBlank(byte b) {
    return b == ' ' || b == '\t';
  }
}
