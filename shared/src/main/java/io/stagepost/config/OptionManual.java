package io.stagepost.config;

import io.stagepost.config.Option.Audience;

/** The table of options in the operator's manual, made from the option table. */
final class OptionManual {

  private static final String HEAD =
      """
      # Options

      Made from the option table by `stagepost config manual`; edits here are lost.

      Each option can be given on the command line as `--name` or `-l`, in an `emailrelay.conf` as
      `name`, and in `relay.conf` by its key. Those of a relay can be given for one of several by
      its name: `--in-port`, or in `relay.conf` in the section `relays.in`. *Live* options take
      effect when the file has changed, the others when the process is started again. A default of
      the form *a* / *b* is that of `emailrelay` / `stagepost`.

      | Option | Letter | Value | Of | Key in relay.conf | Default | Change | Meaning |
      |---|---|---|---|---|---|---|---|
      """;

  private OptionManual() {}

  static String text() {
    StringBuilder text = new StringBuilder(HEAD);
    for (Option option : OptionTable.all()) {
      if (option.audience() != Audience.NOBODY) {
        append(text, option);
      }
    }
    return text.toString();
  }

  private static void append(StringBuilder text, Option option) {
    text.append("| `").append(option.spelled()).append("` | ");
    text.append(option.letter() == 0 ? "" : "`-" + option.letter() + "`").append(" | ");
    text.append(value(option)).append(" | ");
    text.append(option.unit() == Option.Unit.PROCESS ? "process" : "relay").append(" | ");
    text.append(key(option)).append(" | ").append(defaults(option)).append(" | ");
    text.append(option.change() == Option.Change.LIVE ? "live" : "restart").append(" | ");
    text.append(escaped(option.meaning()));
    option
        .lack()
        .ifPresent(lack -> text.append(" (without effect: ").append(lack.because()).append(')'));
    text.append(" |\n");
  }

  private static String value(Option option) {
    String value = escaped(option.rule().placeholder());
    return switch (option.syntax()) {
      case NONE -> "";
      case ONE -> value;
      case LIST -> value + ",...";
      case OPTIONAL -> "[" + value + ",...]";
    };
  }

  private static String key(Option option) {
    if (!option.hasKey()) {
      return "";
    }
    return '`' + option.plainKey() + '`' + (option.isKeyInverted() ? " (the opposite)" : "");
  }

  private static String defaults(Option option) {
    Option.Defaults defaults = option.defaults();
    if (defaults.dropIn().equals(defaults.own())) {
      return shown(defaults.own());
    }
    return shown(defaults.dropIn()) + " / " + shown(defaults.own());
  }

  private static String shown(String value) {
    return value.isEmpty() ? "-" : '`' + value + '`';
  }

  private static String escaped(String text) {
    return text.replace("|", "\\|").replace("<", "\\<");
  }
}
