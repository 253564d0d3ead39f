package io.stagepost.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The options that were given, checked one by one, and the defaults of a flavour for the others.
 *
 * <p>Flags count how often they were given; 0 is a flag switched off.
 */
final class OptionValues {

  private final Flavour flavour;
  private final String relay;
  private final @Nullable OptionValues process;
  private final Map<Option, Setting> uses = new LinkedHashMap<>();
  private final Map<Option, Integer> flags = new LinkedHashMap<>();
  private final Map<Option, List<String>> values = new LinkedHashMap<>();
  private final Set<Option> typed = new HashSet<>();

  private OptionValues(Flavour flavour, String relay, @Nullable OptionValues process) {
    this.flavour = flavour;
    this.relay = relay;
    this.process = process;
  }

  /** Those of the process. */
  static OptionValues ofProcess(Flavour flavour) {
    return new OptionValues(flavour, "", null);
  }

  /** Those of a relay, through which those of the process can be asked for too. */
  OptionValues ofRelay(String name) {
    return new OptionValues(flavour, name, this);
  }

  /**
   * These with what can only change at a start taken from others.
   *
   * @param running those of the same relay, or process, at the start
   * @param processOf those of the process, null when these are
   */
  OptionValues withoutRestart(OptionValues running, @Nullable OptionValues processOf) {
    OptionValues mixed = new OptionValues(flavour, relay, processOf);
    for (Option option : OptionTable.all()) {
      mixed.copy(option, changes(option, running) == Option.Change.LIVE ? this : running);
    }
    return mixed;
  }

  /** When an option takes effect that is in force with another value. */
  Option.Change changes(Option option, OptionValues running) {
    boolean isGateShut = option.gate().filter(gate -> isOn(gate) != running.isOn(gate)).isPresent();
    return isGateShut ? Option.Change.RESTART : option.change();
  }

  private void copy(Option option, OptionValues from) {
    copy(option, from.uses, uses);
    copy(option, from.flags, flags);
    copy(option, from.values, values);
    if (from.typed.contains(option)) {
      typed.add(option);
    }
  }

  private static <V> void copy(Option option, Map<Option, V> from, Map<Option, V> to) {
    V value = from.get(option);
    if (value != null) {
      to.put(option, value);
    }
  }

  /** The name of the relay; empty for the one without a name, and for the process. */
  String relay() {
    return relay;
  }

  /** Notes a use of an option. */
  void putUse(Setting use) {
    uses.put(use.option(), use);
  }

  /** How the option was given, if it was. */
  Optional<Setting> use(Option option) {
    return Optional.ofNullable(at(option).uses.get(option));
  }

  /** The option as it was written, or would be written, between quotes. */
  String spelled(Option option) {
    Setting use = at(option).uses.get(option);
    if (use != null && use.origin() instanceof Origin.File) {
      return '"' + use.spelled() + '"';
    }
    String prefix = use != null ? use.relay() : at(option).relay;
    return "\"--" + (prefix.isEmpty() ? "" : prefix + "-") + option.name() + '"';
  }

  /** An option as it would be written where another one was. */
  String spelledAs(Option option, Option like) {
    Setting use = at(like).uses.get(like);
    if (use == null || isGiven(option) || !(use.origin() instanceof Origin.File file)) {
      return spelled(option);
    }
    if (file.format() == Origin.Format.RELAY) {
      String own = like.plainKey();
      boolean inside = use.spelled().endsWith(own) && option.unit() == Option.Unit.RELAY;
      String section =
          inside ? use.spelled().substring(0, use.spelled().length() - own.length()) : "";
      return '"' + section + option.plainKey() + '"';
    }
    return spelled(option).replace("\"--", "\"");
  }

  /** The option with the file and line where it was given, as the beginning of a message. */
  String told(Option option) {
    return use(option).map(use -> use.origin().prefix()).orElse("") + spelled(option);
  }

  private OptionValues at(Option option) {
    return process != null && option.unit() == Option.Unit.PROCESS ? process : this;
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
    OptionValues at = at(option);
    return at.flags.containsKey(option) || at.values.containsKey(option);
  }

  /** Whether it was not written down, or means no more than if it weren't. */
  boolean isUsual(Option option) {
    return !isGiven(option)
        || (option.syntax() == Syntax.NONE
            ? (count(option) > 0) != defaultText(option).isEmpty()
            : option.syntax() != Syntax.OPTIONAL && list(option).equals(defaults(option)));
  }

  /** Whether it was written as an option and is on. */
  boolean isTyped(Option option) {
    return at(option).typed.contains(option) && isOn(option);
  }

  /** Whether the flag is on, or there is a value. */
  boolean isOn(Option option) {
    return switch (option.syntax()) {
      case NONE -> count(option) > 0;
      case ONE, LIST -> !list(option).isEmpty();
      case OPTIONAL -> at(option).values.containsKey(option) || !defaultText(option).isEmpty();
    };
  }

  int count(Option option) {
    Integer count = at(option).flags.get(option);
    return count != null ? count : defaultText(option).isEmpty() ? 0 : 1;
  }

  /** All values, or those of the default. */
  List<String> list(Option option) {
    List<String> given = at(option).values.get(option);
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
