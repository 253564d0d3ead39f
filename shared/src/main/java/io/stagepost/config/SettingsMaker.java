package io.stagepost.config;

import io.stagepost.config.ForwardSettings.TemporaryFailures;
import io.stagepost.config.ForwardSettings.Trigger;
import io.stagepost.config.RelaySettings.EventSettings;
import io.stagepost.config.RelaySettings.SpoolSettings;
import io.stagepost.net.AddressRanges;
import io.stagepost.net.ListenAddress;
import io.stagepost.net.NextHop;
import io.stagepost.wire.BareLineEnds;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Makes the typed settings of a relay from checked options. */
final class SettingsMaker {

  /** All addresses of this host, a family each. */
  static final List<String> EVERYWHERE = List.of("0.0.0.0", "::");

  static final List<String> LOOPBACK = List.of("127.0.0.1");

  private final OptionValues values;
  private final Invocation invocation;
  private final Collection<String> warnings;
  private final Lacks lacks;

  private SettingsMaker(OptionValues values, Invocation invocation, Collection<String> warnings) {
    this.values = values;
    this.invocation = invocation;
    this.warnings = warnings;
    this.lacks = Lacks.of(values, Option.Unit.RELAY);
  }

  /**
   * The settings of a relay.
   *
   * @param warnings what is most likely not meant is added here
   */
  static RelaySettings make(
      OptionValues values, Invocation invocation, Collection<String> warnings) {
    SettingsMaker maker = new SettingsMaker(values, invocation, warnings);
    maker.warn();
    String domain = maker.domain();
    return new RelaySettings(
        name(values),
        maker.spool(),
        maker.events(),
        maker.smtp(domain),
        maker.forward(domain),
        SecurityMaker.make(values, invocation, warnings),
        maker.pop(domain),
        AdminMaker.make(values, invocation, maker.clients()),
        maker.lacks.hold());
  }

  /** What the relay is called. */
  static String name(OptionValues values) {
    return values.isGiven(IntakeOptions.NAME) || values.relay().isEmpty()
        ? values.required(IntakeOptions.NAME)
        : values.relay();
  }

  private void warn() {
    lacks.warn(warnings);
    for (Option option : List.of(AccessOptions.SERVER_AUTH, PopOptions.POP_AUTH)) {
      if (values.text(option).equals(Optional.of("/pam"))) {
        warnings.add(values.told(option) + ": \"/pam\" is an older way to write \"pam:\"");
      }
    }
    if (values.isTyped(FilterOptions.DNSBL) && !values.isOn(IntakeOptions.REMOTE_CLIENTS)) {
      warnings.add(
          values.told(FilterOptions.DNSBL)
              + " asks about no client without "
              + values.spelledAs(IntakeOptions.REMOTE_CLIENTS, FilterOptions.DNSBL));
    }
    if (values.isOn(IntakeOptions.IMMEDIATE)) {
      warnings.add(
          "using --immediate can result in client timeout errors when the next hop is slow:"
              + " --forward-on-disconnect does not");
    }
  }

  private SmtpSettings.Clients clients() {
    return isOpen() ? SmtpSettings.Clients.ALL : SmtpSettings.Clients.LOCAL;
  }

  private boolean isOpen() {
    return values.isOn(IntakeOptions.REMOTE_CLIENTS) && !lacks.isClosed();
  }

  private SpoolSettings spool() {
    return new SpoolSettings(
        values.path(IntakeOptions.SPOOL_DIR, invocation).orElseThrow(),
        lower(IntakeOptions.SPOOL_SYNC));
  }

  private EventSettings events() {
    return new EventSettings(
        ValueText.size(values.required(EventOptions.EVENTS_SIZE)),
        values.period(EventOptions.EVENTS_KEEP));
  }

  private String domain() {
    Optional<String> given = values.text(IntakeOptions.DOMAIN);
    if (given.isPresent()) {
      if (given.get().chars().anyMatch(c -> c > 127)) {
        warnings.add("the domain name \"" + given.get() + "\" has non-ASCII characters");
      }
      return given.get();
    }
    HostName host = invocation.hostName().get();
    if (host.quality() != HostName.Quality.FULL) {
      warnings.add(
          "the host has no full name: calling ourselves \""
              + host.name()
              + "\"; \"--domain\" can say better");
    }
    return host.name();
  }

  private SmtpSettings smtp(String domain) {
    return new SmtpSettings(
        domain,
        ProductVersion.GREETING,
        listen(),
        clients(),
        network(),
        anonymous(),
        features(SmtpSettings.Feature.class, IntakeOptions.SERVER_SMTP_CONFIG),
        limits(),
        new SmtpSettings.Timeouts(
            values.limit(IntakeOptions.IDLE_TIMEOUT),
            values.limit(IntakeOptions.COMMAND_TIMEOUT),
            values.period(IntakeOptions.SHUTDOWN_TIMEOUT)),
        new SmtpSettings.LineEndPolicy(
            BareLineEnds.valueOf(upper(values.required(IntakeOptions.BARE_LINE_ENDS))),
            values.list(IntakeOptions.BARE_LINE_ENDS_FROM)),
        values.isOn(IntakeOptions.IMMEDIATE)
            ? SmtpSettings.Submission.IMMEDIATE
            : SmtpSettings.Submission.STORED);
  }

  private SmtpSettings.Network network() {
    List<String> local = values.list(IntakeOptions.LOCAL_CLIENTS);
    return new SmtpSettings.Network(
        local.isEmpty() ? AddressRanges.LOCAL : AddressRanges.parse(local),
        AddressRanges.parse(values.list(IntakeOptions.PROXY_PROTOCOL_FROM)),
        submissions());
  }

  /** A socket's path and a descriptor have no port, so they serve the other listener only. */
  private List<ListenAddress> submissions() {
    if (!values.isOn(IntakeOptions.SUBMISSIONS_PORT) || !isServing()) {
      return List.of();
    }
    if (!values.isOn(TlsOptions.SERVER_TLS_CERTIFICATE)) {
      warnings.add(
          values.told(IntakeOptions.SUBMISSIONS_PORT) + " is not used without a certificate");
      return List.of();
    }
    return listen("smtp", values.number(IntakeOptions.SUBMISSIONS_PORT)).stream()
        .filter(
            address ->
                address instanceof ListenAddress.Inet || address instanceof ListenAddress.Interface)
        .toList();
  }

  private boolean isServing() {
    return !values.isOn(IntakeOptions.DONT_SERVE) && !values.isOn(IntakeOptions.NO_SMTP);
  }

  private Optional<PopSettings> pop(String domain) {
    if (!values.isOn(PopOptions.POP) || values.isOn(IntakeOptions.DONT_SERVE)) {
      return Optional.empty();
    }
    return SecurityMaker.accounts(values, PopOptions.POP_AUTH, invocation)
        .map(
            accounts ->
                new PopSettings(
                    domain,
                    popListen(),
                    new PopSettings.Admission(
                        clients(),
                        network().local(),
                        values.number(IntakeOptions.MAX_CONNECTIONS),
                        values.number(IntakeOptions.MAX_CONNECTIONS_PER_CLIENT)),
                    popStore(),
                    values.isOn(PopOptions.POP_NO_DELETE)
                        ? PopSettings.Deletion.KEEP
                        : PopSettings.Deletion.REMOVE,
                    accounts,
                    spool().directory(),
                    values.limit(IntakeOptions.IDLE_TIMEOUT),
                    features(PopSettings.Feature.class, PopOptions.POP_CONFIG)));
  }

  private PopSettings.Listen popListen() {
    return new PopSettings.Listen(
        listen("pop", values.number(PopOptions.POP_PORT)),
        values.isGiven(PopOptions.POP_TLS_PORT)
            ? listen("pop", values.number(PopOptions.POP_TLS_PORT))
            : List.of());
  }

  private PopSettings.Store popStore() {
    if (lower(PopOptions.POP_FORMAT).equals("maildir")) {
      String pattern = values.required(PopOptions.POP_MAILDIR);
      return new PopSettings.Store.Maildir(invocation.path(pattern).toString());
    }
    return values.isOn(PopOptions.POP_BY_NAME)
        ? new PopSettings.Store.ByName()
        : new PopSettings.Store.Shared();
  }

  private List<ListenAddress> listen() {
    return isServing() ? listen("smtp", values.number(IntakeOptions.PORT)) : List.of();
  }

  private List<ListenAddress> listen(String protocol, int port) {
    List<ListenAddress> chosen =
        InterfaceText.of(protocol, values.list(IntakeOptions.INTERFACE), port);
    return chosen.isEmpty() ? at(defaultInterface(), port) : chosen;
  }

  /** Addresses with a port. */
  static List<ListenAddress> at(List<String> hosts, int port) {
    return hosts.stream().<ListenAddress>map(h -> new ListenAddress.Inet(h, port)).toList();
  }

  /** Our own default is to serve nobody else, until somebody else is let in. */
  private List<String> defaultInterface() {
    return values.flavour() == Flavour.DROP_IN || isOpen() ? EVERYWHERE : LOOPBACK;
  }

  private Set<AnonymousScope> anonymous() {
    if (!values.isOn(IntakeOptions.ANONYMOUS)) {
      return Set.of();
    }
    List<String> scopes = values.list(IntakeOptions.ANONYMOUS);
    return scopes.isEmpty()
        ? EnumSet.allOf(AnonymousScope.class)
        : scopes.stream()
            .map(scope -> AnonymousScope.valueOf(upper(scope)))
            .collect(Collectors.toUnmodifiableSet());
  }

  private SmtpSettings.Limits limits() {
    return new SmtpSettings.Limits(
        ValueText.size(values.required(IntakeOptions.SIZE)),
        values.number(IntakeOptions.MAX_RECIPIENTS),
        values.number(IntakeOptions.MAX_BAD_COMMANDS),
        values.number(IntakeOptions.MAX_COMMAND_LENGTH),
        values.number(IntakeOptions.MAX_CONNECTIONS),
        values.number(IntakeOptions.MAX_CONNECTIONS_PER_CLIENT),
        values.number(IntakeOptions.MAX_RECEIVED));
  }

  private ForwardSettings forward(String domain) {
    Optional<NextHop> nextHop = values.text(ForwardOptions.FORWARD_TO).flatMap(NextHopText::parse);
    return new ForwardSettings(
        domain,
        nextHop,
        triggers(nextHop),
        values.text(ForwardOptions.POLL).map(ValueText::period),
        values.number(ForwardOptions.CONNECTIONS),
        values.isOn(ForwardOptions.FORWARD_TO_SOME)
            ? ForwardSettings.RecipientPolicy.SOME
            : ForwardSettings.RecipientPolicy.ALL,
        temporaryFailures(),
        features(ForwardSettings.Feature.class, ForwardOptions.CLIENT_SMTP_CONFIG),
        forwardTimeouts(),
        values.text(ForwardOptions.CLIENT_INTERFACE),
        values.text(ForwardOptions.CLIENT_PROXY).flatMap(ProxyText::parse));
  }

  private Set<Trigger> triggers(Optional<NextHop> nextHop) {
    Set<Trigger> triggers = EnumSet.noneOf(Trigger.class);
    boolean poll = values.isOn(ForwardOptions.POLL);
    if (values.isOn(ForwardOptions.FORWARD)) {
      boolean ends = values.isOn(IntakeOptions.DONT_SERVE) && !poll;
      triggers.add(ends ? Trigger.ONE_SHOT : Trigger.STARTUP);
    }
    if (values.isOn(ForwardOptions.FORWARD_ON_DISCONNECT)) {
      triggers.add(Trigger.DISCONNECT);
    }
    if (values.isOn(ForwardOptions.FORWARD_ON_ARRIVAL)) {
      triggers.add(Trigger.ARRIVAL);
    }
    boolean asked = values.isGiven(ForwardOptions.FORWARD_ON_ARRIVAL);
    if (values.flavour() == Flavour.OWN
        && nextHop.isPresent()
        && triggers.isEmpty()
        && !poll
        && !asked
        && !values.isOn(IntakeOptions.IMMEDIATE)) {
      triggers.add(Trigger.STARTUP);
      triggers.add(Trigger.ARRIVAL);
    }
    return triggers;
  }

  private TemporaryFailures temporaryFailures() {
    if (lower(ForwardOptions.TEMPORARY_FAILURES).equals("fail")) {
      return TemporaryFailures.FAIL;
    }
    return new TemporaryFailures(
        TemporaryFailures.Outcome.KEEP,
        values.period(ForwardOptions.RETRY_DELAY),
        values.period(ForwardOptions.RETRY_MAXIMUM_DELAY));
  }

  private ForwardSettings.Timeouts forwardTimeouts() {
    Duration greeting = values.period(ForwardOptions.PROMPT_TIMEOUT);
    return new ForwardSettings.Timeouts(
        values.period(ForwardOptions.CONNECTION_TIMEOUT),
        greeting,
        values.period(ForwardOptions.RESPONSE_TIMEOUT),
        values.period(ForwardOptions.REUSE_TIMEOUT));
  }

  private <E extends Enum<E>> Set<E> features(Class<E> type, Option option) {
    List<String> words = values.isGiven(option) ? values.list(option) : List.of();
    return new Keywords<>(type, values.defaults(option)).apply(words, warnings);
  }

  private String lower(Option option) {
    return values.required(option).toLowerCase(Locale.ROOT);
  }

  private static String upper(String word) {
    return word.toUpperCase(Locale.ROOT);
  }
}
