package io.stagepost.deploy.submit;

import io.stagepost.deploy.submit.Trouble.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The words of sendmail's command line: letters in bundles, a value right after its letter or as
 * the next word.
 */
final class SendmailWords {

  private static final String FLAGS = "Gimnstv";
  private static final String WITH_VALUE = "ABCFLNORVXbfhopr";
  private static final String MODES = "m";

  private final List<String> rest = new ArrayList<>();
  private @Nullable String sender;
  private String name = "";
  private @Nullable String file;
  private String body = "";
  private String notify = "";
  private String ret = "";
  private String envelopeId = "";
  private boolean fromHeader;
  private boolean dotIsText;

  private SendmailWords() {}

  static SendmailWords read(List<String> words) throws Trouble {
    SendmailWords read = new SendmailWords();
    int at = 0;
    while (at < words.size() && words.get(at).startsWith("-") && words.get(at).length() > 1) {
      String word = words.get(at++);
      if (word.equals("--")) {
        break;
      }
      at = read.letters(word, words, at);
    }
    read.rest.addAll(words.subList(at, words.size()));
    return read;
  }

  private int letters(String word, List<String> words, int next) throws Trouble {
    for (int i = 1; i < word.length(); i++) {
      char letter = word.charAt(i);
      if (FLAGS.indexOf(letter) >= 0) {
        flag(letter);
      } else if (WITH_VALUE.indexOf(letter) >= 0) {
        String value = word.substring(i + 1);
        if (!value.isEmpty()) {
          value(letter, value);
          return next;
        } else if (next == words.size()) {
          throw new Trouble(Kind.USAGE, "no value supplied for \"-" + letter + "\"");
        }
        value(letter, words.get(next));
        return next + 1;
      } else if (letter == 'e' || letter == 'd') {
        return next; // How errors are told, and debugging: only ever right after the letter.
      } else {
        throw new Trouble(Kind.USAGE, "invalid option: \"-" + letter + "\"");
      }
    }
    return next;
  }

  private void flag(char letter) {
    fromHeader |= letter == 't';
    dotIsText |= letter == 'i';
  }

  private void value(char letter, String value) throws Trouble {
    switch (letter) {
      case 'f', 'r' -> sender = value;
      case 'F' -> name = value;
      case 'C' -> file = value;
      case 'B' -> body = value;
      case 'N' -> notify = value;
      case 'R' -> ret = value;
      case 'V' -> envelopeId = value;
      case 'o' -> dotIsText |= value.equals("i");
      case 'O' -> dotIsText |= value.equalsIgnoreCase("IgnoreDots=true");
      case 'b' -> {
        if (!value.equals(MODES)) {
          throw new Trouble(
              Kind.USAGE,
              "\"-b" + value + "\" is not supported: this command only submits messages");
        }
      }
      default -> {
        // Of no meaning to a program that only submits messages.
      }
    }
  }

  /** The reverse path that was given, if any. */
  Optional<String> sender() {
    return Optional.ofNullable(sender);
  }

  String name() {
    return name;
  }

  Optional<String> file() {
    return Optional.ofNullable(file);
  }

  String body() {
    return body;
  }

  String notification() {
    return notify;
  }

  String ret() {
    return ret;
  }

  String envelopeId() {
    return envelopeId;
  }

  boolean takesRecipientsFromHeader() {
    return fromHeader;
  }

  boolean isDotText() {
    return dotIsText;
  }

  List<String> recipients() {
    return List.copyOf(rest);
  }
}
