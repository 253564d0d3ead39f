package io.stagepost.config;

import io.stagepost.config.Option.Change;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The configuration in force, and what another one would change about it.
 *
 * <p>What can't change while the process runs stays as it was at the start. Thread-safe; making
 * settings may ask for the host's name, so it is not for an event loop.
 */
final class RunningConfiguration {

  private final Live<Settings> live;
  private ConfigResult.Ready running;
  private Reading latest;

  RunningConfiguration(ConfigResult.Ready started, Live<Settings> live) {
    this.live = live;
    this.running = started;
    this.latest = started.reading();
  }

  /** What holds, with its origins, secrets masked. */
  synchronized String effective() {
    return Showing.text(running.reading());
  }

  /** What keeps a configuration from taking effect, at once or at the next start. */
  synchronized List<String> problems(Reading wanted) {
    List<String> problems = ownProblems(wanted);
    return problems.isEmpty() ? mixedProblems(wanted.over(running.reading())) : problems;
  }

  /** Makes it take effect as far as that can be, or not at all when something is wrong with it. */
  synchronized ConfigurationChange change(Reading wanted) {
    List<String> own = ownProblems(wanted);
    if (!own.isEmpty()) {
      return ConfigurationChange.refused(own);
    }
    Reading mixed = wanted.over(running.reading());
    List<String> together = mixedProblems(mixed);
    if (!together.isEmpty()) {
      return ConfigurationChange.refused(together);
    }
    ConfigResult.Ready next = mixed.settings();
    List<String> applied =
        Difference.between(running.reading(), mixed).stream().map(Difference::told).toList();
    List<String> warnings = new ArrayList<>(next.warnings());
    warnings.removeAll(running.warnings());
    ConfigurationChange change =
        new ConfigurationChange(applied, pending(wanted, next), warnings, List.of());
    running = next;
    latest = wanted;
    live.set(next.settings());
    return change;
  }

  private static List<String> ownProblems(Reading wanted) {
    if (wanted.problems().isEmpty()) {
      wanted.check();
    }
    return texts(wanted.problems());
  }

  /** Only possible when some of what is wanted has to wait for a start. */
  private List<String> mixedProblems(Reading mixed) {
    mixed.check();
    if (!mixed.problems().isEmpty()) {
      return texts(mixed.problems()).stream().map(text -> text + NEEDS_RESTART).toList();
    }
    List<String> held = new ArrayList<>();
    List<RelaySettings> next = mixed.settings().settings().relays();
    for (int i = 0; i < next.size(); i++) {
      RelaySettings before = running.settings().relays().get(i);
      if (!next.get(i).held().equals(before.held())) {
        String why = next.get(i).held().or(before::held).orElseThrow();
        held.add("relay \"" + before.name() + "\": " + why + NEEDS_RESTART);
      }
    }
    return held;
  }

  private List<String> pending(Reading wanted, ConfigResult.Ready next) {
    List<String> pending = new ArrayList<>();
    Set<Difference> known = new LinkedHashSet<>(waiting(latest));
    waiting(wanted).stream()
        .filter(difference -> !known.contains(difference))
        .forEach(difference -> pending.add(difference.told()));
    for (OptionValues relay : wanted.relays()) {
      if (isNew(relay, running.reading()) && isNew(relay, latest)) {
        pending.add("relay \"" + SettingsMaker.name(relay) + "\" is new");
      }
    }
    for (OptionValues relay : running.reading().relays()) {
      if (isNew(relay, wanted) && !isNew(relay, latest)) {
        pending.add("relay \"" + SettingsMaker.name(relay) + "\" is gone");
      }
    }
    List<RelaySettings> relays = next.settings().relays();
    for (int i = 0; i < relays.size(); i++) {
      RelaySettings before = running.settings().relays().get(i);
      if (!relays.get(i).smtp().listen().equals(before.smtp().listen())) {
        pending.add("relay \"" + before.name() + "\" listens elsewhere");
      }
    }
    return pending;
  }

  private List<Difference> waiting(Reading wanted) {
    return Difference.between(running.reading(), wanted).stream()
        .filter(difference -> difference.change() == Change.RESTART)
        .toList();
  }

  private static boolean isNew(OptionValues relay, Reading to) {
    return to.relay(relay.relay()).isEmpty();
  }

  private static List<String> texts(List<Problem> problems) {
    return problems.stream().map(Problem::text).distinct().toList();
  }

  private static final String NEEDS_RESTART = " (as long as the process is not started again)";
}
