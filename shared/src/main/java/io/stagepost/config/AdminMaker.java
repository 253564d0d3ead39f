package io.stagepost.config;

import io.stagepost.config.AdminSettings.Feature;
import io.stagepost.net.ListenAddress;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Makes the settings of administration from checked options. */
final class AdminMaker {

  private static final String PROTOCOL = "admin";

  private final OptionValues values;
  private final Invocation invocation;

  private AdminMaker(OptionValues values, Invocation invocation) {
    this.values = values;
    this.invocation = invocation;
  }

  static AdminSettings make(
      OptionValues values, Invocation invocation, SmtpSettings.Clients clients) {
    AdminMaker maker = new AdminMaker(values, invocation);
    boolean serves = !values.isOn(IntakeOptions.DONT_SERVE);
    return new AdminSettings(
        serves && values.isOn(AccessOptions.ADMIN) ? maker.listen() : List.of(),
        clients,
        maker.features(),
        serves ? maker.control() : Optional.empty());
  }

  private List<ListenAddress> listen() {
    int port = values.number(AccessOptions.ADMIN);
    List<String> items =
        values.list(IntakeOptions.INTERFACE).stream().filter(this::isMeant).toList();
    List<ListenAddress> chosen = InterfaceText.of(PROTOCOL, items, port);
    // Whoever gets in there may do anything: our own default stays on this host in any case.
    List<String> usual =
        values.flavour() == Flavour.DROP_IN ? SettingsMaker.EVERYWHERE : SettingsMaker.LOOPBACK;
    return chosen.isEmpty() ? SettingsMaker.at(usual, port) : chosen;
  }

  // Nor does it leave this host because other protocols do.
  private boolean isMeant(String item) {
    return values.flavour() == Flavour.DROP_IN || isMeantByUs(item);
  }

  private static boolean isMeantByUs(String item) {
    return item.startsWith(PROTOCOL + "=") || item.startsWith("/") || HttpMaker.isLoopback(item);
  }

  /** What has to be said of this protocol by name where the original takes it as said. */
  static List<String> saidOfItself(List<String> items) {
    return items.stream()
        .filter(item -> !isMeantByUs(item))
        .filter(item -> !InterfaceText.of(PROTOCOL, List.of(item), 0).isEmpty())
        .map(item -> PROTOCOL + "=" + item)
        .toList();
  }

  private Set<Feature> features() {
    Set<Feature> features = EnumSet.noneOf(Feature.class);
    if (values.isOn(AccessOptions.ADMIN_TERMINATE)) {
      features.add(Feature.TERMINATE);
    }
    if (values.required(AccessOptions.ADMIN_HELP).equals("all")) {
      features.add(Feature.LONG_HELP);
    }
    return features;
  }

  private Optional<Path> control() {
    return switch (values.required(AccessOptions.CONTROL_SOCKET)) {
      case "no" -> Optional.empty();
      case "yes" ->
          values.path(IntakeOptions.SPOOL_DIR, invocation).map(AdminSettings::defaultControl);
      default -> values.path(AccessOptions.CONTROL_SOCKET, invocation);
    };
  }
}
