package io.stagepost.config;

import io.stagepost.config.Option.Unit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes what was read as a {@code relay.conf} that means the same, with a comment on each line:
 * also what was not given, where the defaults are different.
 */
final class Conversion {

  private static final String AS_ORIGINAL = "as E-MailRelay does it; Stagepost's own default is ";

  /** A line to be. */
  private record Line(Option option, String value, String why) {}

  private final OptionValues values;
  private final Map<String, List<Line>> sections = new LinkedHashMap<>();

  private Conversion(OptionValues values) {
    this.values = values;
  }

  /** The whole text. */
  static String text(String source, Reading reading) {
    StringBuilder text = new StringBuilder();
    text.append("# relay.conf: the configuration of Stagepost, in HOCON, made from\n# ")
        .append(source.replaceAll("\\p{Cntrl}", "?"))
        .append('\n');
    Conversion process = new Conversion(reading.process());
    process.collect(Unit.PROCESS);
    process.addSyslog();
    process.write(text, "");
    boolean sole = reading.relays().size() == 1 && reading.relays().getFirst().relay().isEmpty();
    if (!sole) {
      text.append("\nrelays {\n");
    }
    for (OptionValues values : reading.relays()) {
      Conversion relay = new Conversion(values);
      relay.collect(Unit.RELAY);
      if (!sole) {
        text.append("\n  ").append(section(values)).append(" {\n");
      }
      relay.write(text, sole ? "" : "    ");
      if (!sole) {
        text.append("  }\n");
      }
    }
    return text.append(sole ? "" : "}\n").append(leftOut(reading)).toString();
  }

  private static String section(OptionValues values) {
    return values.relay().isEmpty() ? RelaySettings.DEFAULT_NAME : values.relay();
  }

  private void collect(Unit unit) {
    for (Option option : OptionTable.all()) {
      if (option.unit() == unit && option.hasKey()) {
        String value = value(option);
        if (!value.equals(HoconValue.usual(option)) && !value.isEmpty()) {
          add(option, value, why(option));
        }
      }
    }
    if (unit == Unit.RELAY) {
      addInterface();
      addArrival();
    }
  }

  private String value(Option option) {
    if (option.equals(IntakeOptions.SERVER_SMTP_CONFIG)) {
      return HoconValue.list(words(SmtpSettings.Feature.class, option));
    }
    if (option.equals(ForwardOptions.CLIENT_SMTP_CONFIG)) {
      return HoconValue.list(words(ForwardSettings.Feature.class, option));
    }
    if (option.equals(PopOptions.POP_CONFIG)) {
      return HoconValue.list(words(PopSettings.Feature.class, option));
    }
    boolean other =
        option.equals(IntakeOptions.INTERFACE) || option.equals(ForwardOptions.FORWARD_ON_ARRIVAL);
    return other && !values.isOn(option) ? HoconValue.usual(option) : HoconValue.of(values, option);
  }

  /** Words count from the defaults, which are different, so they are others. */
  private <E extends Enum<E>> List<String> words(Class<E> type, Option option) {
    List<String> given = values.isGiven(option) ? values.list(option) : List.of();
    Set<E> wanted = EnumSet.noneOf(type);
    wanted.addAll(new Keywords<>(type, values.defaults(option)).apply(given, new ArrayList<>()));
    List<String> words =
        new Keywords<>(type, ValueText.items(option.defaults().own())).difference(wanted);
    return words.isEmpty() ? ValueText.items(option.defaults().own()) : words;
  }

  /** Stagepost by itself listens for local programs only. */
  private void addInterface() {
    boolean serves = !values.isOn(IntakeOptions.DONT_SERVE);
    List<String> given = values.list(IntakeOptions.INTERFACE);
    List<String> protocols = new ArrayList<>();
    if (serves && !values.isOn(IntakeOptions.NO_SMTP)) {
      protocols.add("smtp");
    }
    if (serves && values.isOn(AccessOptions.ADMIN)) {
      protocols.add("admin");
    }
    protocols.removeIf(protocol -> !InterfaceText.of(protocol, given, 0).isEmpty());
    List<String> all = new ArrayList<>(given);
    if (!protocols.isEmpty() && given.isEmpty()) {
      all.addAll(SettingsMaker.EVERYWHERE);
    } else {
      protocols.forEach(
          protocol -> SettingsMaker.EVERYWHERE.forEach(host -> all.add(protocol + "=" + host)));
    }
    if (serves && values.isOn(AccessOptions.ADMIN)) {
      all.addAll(AdminMaker.saidOfItself(all));
    }
    if (!all.equals(given)) {
      remove(IntakeOptions.INTERFACE);
      add(IntakeOptions.INTERFACE, HoconValue.list(all), AS_ORIGINAL + "the local host only");
    }
  }

  /** Stagepost by itself forwards at once when nothing else is said. */
  private void addArrival() {
    if (values.isOn(ForwardOptions.FORWARD_TO) && !values.isOn(ForwardOptions.FORWARD_ON_ARRIVAL)) {
      add(ForwardOptions.FORWARD_ON_ARRIVAL, "no", AS_ORIGINAL + "to forward each one at once");
    }
  }

  private void addSyslog() {
    if (values.isOn(ProcessOptions.LOG)
        && !values.isOn(ProcessOptions.SYSLOG)
        && !values.isOn(ProcessOptions.NO_SYSLOG)) {
      add(ProcessOptions.SYSLOG, "yes", AS_ORIGINAL + "no");
    }
  }

  private String why(Option option) {
    return values
        .use(option)
        .map(use -> use.origin().told())
        .orElseGet(() -> AS_ORIGINAL + usual(option));
  }

  private static String usual(Option option) {
    String usual = HoconValue.usual(option);
    return usual.isEmpty() ? "none" : usual;
  }

  private void add(Option option, String value, String why) {
    sections
        .computeIfAbsent(SampleFile.section(option), name -> new ArrayList<>())
        .add(new Line(option, value, why));
  }

  private void remove(Option option) {
    sections.values().forEach(lines -> lines.removeIf(line -> line.option().equals(option)));
  }

  private void write(StringBuilder text, String indent) {
    sections.forEach(
        (section, lines) -> {
          for (Line line : lines) {
            String not = line.option().isKeyInverted() ? "if not: " : "";
            text.append('\n').append(indent).append("# ").append(not);
            text.append(line.option().meaning()).append('\n').append(indent).append("# (");
            text.append(line.why().replaceAll("\\p{Cntrl}", "?")).append(")\n").append(indent);
            text.append(line.option().plainKey()).append(" = ").append(line.value()).append('\n');
          }
        });
  }

  private static String leftOut(Reading reading) {
    Collection<String> names = new ArrayList<>();
    List<OptionValues> all = new ArrayList<>(reading.relays());
    all.addFirst(reading.process());
    for (OptionValues values : all) {
      OptionTable.all().stream()
          .filter(option -> !option.hasKey() && option.lack().isPresent())
          .filter(option -> (option.unit() == Unit.PROCESS) == (values == reading.process()))
          .filter(values::isGiven)
          .forEach(option -> names.add(option.name()));
    }
    return names.isEmpty()
        ? ""
        : "\n# Left out, as it has no effect: " + String.join(", ", names) + "\n";
  }
}
