package io.stagepost.smtpserver;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.stagepost.smtpserver.Command.Position;

/** Makes commands of lines (RFC 5321 §4.1.1). */
final class CommandParser {

  private static final int EHLO = 'E' << 24 | 'H' << 16 | 'L' << 8 | 'O';
  private static final int HELO = 'H' << 24 | 'E' << 16 | 'L' << 8 | 'O';
  private static final int MAIL = 'M' << 24 | 'A' << 16 | 'I' << 8 | 'L';
  private static final int RCPT = 'R' << 24 | 'C' << 16 | 'P' << 8 | 'T';
  private static final int DATA = 'D' << 24 | 'A' << 16 | 'T' << 8 | 'A';
  private static final int BDAT = 'B' << 24 | 'D' << 16 | 'A' << 8 | 'T';
  private static final int RSET = 'R' << 24 | 'S' << 16 | 'E' << 8 | 'T';
  private static final int NOOP = 'N' << 24 | 'O' << 16 | 'O' << 8 | 'P';
  private static final int VRFY = 'V' << 24 | 'R' << 16 | 'F' << 8 | 'Y';
  private static final int EXPN = 'E' << 24 | 'X' << 16 | 'P' << 8 | 'N';
  private static final int HELP = 'H' << 24 | 'E' << 16 | 'L' << 8 | 'P';
  private static final int AUTH = 'A' << 24 | 'U' << 16 | 'T' << 8 | 'H';
  private static final int QUIT = 'Q' << 24 | 'U' << 16 | 'I' << 8 | 'T';

  private static final int VERB_LENGTH = 4;
  private static final String START_TLS = "STARTTLS";

  private CommandParser() {}

  /** Understands a line without its CRLF. */
  static Command parse(byte[] line) {
    for (byte b : line) {
      if (b == '\r' || b == '\n' || b == 0) {
        return new Command.Malformed();
      }
    }
    return switch (verb(line)) {
      case EHLO -> new Command.Ehlo(argument(line));
      case HELO -> new Command.Helo(argument(line));
      case MAIL -> new Command.Mail(argument(line));
      case RCPT -> new Command.Rcpt(argument(line));
      case DATA -> new Command.Data();
      case BDAT -> bdat(argument(line));
      case RSET -> new Command.Rset();
      case NOOP -> new Command.Noop();
      case VRFY -> new Command.Vrfy(argument(line));
      case EXPN -> new Command.NotImplemented();
      case HELP -> new Command.Help();
      case AUTH -> new Command.Auth(argument(line));
      case QUIT -> new Command.Quit();
      default -> isStartTls(line) ? new Command.StartTls() : new Command.Unknown();
    };
  }

  /** The first four letters in upper case, in one number; 0 when there is no word of four. */
  private static int verb(byte[] line) {
    if (line.length < VERB_LENGTH || (line.length > VERB_LENGTH && !isBlank(line[VERB_LENGTH]))) {
      return 0;
    }
    int verb = 0;
    for (int i = 0; i < VERB_LENGTH; i++) {
      byte b = line[i];
      verb = verb << 8 | (b >= 'a' && b <= 'z' ? b - ('a' - 'A') : b & 0xff);
    }
    return verb;
  }

  private static boolean isStartTls(byte[] line) {
    int length = START_TLS.length();
    return line.length >= length
        && (line.length == length || isBlank(line[length]))
        && new String(line, 0, length, ISO_8859_1).equalsIgnoreCase(START_TLS);
  }

  /** Without blanks around it. What is not UTF-8 becomes U+FFFD, which no argument may hold. */
  private static String argument(byte[] line) {
    int from = Math.min(VERB_LENGTH + 1, line.length);
    int to = line.length;
    while (from < to && isBlank(line[from])) {
      from++;
    }
    while (to > from && isBlank(line[to - 1])) {
      to--;
    }
    return new String(line, from, to - from, UTF_8);
  }

  private static Command bdat(String argument) {
    String[] words = argument.split("[ \t]+", 3);
    Position position =
        words.length > 1 && words[1].equalsIgnoreCase("LAST") ? Position.LAST : Position.MORE;
    return new Command.Bdat(number(words[0]), position);
  }

  private static long number(String text) {
    boolean digits = text.chars().allMatch(c -> c >= '0' && c <= '9');
    return digits && !text.isEmpty() && text.length() <= 18 ? Long.parseLong(text) : -1;
  }

  private static boolean isBlank(byte b) {
    return b == ' ' || b == '\t';
  }
}
