package io.stagepost.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The commented sample of {@code relay.conf}, made from the option table. */
public final class SampleFile {

  private static final String HEAD =
      """
      # relay.conf: the configuration of Stagepost, in HOCON.
      #
      # Everything is optional; what is commented out here shows the default. Values that are only
      # referred to, as ${variables.name}, go into a section "variables"; ${NAME} is taken from the
      # environment; include "other.conf" reads another file. Options of the command line take
      # precedence over this file.
      #
      # Several relays run in one process when each has its own section, with a spool of its own:
      #
      #   relays {
      #     in { spool.directory = /var/spool/in, listeners.port = 25 }
      #     out { spool.directory = /var/spool/out, listeners.port = 587 }
      #   }
      #
      # What is said outside of "relays" then holds for each that says nothing else.
      """;

  private SampleFile() {}

  /** The whole text, with Stagepost's own defaults. */
  public static String text() {
    StringBuilder text = new StringBuilder(HEAD);
    sections()
        .forEach(
            (section, options) -> {
              text.append('\n');
              options.forEach(option -> append(text, option));
            });
    return text.toString();
  }

  /** Options by the first part of their keys, in the order of the table. */
  private static Map<String, List<Option>> sections() {
    Map<String, List<Option>> sections = new LinkedHashMap<>();
    for (Option option : OptionTable.all()) {
      if (option.hasKey()) {
        sections.computeIfAbsent(section(option), name -> new ArrayList<>()).add(option);
      }
    }
    return sections;
  }

  /** The first part of its key; empty when that is all. */
  static String section(Option option) {
    int dot = option.plainKey().indexOf('.');
    return dot < 0 ? "" : option.plainKey().substring(0, dot);
  }

  private static void append(StringBuilder text, Option option) {
    String not = option.isKeyInverted() ? "if not: " : "";
    text.append("\n# ").append(not).append(option.meaning()).append('\n');
    text.append("# ").append(option.plainKey()).append(" = ").append(value(option)).append('\n');
  }

  private static String value(Option option) {
    String usual = HoconValue.usual(option);
    return usual.isEmpty() ? "\"<" + option.rule().placeholder() + ">\"" : usual;
  }
}
