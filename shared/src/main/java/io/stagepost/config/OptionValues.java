package io.stagepost.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The options that were given, checked one by one, and the defaults of a flavour for the others.
 *
 * <p>Flags count how often they were given; 0 is a flag switched off.
 */
final class OptionValues {

  private final Flavour flavour;
  private final Map<Option, Integer> flags = new LinkedHashMap<>();
  private final Map<Option, List<String>> values = new LinkedHashMap<>();
  private final Set<Option> typed = new HashSet<>();

  OptionValues(Flavour flavour) {
    this.flavour = flavour;
  }

  void putFlag(Option option, int count) {
    flags.put(option, count);
  }

  /** Notes that it was written as an option, and not in the sections of relay.conf. */
  void putTyped(Option option) {
    typed.add(option);
  }

  void putValues(Option option, List<String> given) {
    values.put(option, List.copyOf(given));
  }

  Flavour flavour() {
    return flavour;
  }

  /** Whether it was written down, even to switch it off. */
  boolean isGiven(Option option) {
    return flags.containsKey(option) || values.containsKey(option);
  }

  /** Whether it was written as an option and is on. */
  boolean isTyped(Option option) {
    return typed.contains(option) && isOn(option);
  }

  /** Whether the flag is on, or there is a value. */
  boolean isOn(Option option) {
    return option.syntax() == Syntax.NONE
        ? count(option) > 0
        : values.containsKey(option) || !defaultText(option).isEmpty();
  }

  int count(Option option) {
    Integer count = flags.get(option);
    return count != null ? count : defaultText(option).isEmpty() ? 0 : 1;
  }

  /** All values, or those of the default. */
  List<String> list(Option option) {
    List<String> given = values.get(option);
    return given != null ? given : ValueText.items(defaultText(option));
  }

  Optional<String> text(Option option) {
    return list(option).stream().findFirst();
  }

  /** The value of an option that has a default. */
  String required(Option option) {
    return text(option).orElseThrow(() -> new IllegalStateException(option.name()));
  }

  int number(Option option) {
    return Integer.parseInt(required(option));
  }

  Duration period(Option option) {
    return ValueText.period(required(option));
  }

  /** A period of which 0 means none, given as the longest. */
  Duration limit(Option option) {
    Duration period = period(option);
    return period.isZero() ? ValueText.LONGEST : period;
  }

  /** The words that the default holds, whatever was given. */
  List<String> defaults(Option option) {
    return ValueText.items(defaultText(option));
  }

  /** A path, with {@code @app} filled in, made absolute. */
  Optional<Path> path(Option option, Invocation invocation) {
    return text(option).map(invocation::path);
  }

  private String defaultText(Option option) {
    return option.defaults().of(flavour);
  }
}
