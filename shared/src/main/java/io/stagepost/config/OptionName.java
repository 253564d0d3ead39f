package io.stagepost.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * The name of an option as it was written: {@code port}, or {@code in-port} for the relay called
 * {@code in}.
 *
 * @param relay empty when it names none
 */
record OptionName(String relay, Option option) {

  private static final String SECTION = "relays.";

  /** The option of a long name without dashes; whether there is such a relay shows later. */
  static Optional<OptionName> of(String name) {
    Optional<Option> plain = OptionTable.byName(name);
    if (plain.isPresent()) {
      return plain.map(option -> new OptionName("", option));
    }
    int hyphen = name.indexOf('-');
    return hyphen < 1
        ? Optional.empty()
        : OptionTable.byName(name.substring(hyphen + 1))
            .map(option -> new OptionName(name.substring(0, hyphen), option));
  }

  /** The option of a path in {@code relay.conf}, which may be in {@code relays.<name>}. */
  static Optional<OptionName> ofKey(String key) {
    String relay = relayOfKey(key);
    return OptionTable.byKey(relay.isEmpty() ? key : key.substring(prefix(relay).length()))
        .filter(option -> relay.isEmpty() || option.unit() == Option.Unit.RELAY)
        .map(option -> new OptionName(relay, option));
  }

  /** What is wrong with a name that is none, as the end of a message. */
  static String hint(String name, String dashes) {
    int hyphen = name.indexOf('-');
    Collection<String> known = new ArrayList<>(OptionTable.names());
    if (hyphen > 0) {
      String rest = name.substring(hyphen + 1);
      Optional<String> near = Nearest.to(name, known);
      Optional<String> nearRest = Nearest.to(rest, known);
      if (near.isEmpty() && nearRest.isPresent()) {
        return Nearest.meant(dashes + name.substring(0, hyphen + 1) + nearRest.get());
      }
    }
    return Nearest.hint(name, known, dashes);
  }

  /** The same for a path in {@code relay.conf}. */
  static String hintOfKey(String key) {
    String relay = relayOfKey(key);
    if (relay.isEmpty()) {
      return Nearest.hint(key, OptionTable.keys(), "");
    }
    String rest = key.substring(prefix(relay).length());
    if (OptionTable.byKey(rest).isPresent()) {
      return ": it holds for the whole process: write \"" + rest + "\" outside of \"relays\"";
    }
    List<String> known =
        OptionTable.all().stream()
            .filter(option -> option.hasKey() && option.unit() == Option.Unit.RELAY)
            .map(Option::plainKey)
            .toList();
    return Nearest.hint(rest, known, prefix(relay));
  }

  private static String prefix(String relay) {
    return SECTION + relay + ".";
  }

  private static String relayOfKey(String key) {
    if (!key.startsWith(SECTION)) {
      return "";
    }
    int dot = key.indexOf('.', SECTION.length());
    return dot < 0 ? "" : key.substring(SECTION.length(), dot);
  }
}
