package io.stagepost.deploy.submit;

import io.stagepost.telemetry.LogText;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** The words of a command line, read by the rules that hold for the relay's: see there. */
final class ToolWords {

  private final List<ToolOption> options;
  private final Deque<String> words;
  private final Map<String, List<String>> given = new LinkedHashMap<>();
  private final Collection<String> problems = new TreeSet<>();
  private final List<String> rest = new ArrayList<>();

  private ToolWords(List<ToolOption> options, List<String> words) {
    this.options = options;
    this.words = new ArrayDeque<>(words);
  }

  static ToolWords read(List<ToolOption> options, List<String> words) {
    ToolWords read = new ToolWords(options, words);
    read.readAll();
    return read;
  }

  /** What is wrong, sorted. */
  List<String> problems() {
    return List.copyOf(problems);
  }

  /** Whether an option was given, and not switched off. */
  boolean has(String name) {
    List<String> values = given.getOrDefault(name, List.of());
    return !values.isEmpty()
        && (find(name).takes() != ToolOption.Takes.NOTHING || isYes(values.getFirst()));
  }

  /** The value of an option. */
  Optional<String> value(String name) {
    return given.getOrDefault(name, List.of()).stream().findFirst();
  }

  /** All values of an option. */
  List<String> values(String name) {
    return List.copyOf(given.getOrDefault(name, List.of()));
  }

  /** The words after the options. */
  List<String> rest() {
    return List.copyOf(rest);
  }

  private void readAll() {
    boolean ended = false;
    while (!ended
        && !words.isEmpty()
        && words.getFirst().startsWith("-")
        && words.getFirst().length() > 1) {
      String word = words.removeFirst();
      ended = word.equals("--");
      if (ended) {
        break;
      } else if (word.startsWith("--")) {
        readLong(word);
      } else {
        readLetters(word);
      }
    }
    for (String word : words) {
      if (!ended && word.startsWith("-") && word.length() > 1) {
        problems.add("options must come first: " + LogText.quote(word));
      }
      rest.add(word);
    }
    given.forEach(this::check);
  }

  private void readLong(String word) {
    int end = 2;
    while (end < word.length() && isNameCharacter(word.charAt(end))) {
      end++;
    }
    String name = word.substring(2, end);
    boolean hasValue = end < word.length() && word.charAt(end) == '=';
    Optional<ToolOption> option = options.stream().filter(o -> o.name().equals(name)).findFirst();
    if (option.isEmpty() || (end < word.length() && !hasValue)) {
      problems.add("invalid option: " + LogText.quote(hasValue ? word.substring(0, end) : word));
    } else if (hasValue) {
      add(option.get(), word.substring(end + 1));
    } else {
      addNext(option.get(), "--" + name);
    }
  }

  private void readLetters(String word) {
    for (int i = 1; i < word.length(); i++) {
      char letter = word.charAt(i);
      Optional<ToolOption> option = options.stream().filter(o -> o.letter() == letter).findFirst();
      if (option.isEmpty()) {
        problems.add("invalid option: " + LogText.quote("-" + letter));
      } else if (word.length() > 2 && option.get().takes().takesWord()) {
        problems.add(
            "no value supplied for \"-"
                + letter
                + "\" in "
                + LogText.quote(word)
                + ": its value must be the next word");
        return; // What follows is most likely meant as its value.
      } else {
        addNext(option.get(), "-" + letter);
      }
    }
  }

  private void addNext(ToolOption option, String spelled) {
    if (!option.takes().takesWord()) {
      add(option, option.takes() == ToolOption.Takes.NOTHING ? "yes" : "");
      return;
    }
    String next = words.peekFirst();
    if (next == null) {
      problems.add("no value supplied for \"" + spelled + "\"");
    } else if (next.startsWith("-") && next.length() > 1) {
      problems.add(
          "no value supplied for \""
              + spelled
              + "\": write "
              + LogText.quote("--" + option.name() + "=" + next)
              + " if that is its value");
    } else {
      add(option, words.removeFirst());
    }
  }

  private void add(ToolOption option, String value) {
    given.computeIfAbsent(option.name(), name -> new ArrayList<>()).add(value);
  }

  private void check(String name, List<String> values) {
    switch (find(name).takes()) {
      case NOTHING -> checkFlag(name, values);
      case ONE, OPTIONAL -> {
        if (values.stream().distinct().count() > 1) {
          problems.add("duplicate use of \"--" + name + "\"");
        }
      }
      case MANY -> {
        // Any number of any values.
      }
    }
  }

  private void checkFlag(String name, List<String> values) {
    if (!values.stream().allMatch(value -> isYes(value) || isNo(value))) {
      problems.add("cannot give a value with \"--" + name + "\"");
    } else if (values.stream().anyMatch(ToolWords::isYes)
        && values.stream().anyMatch(ToolWords::isNo)) {
      problems.add("conflicting values: \"--" + name + "\"");
    }
  }

  private ToolOption find(String name) {
    return options.stream().filter(option -> option.name().equals(name)).findFirst().orElseThrow();
  }

  private static boolean isNameCharacter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  }

  private static boolean isYes(String word) {
    return List.of("y", "yes", "t", "true", "1", "on").contains(word.toLowerCase(Locale.ROOT));
  }

  private static boolean isNo(String word) {
    return List.of("n", "no", "f", "false", "0", "off").contains(word.toLowerCase(Locale.ROOT));
  }
}
