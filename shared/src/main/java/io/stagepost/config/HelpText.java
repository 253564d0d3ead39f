package io.stagepost.config;

import io.stagepost.config.Option.Audience;

/** The text of {@code --help}, made from the option table. */
final class HelpText {

  private static final int MEANING_COLUMN = 34;

  private HelpText() {}

  /** The options that matter most, or all of them with their defaults. */
  static String of(Invocation invocation, TextLength length) {
    StringBuilder text = new StringBuilder();
    text.append("usage: ")
        .append(invocation.program())
        .append(" [<option> ...] [<config-file>]\n\n");
    for (Option option : OptionTable.all()) {
      if (option.audience() == Audience.ALL
          || (option.audience() == Audience.EXPERT && length == TextLength.LONG)) {
        appendLine(text, option, invocation.flavour(), length);
      }
    }
    if (invocation.flavour() == Flavour.OWN) {
      text.append("\nConfiguration files: ")
          .append(invocation.program())
          .append(" config --help\n")
          .append("The running relay: ")
          .append(invocation.program())
          .append(" queue --help\n");
    }
    if (length == TextLength.SHORT) {
      text.append("\nAll options: ").append(invocation.program()).append(" --help --verbose\n");
    }
    return text.toString();
  }

  private static void appendLine(
      StringBuilder text, Option option, Flavour flavour, TextLength length) {
    int start = text.length();
    text.append("  ");
    text.append(option.letter() == 0 ? "    " : "-" + option.letter() + ", ");
    text.append(option.spelled()).append(value(option));
    while (text.length() - start < MEANING_COLUMN) {
      text.append(' ');
    }
    text.append("  ").append(option.meaning());
    String usual = option.defaults().of(flavour);
    if (length == TextLength.LONG && !usual.isEmpty()) {
      text.append(" [").append(usual).append(']');
    }
    text.append('\n');
  }

  private static String value(Option option) {
    String placeholder = "<" + option.rule().placeholder() + ">";
    return switch (option.syntax()) {
      case NONE -> "";
      case ONE -> "=" + placeholder;
      case LIST -> "=" + placeholder + ",...";
      case OPTIONAL -> "[=" + placeholder + ",...]";
    };
  }
}
