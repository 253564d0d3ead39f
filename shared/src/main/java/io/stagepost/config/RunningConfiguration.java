package io.stagepost.config;

import io.stagepost.config.Option.Change;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
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

  /**
   * What making it take effect would come to, as far as that can be; nothing when something is
   * wrong with it.
   */
  synchronized Plan plan(Reading wanted) {
    List<String> own = ownProblems(wanted);
    if (!own.isEmpty()) {
      return Plan.refused(own);
    }
    Reading mixed = wanted.over(running.reading());
    List<String> together = mixedProblems(mixed);
    if (!together.isEmpty()) {
      return Plan.refused(together);
    }
    ConfigResult.Ready next = mixed.settings();
    List<String> applied =
        Difference.between(running.reading(), mixed).stream().map(Difference::told).toList();
    List<String> warnings = new ArrayList<>(next.warnings());
    warnings.removeAll(running.warnings());
    return new Plan(
        new ConfigurationChange(applied, pending(wanted, next), warnings, List.of()),
        Optional.of(new Step(next, wanted)));
  }

  /** Takes a step of the latest plan. */
  synchronized void take(Step step) {
    running = step.next;
    latest = step.wanted;
    live.set(step.next.settings());
  }

  /**
   * What would be told, and what would be done.
   *
   * @param step empty when there are problems
   */
  record Plan(ConfigurationChange change, Optional<Step> step) {

    static Plan refused(List<String> problems) {
      return new Plan(ConfigurationChange.refused(problems), Optional.empty());
    }
  }

  /** From one configuration to the next. */
  record Step(ConfigResult.Ready next, Reading wanted) {

    Settings settings() {
      return next.settings();
    }
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
      if (!listening(relays.get(i)).equals(listening(before))) {
        pending.add("relay \"" + before.name() + "\" listens elsewhere");
      }
    }
    return pending;
  }

  private static List<Object> listening(RelaySettings relay) {
    return List.of(
        relay.smtp().listen(),
        relay.smtp().network().submissions(),
        relay.pop().map(PopSettings::listen),
        relay.admin().listen());
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
