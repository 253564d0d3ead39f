package io.stagepost.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads the syntax of OpenWrt's unified configuration interface: {@code config type 'name'}, then
 * lines of {@code option name value} and {@code list name value}; quotes hold blanks together, a
 * backslash takes the next character as it is, and {@code #} begins a comment.
 */
final class UciText {

  private static final Pattern BEGINNING =
      Pattern.compile(
          "(?:\\s*(?:#[^\n]*)?\n)*\\s*(?:package|config)\\s+['\"]?emailrelay\\b.*", Pattern.DOTALL);

  /**
   * A section.
   *
   * @param name empty when it has none
   */
  record Section(String type, String name, int line, List<Line> lines) {

    /** The last value of an option; an empty one counts as none. */
    Optional<Line> option(String option) {
      return all(option).isEmpty() ? Optional.empty() : Optional.of(all(option).getLast());
    }

    List<Line> all(String option) {
      return lines.stream()
          .filter(line -> line.name().equals(option) && !line.value().isEmpty())
          .toList();
    }
  }

  /** An option, or an item of a list. */
  record Line(String name, String value, int line) {}

  /** What can't be read. */
  record Fault(String text, int line) {}

  /** All of a file. */
  record Result(List<Section> sections, List<Fault> faults) {}

  private final List<Section> sections = new ArrayList<>();
  private final List<Fault> faults = new ArrayList<>();

  private UciText() {}

  /** Whether a text is most likely in this syntax. */
  static boolean looksLike(String text) {
    return BEGINNING.matcher(text).matches();
  }

  static Result read(String text) {
    UciText uci = new UciText();
    int number = 0;
    for (String line : text.split("\n", -1)) {
      number++;
      uci.read(line, number);
    }
    return new Result(List.copyOf(uci.sections), List.copyOf(uci.faults));
  }

  private void read(String line, int number) {
    List<String> words = words(line, number);
    if (words.isEmpty() || words.getFirst().equals("package")) {
      return;
    }
    String keyword = words.getFirst();
    boolean named = words.size() == 3;
    if (keyword.equals("config") && (named || words.size() == 2)) {
      String name = named ? words.get(2) : "";
      sections.add(new Section(words.get(1), name, number, new ArrayList<>()));
    } else if ((keyword.equals("option") || keyword.equals("list"))
        && named
        && !sections.isEmpty()) {
      sections.getLast().lines().add(new Line(words.get(1), words.get(2), number));
    } else {
      faults.add(
          new Fault(
              "\"config <type> <name>\", \"option <name> <value>\" or \"list <name> <value>\" is"
                  + " needed",
              number));
    }
  }

  private List<String> words(String line, int number) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    boolean inWord = false;
    char quote = 0;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (quote == 0 && c == '#' && !inWord) {
        break;
      } else if (c == '\\' && quote != '\'' && i + 1 < line.length()) {
        word.append(line.charAt(++i));
        inWord = true;
      } else if (quote == 0 && (c == '\'' || c == '"')) {
        quote = c;
        inWord = true;
      } else if (quote != 0 && c == quote) {
        quote = 0;
      } else if (quote == 0 && Character.isWhitespace(c)) {
        if (inWord) {
          words.add(word.toString());
        }
        word.setLength(0);
        inWord = false;
      } else {
        word.append(c);
        inWord = true;
      }
    }
    if (inWord) {
      words.add(word.toString());
    }
    if (quote != 0) {
      faults.add(new Fault("a quote is not closed", number));
    }
    return words;
  }
}
