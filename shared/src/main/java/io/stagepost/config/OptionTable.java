package io.stagepost.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The one table of options: command line, configuration files, help and samples are made from it.
 */
public final class OptionTable {

  private static final List<Option> ALL = join();
  private static final Map<String, Option> BY_NAME = new LinkedHashMap<>();
  private static final Map<Character, Option> BY_LETTER = new LinkedHashMap<>();
  private static final Map<String, Option> BY_KEY = new LinkedHashMap<>();

  static {
    for (Option option : ALL) {
      BY_NAME.put(option.name(), option);
      if (option.letter() != 0) {
        BY_LETTER.put(option.letter(), option);
      }
      if (option.hasKey()) {
        BY_KEY.put(option.plainKey(), option);
      }
    }
  }

  private OptionTable() {}

  /** All options in the order in which help shows them. */
  public static List<Option> all() {
    return ALL;
  }

  static Optional<Option> byName(String name) {
    return Optional.ofNullable(BY_NAME.get(name));
  }

  static Optional<Option> byLetter(char letter) {
    return Optional.ofNullable(BY_LETTER.get(letter));
  }

  /** The option of a path in {@code relay.conf}. */
  static Optional<Option> byKey(String key) {
    return Optional.ofNullable(BY_KEY.get(key));
  }

  static Set<String> names() {
    return BY_NAME.keySet();
  }

  static Set<String> keys() {
    return BY_KEY.keySet();
  }

  private static List<Option> join() {
    List<Option> all = new ArrayList<>();
    all.addAll(ForwardOptions.ALL);
    all.addAll(IntakeOptions.ALL);
    all.addAll(EventOptions.ALL);
    all.addAll(FilterOptions.ALL);
    all.addAll(TlsOptions.ALL);
    all.addAll(AccessOptions.ALL);
    all.addAll(HttpOptions.ALL);
    all.addAll(WatchOptions.ALL);
    all.addAll(PopOptions.ALL);
    all.addAll(ProcessOptions.ALL);
    return List.copyOf(all);
  }
}
