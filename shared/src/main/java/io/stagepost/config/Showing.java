package io.stagepost.config;

import io.stagepost.config.Option.Unit;
import io.stagepost.telemetry.LogText;
import java.util.Set;

/** Writes all that holds, each with where it comes from, and secrets masked. */
final class Showing {

  private static final int ORIGIN_COLUMN = 50;
  private static final Set<Option> ACCOUNTS =
      Set.of(AccessOptions.CLIENT_AUTH, AccessOptions.SERVER_AUTH, PopOptions.POP_AUTH);

  private Showing() {}

  static String text(Reading reading) {
    StringBuilder text = new StringBuilder();
    append(text, reading.process(), Unit.PROCESS, "");
    boolean sole = reading.relays().size() == 1 && reading.relays().getFirst().relay().isEmpty();
    for (OptionValues values : reading.relays()) {
      String name = SettingsMaker.name(values);
      text.append('\n');
      append(text, values, Unit.RELAY, sole ? "" : "relays." + name + ".");
    }
    return text.toString();
  }

  private static void append(StringBuilder text, OptionValues values, Unit unit, String prefix) {
    for (Option option : OptionTable.all()) {
      if (option.unit() == unit && option.hasKey()) {
        String value = value(values, option);
        if (!value.isEmpty()) {
          append(text, prefix + option.plainKey() + " = " + value, origin(values, option));
        }
      }
    }
  }

  /** What holds, whether given or not, with secrets masked; nothing when it has no value. */
  static String value(OptionValues values, Option option) {
    return option.syntax() == Syntax.ONE
        ? values.text(option).map(text -> masked(option, text)).map(HoconValue::scalar).orElse("")
        : HoconValue.of(values, option);
  }

  /** What may be shown of a value. */
  static String masked(Option option, String value) {
    if (ACCOUNTS.contains(option)) {
      return AuthText.masked(value);
    }
    return option.equals(ForwardOptions.CLIENT_PROXY) ? ProxyText.masked(value) : value;
  }

  private static String origin(OptionValues values, Option option) {
    return values.use(option).map(use -> use.origin().told()).orElse("default");
  }

  private static void append(StringBuilder text, String line, String origin) {
    text.append(line);
    text.repeat(" ", Math.max(2, ORIGIN_COLUMN - line.length()));
    text.append("# ").append(LogText.escape(origin)).append('\n');
  }
}
