package io.stagepost.config;

import io.stagepost.config.Option.Instead;
import io.stagepost.config.Option.Unit;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Tells of options that have no effect in this version, and of what is done about that. */
final class Lacks {

  private final OptionValues values;
  private final List<Option> given;

  private Lacks(OptionValues values, Unit unit) {
    this.values = values;
    this.given =
        OptionTable.all().stream()
            .filter(option -> option.unit() == unit && option.lack().isPresent())
            .filter(option -> values.isOn(option) && !values.isUsual(option))
            .toList();
  }

  static Lacks of(OptionValues values, Unit unit) {
    return new Lacks(values, unit);
  }

  /** One line for each of the options that were given. */
  void warn(Collection<String> warnings) {
    for (Option option : given) {
      Option.Lack lack = option.lack().orElseThrow();
      warnings.add(
          values.told(option) + " has no effect: " + lack.because() + told(lack.instead()));
    }
  }

  /** Why nothing is to be sent, if so. */
  Optional<String> hold() {
    return given.stream()
        .filter(option -> option.lack().orElseThrow().instead() == Instead.HOLD)
        .map(option -> values.spelled(option) + ": " + option.lack().orElseThrow().because())
        .findFirst();
  }

  /** Whether clients that are not local can't be let in. */
  boolean isClosed() {
    return given.stream()
        .anyMatch(option -> option.lack().orElseThrow().instead() == Instead.LOCAL_CLIENTS);
  }

  private String told(Instead instead) {
    return switch (instead) {
      case NOTHING -> "";
      case HOLD ->
          values.isOn(ForwardOptions.FORWARD_TO)
              ? "; nothing is forwarded, and messages stay in the spool"
              : "";
      case LOCAL_CLIENTS ->
          values.isOn(IntakeOptions.REMOTE_CLIENTS) ? "; only local clients are let in" : "";
    };
  }
}
