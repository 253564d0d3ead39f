package io.stagepost.config;

import io.stagepost.config.Option.Unit;
import io.stagepost.telemetry.LogText;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Sorts settings by what they belong to.
 *
 * <p>On the command line and in an {@code emailrelay.conf}, {@code <name>-spool-dir} makes a relay,
 * and a plain {@code spool-dir} one without a name; what names no relay belongs to the first of
 * them. In {@code relay.conf}, {@code relays.<name>} makes a relay, and what stands outside holds
 * for each of those that says nothing else.
 */
final class Relays {

  private final List<Setting> settings;
  private final Collection<Problem> problems;
  private final Collection<String> warnings;
  private final List<Setting> process = new ArrayList<>();
  private final Map<String, List<Setting>> relays = new LinkedHashMap<>();

  private Relays(
      List<Setting> settings, Collection<Problem> problems, Collection<String> warnings) {
    this.settings = settings;
    this.problems = problems;
    this.warnings = warnings;
  }

  /**
   * Sorts them.
   *
   * @param problems names of relays that there are not are added here
   * @param warnings what is ignored is added here
   */
  static Relays of(
      List<Setting> settings, Collection<Problem> problems, Collection<String> warnings) {
    Relays sorted = new Relays(settings, problems, warnings);
    sorted.sort();
    return sorted;
  }

  /** Those of the process, with what options of relays imply for it. */
  List<Setting> process() {
    return List.copyOf(process);
  }

  /** Those of each relay by its name, which is empty for the one without a name. */
  Map<String, List<Setting>> relays() {
    return relays;
  }

  private void sort() {
    Set<String> names = new LinkedHashSet<>();
    settings.stream().filter(Relays::makesRelay).map(Setting::relay).forEach(names::add);
    Set<String> sections = sections();
    names.addAll(sections);
    if (names.isEmpty()) {
      names.add("");
    }
    names.forEach(name -> relays.put(name, new ArrayList<>()));
    String first = names.iterator().next();
    for (Setting setting : settings) {
      if (setting.option().unit() == Unit.PROCESS) {
        addToProcess(setting, first);
      } else if (isCommon(setting, sections)) {
        addToEach(setting, sections);
      } else {
        add(setting, makesRelay(setting) || !setting.relay().isEmpty() ? setting.relay() : first);
      }
    }
    relays.replaceAll((name, given) -> withImplied(given));
  }

  private Set<String> sections() {
    Set<String> sections = new LinkedHashSet<>();
    settings.stream()
        .filter(setting -> setting.isFrom(Origin.Format.RELAY) && !setting.relay().isEmpty())
        .forEach(setting -> sections.add(setting.relay()));
    return sections;
  }

  private static boolean makesRelay(Setting setting) {
    return setting.option().equals(IntakeOptions.SPOOL_DIR) && !setting.isFrom(Origin.Format.RELAY);
  }

  private static boolean isCommon(Setting setting, Set<String> sections) {
    return setting.isFrom(Origin.Format.RELAY) && setting.relay().isEmpty() && !sections.isEmpty();
  }

  private void addToProcess(Setting setting, String first) {
    String relay = setting.relay();
    if (!relay.isEmpty() && !relays.containsKey(relay)) {
      refuse(setting);
    } else if (relay.isEmpty() || relay.equals(first)) {
      process.add(setting);
    } else {
      warnings.add(
          setting.origin().prefix()
              + LogText.quote(setting.spelled())
              + " has no effect: it holds for the whole process and is taken from the first relay"
              + " only");
    }
  }

  private void addToEach(Setting setting, Set<String> sections) {
    for (String section : sections) {
      boolean said =
          settings.stream()
              .anyMatch(
                  other ->
                      other.isFrom(Origin.Format.RELAY)
                          && other.relay().equals(section)
                          && other.option().equals(setting.option()));
      if (!said) {
        add(setting, section);
      }
    }
  }

  private void add(Setting setting, String relay) {
    List<Setting> given = relays.get(relay);
    if (given == null) {
      refuse(setting);
    } else {
      given.add(setting);
    }
  }

  private void refuse(Setting setting) {
    String dashes = setting.spelled().startsWith("--") ? "--" : "";
    problems.add(
        Problem.option(
            setting.origin().prefix()
                + "invalid option: "
                + LogText.quote(setting.spelled())
                + ": there is no relay \""
                + setting.relay()
                + "\": \""
                + dashes
                + setting.relay()
                + "-spool-dir\" would make one"));
  }

  private List<Setting> withImplied(List<Setting> given) {
    List<Setting> own = new ArrayList<>();
    for (Setting setting : Implications.of(given, problems)) {
      (setting.option().unit() == Unit.PROCESS ? process : own).add(setting);
    }
    return own;
  }
}
