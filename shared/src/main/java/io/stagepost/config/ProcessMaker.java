package io.stagepost.config;

import io.stagepost.config.ProcessSettings.Ground;
import io.stagepost.config.ProcessSettings.Role;
import io.stagepost.telemetry.LogSettings;
import io.stagepost.telemetry.LogText;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Makes the typed settings of the process from checked options. */
final class ProcessMaker {

  private static final Set<String> TLS_WORDS =
      Set.of(
          "openssl",
          "mbedtls",
          "sslv3",
          "-sslv3",
          "tlsv1.0",
          "tlsv1.1",
          "tlsv1.2",
          "tlsv1.3",
          "-tlsv1.0",
          "-tlsv1.1",
          "-tlsv1.2",
          "-tlsv1.3",
          "noverify",
          "op_all",
          "op_no_ticket",
          "op_no_resumption",
          "op_server_preference",
          "ignoreextra");

  private static final String JSON = "json";

  private final OptionValues values;
  private final List<OptionValues> relays;
  private final Invocation invocation;
  private final Collection<String> warnings;

  private ProcessMaker(
      OptionValues values,
      List<OptionValues> relays,
      Invocation invocation,
      Collection<String> warnings) {
    this.values = values;
    this.relays = relays;
    this.invocation = invocation;
    this.warnings = warnings;
  }

  /**
   * The settings.
   *
   * @param relays those of the relays, which may say how lines about them look
   * @param warnings what is most likely not meant is added here
   */
  static ProcessSettings make(
      OptionValues values,
      List<OptionValues> relays,
      Invocation invocation,
      Collection<String> warnings) {
    ProcessMaker maker = new ProcessMaker(values, relays, invocation, warnings);
    maker.warn();
    return new ProcessSettings(
        invocation.program(),
        maker.roles(),
        values.isOn(ProcessOptions.NO_DAEMON) ? Ground.FOREGROUND : Ground.BACKGROUND,
        values.path(ProcessOptions.PID_FILE, invocation),
        values.text(ProcessOptions.USER),
        maker.log(),
        maker.cluster(),
        HttpMaker.make(values, relays, invocation),
        WatchMaker.webhooks(values),
        WatchMaker.metrics(values));
  }

  private Set<Role> roles() {
    return values.list(ProcessOptions.ROLES).stream()
        .map(role -> Role.valueOf(role.toUpperCase(Locale.ROOT)))
        .collect(Collectors.toUnmodifiableSet());
  }

  private Optional<ClusterSettings> cluster() {
    if (!values.isOn(ProcessOptions.CLUSTER)) {
      return Optional.empty();
    }
    return Optional.of(
        new ClusterSettings(
            values.required(ProcessOptions.CLUSTER_HOST),
            values.number(ProcessOptions.CLUSTER_PORT),
            values.list(ProcessOptions.CLUSTER)));
  }

  private LogSettings log() {
    OptionValues first = relays.getFirst();
    boolean json = first.list(ProcessOptions.LOG_FORMAT).stream().anyMatch(JSON::equalsIgnoreCase);
    Set<LogSettings.Field> fields = fields(first);
    Map<String, Set<LogSettings.Field>> units = new HashMap<>();
    for (OptionValues relay : relays) {
      Set<LogSettings.Field> own = fields(relay);
      if (!own.equals(fields)) {
        units.put(RelaySettings.unit(SettingsMaker.name(relay)), own);
      }
    }
    return new LogSettings(
        invocation.program(),
        volume(),
        json ? LogSettings.Form.JSON : LogSettings.Form.TEXT,
        fields,
        values.path(ProcessOptions.LOG_FILE, invocation),
        values.isOn(ProcessOptions.CLOSE_STDERR)
            ? LogSettings.StandardError.CLOSED
            : LogSettings.StandardError.KEPT,
        syslog(),
        units);
  }

  /** Those of a relay; one that says nothing about the format has that of the first. */
  private Set<LogSettings.Field> fields(OptionValues relay) {
    OptionValues says = relay.isGiven(ProcessOptions.LOG_FORMAT) ? relay : relays.getFirst();
    Set<LogSettings.Field> fields = EnumSet.noneOf(LogSettings.Field.class);
    for (String word : says.list(ProcessOptions.LOG_FORMAT)) {
      switch (word.toLowerCase(Locale.ROOT)) {
        case JSON -> {}
        case "time" -> fields.add(LogSettings.Field.TIME);
        case "unit" -> fields.add(LogSettings.Field.UNIT);
        case "address", "network" -> fields.add(LogSettings.Field.ADDRESS);
        case "port" -> fields.add(LogSettings.Field.PORT);
        case "msgid" -> fields.add(LogSettings.Field.MSGID);
        default -> warnings.add("unknown log-format item [" + LogText.escape(word) + "]");
      }
    }
    addIf(fields, values.isOn(ProcessOptions.LOG_TIME), LogSettings.Field.TIME);
    addIf(fields, relay.isOn(ProcessOptions.LOG_ADDRESS), LogSettings.Field.ADDRESS);
    addIf(fields, values.isOn(ProcessOptions.DEBUG), LogSettings.Field.ORIGIN);
    return fields;
  }

  /** The original uses the system's log unless it is told not to. */
  private Optional<LogSettings.Facility> syslog() {
    boolean wanted =
        values.isOn(ProcessOptions.SYSLOG)
            || (values.flavour() == Flavour.DROP_IN && !values.isOn(ProcessOptions.NO_SYSLOG));
    return wanted && values.isOn(ProcessOptions.LOG)
        ? Optional.of(
            values
                .text(ProcessOptions.SYSLOG)
                .map(word -> LogSettings.Facility.valueOf(word.toUpperCase(Locale.ROOT)))
                .orElse(LogSettings.Facility.MAIL))
        : Optional.empty();
  }

  private LogSettings.Volume volume() {
    if (!values.isOn(ProcessOptions.LOG)) {
      return LogSettings.Volume.OFF;
    }
    return switch (values.count(ProcessOptions.VERBOSE)) {
      case 0 -> LogSettings.Volume.NORMAL;
      case 1 -> LogSettings.Volume.VERBOSE;
      default -> LogSettings.Volume.DETAIL;
    };
  }

  private static void addIf(
      Set<LogSettings.Field> fields, boolean wanted, LogSettings.Field field) {
    if (wanted) {
      fields.add(field);
    }
  }

  private void warn() {
    List<String> pidFiles = values.list(ProcessOptions.PID_FILE);
    if (pidFiles.size() > 1) {
      warnings.add("more than one pid file: using " + LogText.quote(pidFiles.getFirst()));
    }
    if (!values.isOn(ProcessOptions.LOG)) {
      if (values.isTyped(ProcessOptions.LOG_FILE)) {
        warnings.add("\"--log-file\" has no effect without \"--log\"");
      }
    } else if (values.isOn(ProcessOptions.CLOSE_STDERR)
        && !values.isOn(ProcessOptions.LOG_FILE)
        && syslog().isEmpty()) {
      warnings.add(
          "nothing will be logged once standard error is closed: \"--log-file\" can name a file");
    }
    Lacks.of(values, Option.Unit.PROCESS).warn(warnings);
    List<String> leftovers =
        values.list(TlsOptions.TLS_CONFIG).stream()
            .filter(word -> !TLS_WORDS.contains(word.toLowerCase(Locale.ROOT)))
            .map(LogText::escape)
            .toList();
    if (!leftovers.isEmpty()) {
      warnings.add(
          "tls-config: tls configuration items ignored: [" + String.join(",", leftovers) + "]");
    }
  }
}
