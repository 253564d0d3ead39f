package io.stagepost.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** All that was given, joined and checked: what settings are made from, and what is wrong. */
public final class Reading {

  private final Invocation invocation;
  private final List<Problem> problems;
  private final List<String> warnings = new ArrayList<>();
  private final OptionValues process;
  private final List<OptionValues> relays = new ArrayList<>();

  private Reading(Invocation invocation, Collection<Problem> problems, OptionValues process) {
    this.invocation = invocation;
    this.problems = new ArrayList<>(problems);
    this.process = process;
  }

  /**
   * Joins settings.
   *
   * @param problems what is wrong with how they are written
   */
  static Reading of(Invocation invocation, List<Setting> settings, Collection<Problem> problems) {
    Reading reading =
        new Reading(invocation, problems, OptionValues.ofProcess(invocation.flavour()));
    Relays sorted = Relays.of(settings, reading.problems, reading.warnings);
    Gatherer.gather(reading.process, sorted.process(), reading.problems);
    sorted
        .relays()
        .forEach(
            (name, given) -> {
              OptionValues values = reading.process.ofRelay(name);
              Gatherer.gather(values, given, reading.problems);
              reading.relays.add(values);
            });
    return reading;
  }

  /**
   * These as far as they can take effect while others are in force: the same relays, and what can't
   * change while the process runs as it is.
   */
  Reading over(Reading running) {
    Reading mixed =
        new Reading(
            invocation, List.of(), process.withoutRestart(running.process, /* processOf= */ null));
    for (OptionValues old : running.relays) {
      OptionValues wanted = relay(old.relay()).orElse(old);
      mixed.relays.add(wanted.withoutRestart(old, mixed.process));
    }
    return mixed;
  }

  /** What was given for a relay, if there is one of this name. */
  Optional<OptionValues> relay(String name) {
    return relays.stream().filter(values -> values.relay().equals(name)).findFirst();
  }

  List<Problem> problems() {
    return problems;
  }

  OptionValues process() {
    return process;
  }

  List<OptionValues> relays() {
    return relays;
  }

  /** Looks for combinations to refuse; only useful when nothing else is wrong. */
  void check() {
    problems.addAll(Checks.ofProcess(process));
    problems.addAll(HttpMaker.problems(process, relays));
    problems.addAll(WatchMaker.problems(process));
    relays.forEach(values -> problems.addAll(Checks.ofRelay(values)));
    if (relays.size() == 1) {
      // One of several relays can do without; on its own it is most likely a mistake.
      checkBlockLists(relays.getFirst());
    } else {
      relays.forEach(this::checkSpool);
    }
    Set<String> names = new LinkedHashSet<>();
    for (OptionValues values : relays) {
      if (!names.add(SettingsMaker.name(values))) {
        problems.add(
            Problem.usage(
                values.told(IntakeOptions.NAME)
                    + ": two relays are called \""
                    + SettingsMaker.name(values)
                    + '"'));
      }
    }
  }

  /** The settings, when nothing is wrong. */
  ConfigResult.Ready settings() {
    ProcessSettings made = ProcessMaker.make(process, relays, invocation, warnings);
    List<RelaySettings> madeRelays = new ArrayList<>();
    for (OptionValues values : relays) {
      madeRelays.add(SettingsMaker.make(values, invocation, warnings));
    }
    return new ConfigResult.Ready(
        new Settings(made, madeRelays), warnings.stream().distinct().toList(), this);
  }

  /** Relays share a spool only when somebody says so. */
  private void checkSpool(OptionValues values) {
    if (!values.isGiven(IntakeOptions.SPOOL_DIR)) {
      problems.add(
          Problem.usage(
              "the relay \""
                  + SettingsMaker.name(values)
                  + "\" needs a \""
                  + IntakeOptions.SPOOL_DIR.plainKey()
                  + "\", as there are several relays"));
    }
  }

  private void checkBlockLists(OptionValues values) {
    if (values.isTyped(FilterOptions.DNSBL) && !values.isOn(IntakeOptions.REMOTE_CLIENTS)) {
      problems.add(
          Problem.usage(
              values.told(FilterOptions.DNSBL)
                  + " needs "
                  + values.spelledAs(IntakeOptions.REMOTE_CLIENTS, FilterOptions.DNSBL)));
    }
  }
}
