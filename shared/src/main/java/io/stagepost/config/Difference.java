package io.stagepost.config;

import io.stagepost.config.Option.Change;
import io.stagepost.config.Option.Unit;
import io.stagepost.telemetry.LogText;
import java.util.ArrayList;
import java.util.List;

/**
 * An option that means something else than before.
 *
 * @param change when that takes effect
 * @param name as it is written where it was given, with its relay where it names one
 * @param before as in {@code relay.conf}, secrets masked; empty for no value
 * @param after the same
 */
record Difference(Change change, String name, String before, String after) {

  /** What differs, for the relays that both have. */
  static List<Difference> between(Reading before, Reading after) {
    List<Difference> found = new ArrayList<>();
    compare(before.process(), after.process(), Unit.PROCESS, found);
    for (OptionValues relay : after.relays()) {
      before.relay(relay.relay()).ifPresent(old -> compare(old, relay, Unit.RELAY, found));
    }
    return found;
  }

  /** {@code forward.to changed from "a:25" to "b:25"}. */
  String told() {
    return name + " changed from " + shown(before) + " to " + shown(after);
  }

  private static void compare(
      OptionValues before, OptionValues after, Unit unit, List<Difference> found) {
    for (Option option : OptionTable.all()) {
      if (option.unit() == unit
          && !HoconValue.of(before, option).equals(HoconValue.of(after, option))) {
        found.add(
            new Difference(
                after.changes(option, before),
                name(option, after.use(option).isPresent() ? after : before),
                Showing.value(before, option),
                Showing.value(after, option)));
      }
    }
  }

  private static String name(Option option, OptionValues values) {
    String spelled = values.spelled(option).replace("\"", "");
    return LogText.escape(spelled.startsWith("--") ? spelled.substring(2) : spelled);
  }

  private static String shown(String value) {
    return value.isEmpty() ? "nothing" : LogText.escape(value);
  }
}
