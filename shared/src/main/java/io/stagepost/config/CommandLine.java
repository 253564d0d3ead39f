package io.stagepost.config;

import io.stagepost.telemetry.LogText;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads the words of a command line: long and short options, bundles of letters, and a
 * configuration file as the last word.
 */
final class CommandLine {

  /**
   * What was read.
   *
   * @param file the last word when it isn't an option
   */
  record Result(List<Setting> settings, List<Problem> problems, Optional<String> file) {

    Result {
      settings = List.copyOf(settings);
      problems = List.copyOf(problems);
    }
  }

  private final Deque<String> words;
  private final List<Setting> settings = new ArrayList<>();
  private final List<Problem> problems = new ArrayList<>();

  private CommandLine(List<String> words) {
    this.words = new ArrayDeque<>(words);
  }

  static Result read(List<String> words) {
    return new CommandLine(words).read();
  }

  private Result read() {
    while (!words.isEmpty() && words.getFirst().startsWith("-") && words.getFirst().length() > 1) {
      String word = words.removeFirst();
      if (word.equals("--")) {
        break;
      }
      if (word.startsWith("--")) {
        readLong(word);
      } else if (word.length() == 2) {
        readShort(word);
      } else {
        readBundle(word);
      }
    }
    Optional<String> file = Optional.ofNullable(words.pollFirst());
    if (!words.isEmpty()) {
      problems.add(Problem.usage("too many non-option arguments"));
    }
    return new Result(settings, problems, file);
  }

  private void readLong(String word) {
    int end = endOfName(word);
    String spelled = word.substring(0, end);
    Optional<OptionName> option = OptionName.of(spelled.substring(2));
    boolean hasValue = end < word.length() && word.charAt(end) == '=';
    if (option.isEmpty() || (end < word.length() && !hasValue)) {
      // Not with its value, which may be a secret.
      problems.add(unknown(word.substring(2, end), hasValue ? spelled : word));
    } else if (hasValue) {
      add(option.get(), spelled, word.substring(end + 1));
    } else if (option.get().option().syntax().takesWord()) {
      addNextWord(option.get(), spelled);
    } else {
      add(option.get(), spelled, null);
    }
  }

  private void readShort(String word) {
    Optional<Option> option = OptionTable.byLetter(word.charAt(1));
    if (option.isEmpty()) {
      problems.add(unknownLetter(word.charAt(1)));
    } else if (option.get().syntax().takesWord()) {
      addNextWord(new OptionName("", option.get()), word);
    } else {
      add(new OptionName("", option.get()), word, null);
    }
  }

  private void readBundle(String word) {
    for (int i = 1; i < word.length(); i++) {
      char letter = word.charAt(i);
      Optional<Option> option = OptionTable.byLetter(letter);
      if (option.isEmpty()) {
        problems.add(unknownLetter(letter));
      } else if (option.get().syntax().takesWord()) {
        problems.add(
            Problem.option(
                "no value supplied for \"-"
                    + letter
                    + "\" in "
                    + LogText.quote(word)
                    + ": its value must be the next word"));
        return; // What follows is most likely meant as its value.
      } else {
        add(new OptionName("", option.get()), "-" + letter, null);
      }
    }
  }

  private void addNextWord(OptionName option, String spelled) {
    String next = words.peekFirst();
    if (next == null) {
      problems.add(Problem.option("no value supplied for \"" + spelled + "\""));
    } else if (next.startsWith("-")) {
      problems.add(
          Problem.option(
              "no value supplied for \""
                  + spelled
                  + "\": write "
                  + LogText.quote("--" + name(option) + "=" + next)
                  + " if that is its value"));
    } else {
      add(option, spelled, words.removeFirst());
    }
  }

  private void add(OptionName name, String spelled, @Nullable String value) {
    settings.add(new Setting(name.relay(), name.option(), spelled, value, Origin.COMMAND_LINE));
  }

  private static String name(OptionName name) {
    return (name.relay().isEmpty() ? "" : name.relay() + "-") + name.option().name();
  }

  private static int endOfName(String word) {
    int end = 2;
    while (end < word.length() && isNameCharacter(word.charAt(end))) {
      end++;
    }
    return end;
  }

  private static boolean isNameCharacter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  }

  private static Problem unknown(String name, String spelled) {
    return Problem.option(
        "invalid option: " + LogText.quote(spelled) + OptionName.hint(name, "--"));
  }

  private static Problem unknownLetter(char letter) {
    return Problem.option("invalid option: " + LogText.quote("-" + letter));
  }
}
