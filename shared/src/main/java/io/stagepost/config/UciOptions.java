package io.stagepost.config;

import io.stagepost.telemetry.LogText;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Turns sections of OpenWrt's configuration into entries of {@link ConfigFile}. */
final class UciOptions {

  private static final String TYPE = "emailrelay";
  private static final Set<String> MODES = Set.of("server", "proxy", "client", "cmdline");
  private static final Set<String> OF_SECTION =
      Set.of("enabled", "mode", "smarthost", "extra_cmdline");

  /** What an option of a section stands for; a prefix goes before its value. */
  private record Meaning(Option option, String prefix) {}

  private static final Map<String, Meaning> MEANINGS = new LinkedHashMap<>();

  static {
    for (Option option :
        List.of(
            IntakeOptions.PORT,
            IntakeOptions.REMOTE_CLIENTS,
            IntakeOptions.ANONYMOUS,
            IntakeOptions.DOMAIN,
            IntakeOptions.SPOOL_DIR,
            IntakeOptions.DELIVERY_DIR,
            FilterOptions.DNSBL,
            FilterOptions.ADDRESS_VERIFIER,
            FilterOptions.FILTER,
            FilterOptions.CLIENT_FILTER,
            TlsOptions.SERVER_TLS,
            TlsOptions.SERVER_TLS_REQUIRED,
            TlsOptions.SERVER_TLS_VERIFY,
            TlsOptions.CLIENT_TLS,
            TlsOptions.CLIENT_TLS_REQUIRED,
            TlsOptions.CLIENT_TLS_VERIFY,
            AccessOptions.SERVER_AUTH,
            AccessOptions.CLIENT_AUTH,
            PopOptions.POP,
            PopOptions.POP_PORT,
            PopOptions.POP_AUTH,
            PopOptions.POP_BY_NAME)) {
      put(option.name().replace('-', '_'), option, "");
    }
    // A key stands before its certificate.
    put("server_tls_key", TlsOptions.SERVER_TLS_CERTIFICATE, "");
    put("server_tls_certificate", TlsOptions.SERVER_TLS_CERTIFICATE, "");
    put("client_tls_key", TlsOptions.CLIENT_TLS_CERTIFICATE, "");
    put("client_tls_certificate", TlsOptions.CLIENT_TLS_CERTIFICATE, "");
    put("smtp_client_interface", ForwardOptions.CLIENT_INTERFACE, "");
    put("smtp_server_interface", IntakeOptions.INTERFACE, "smtp=");
    put("pop_server_interface", IntakeOptions.INTERFACE, "pop=");
  }

  private final String path;
  private final JsonArray entries = new JsonArray();

  private UciOptions(String path) {
    this.path = path;
  }

  static JsonObject entries(String path, String text) {
    UciOptions options = new UciOptions(path);
    UciText.Result read = UciText.read(text);
    read.faults().forEach(fault -> options.fault(fault.text(), fault.line()));
    List<UciText.Section> enabled = new ArrayList<>();
    for (UciText.Section section : read.sections()) {
      if (!section.type().equals(TYPE)) {
        options.fault(
            "unknown section: " + LogText.quote(section.type()) + ": did you mean \"emailrelay\"?",
            section.line());
      } else if (section.option("enabled").map(options::isOn).orElse(true)) {
        enabled.add(section);
      }
    }
    if (enabled.isEmpty() && read.faults().isEmpty()) {
      options.fault("no section is enabled: one needs \"option enabled '1'\"", 0);
    }
    for (int i = 0; i < enabled.size(); i++) {
      options.addSection(enabled.get(i), enabled.size() == 1 ? "" : name(enabled.get(i), i));
    }
    return new JsonObject().put(ConfigFile.ENTRIES, options.entries);
  }

  private static void put(String name, Option option, String prefix) {
    MEANINGS.put(name, new Meaning(option, prefix));
  }

  private static String name(UciText.Section section, int index) {
    String plain = section.name().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
    return plain.isEmpty() ? "section" + (index + 1) : plain;
  }

  private void addSection(UciText.Section section, String relay) {
    section.lines().stream()
        .filter(line -> !MEANINGS.containsKey(line.name()) && !OF_SECTION.contains(line.name()))
        .forEach(line -> fault(unknown(line.name()), line.line()));
    String mode = section.option("mode").map(UciText.Line::value).orElse("");
    int line = section.option("mode").map(UciText.Line::line).orElse(section.line());
    if (!MODES.contains(mode)) {
      fault("\"option mode\" needs one of server, proxy, client or cmdline", line);
      return;
    }
    if (!relay.isEmpty() && !namesSpool(section)) {
      String usual = IntakeOptions.SPOOL_DIR.defaults().dropIn();
      add(relay, IntakeOptions.SPOOL_DIR, usual, new UciText.Line("spool_dir", usual, line));
    }
    if (!mode.equals("cmdline")) {
      addMode(section, relay, mode, line);
      MEANINGS.forEach((name, meaning) -> addOption(section, relay, name, meaning));
    }
    UciText.Line all = new UciText.Line("mode", mode, line);
    add("", ProcessOptions.NO_DAEMON, null, all);
    add(relay, ForwardOptions.FORWARD_TO_SOME, null, all);
    section
        .option("extra_cmdline")
        .ifPresent(
            extra ->
                entries.add(
                    entry("extra_cmdline", extra.line())
                        .put(ConfigFile.WORDS, extra.value())
                        .put(ConfigFile.RELAY, relay)));
  }

  private static boolean namesSpool(UciText.Section section) {
    return section.option("spool_dir").isPresent()
        || section
            .option("extra_cmdline")
            .filter(extra -> extra.value().matches(".*(--spool-dir|-s)\\b.*"))
            .isPresent();
  }

  private void addMode(UciText.Section section, String relay, String mode, int line) {
    UciText.Line said = new UciText.Line("mode", mode, line);
    Optional<UciText.Line> smarthost = section.option("smarthost");
    if (mode.equals("server")) {
      add(relay, ForwardOptions.AS_SERVER, null, said);
    } else if (smarthost.isEmpty()) {
      fault("\"option mode '" + mode + "'\" needs \"option smarthost\"", line);
    } else {
      Option as = mode.equals("proxy") ? ForwardOptions.AS_PROXY : ForwardOptions.AS_CLIENT;
      add(relay, as, smarthost.get().value(), smarthost.get());
    }
  }

  private void addOption(UciText.Section section, String relay, String name, Meaning meaning) {
    // There is always a port, also where nothing listens.
    boolean idle =
        (name.equals("port")
                && section.option("mode").map(UciText.Line::value).equals(Optional.of("client")))
            || (name.startsWith("pop_") && section.option("pop").filter(this::isOn).isEmpty());
    if (idle) {
      return;
    }
    for (UciText.Line line : section.all(name)) {
      Optional<YesNo> sense = YesNo.of(line.value().equals("enabled") ? "on" : line.value());
      if (meaning.option().equals(TlsOptions.SERVER_TLS) && sense.isEmpty()) {
        // Once it was the path of the certificate.
        add(relay, TlsOptions.SERVER_TLS, null, line);
        add(relay, TlsOptions.SERVER_TLS_CERTIFICATE, line.value(), line);
      } else if (!meaning.option().syntax().takesWord() && sense.isPresent()) {
        if (sense.get() == YesNo.YES) {
          add(relay, meaning.option(), null, line);
        }
      } else if (meaning.option().syntax() == Syntax.NONE) {
        fault(
            "invalid value "
                + LogText.quote(line.value())
                + " for \"option "
                + name
                + "\": 0 or 1 is needed",
            line.line());
      } else {
        add(relay, meaning.option(), meaning.prefix() + line.value(), line);
      }
    }
  }

  private boolean isOn(UciText.Line line) {
    return line.value().equals("enabled") || YesNo.of(line.value()).equals(Optional.of(YesNo.YES));
  }

  private static String unknown(String name) {
    List<String> known = new ArrayList<>(MEANINGS.keySet());
    known.addAll(OF_SECTION);
    known.sort(null);
    return "unknown option: " + LogText.quote(name) + Nearest.hint(name, known, "");
  }

  private void add(String relay, Option option, @Nullable String value, UciText.Line line) {
    String prefix = relay.isEmpty() || option.unit() == Option.Unit.PROCESS ? "" : relay + "-";
    JsonObject entry =
        entry(prefix + option.name(), line.line()).put(ConfigFile.SPELLED, "option " + line.name());
    entries.add(value == null ? entry : entry.put(ConfigFile.VALUE, value));
  }

  private void fault(String text, int line) {
    entries.add(entry("", line).put(ConfigFile.PROBLEM, text));
  }

  private JsonObject entry(String name, int line) {
    return new JsonObject()
        .put(ConfigFile.NAME, name)
        .put(ConfigFile.FILE, path)
        .put(ConfigFile.LINE, line);
  }
}
