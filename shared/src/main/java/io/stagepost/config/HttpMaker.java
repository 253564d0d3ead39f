package io.stagepost.config;

import io.stagepost.config.HttpSettings.Transport;
import io.stagepost.net.AddressRanges;
import io.stagepost.net.ListenAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Makes the settings of the console, and refuses those that would leave it open. */
final class HttpMaker {

  private static final AddressRanges LOOPBACK =
      AddressRanges.parse(List.of("127.0.0.0/8", "::1/128"));

  private final OptionValues values;
  private final List<OptionValues> relays;

  private HttpMaker(OptionValues values, List<OptionValues> relays) {
    this.values = values;
    this.relays = relays;
  }

  static boolean isLoopback(String address) {
    return LOOPBACK.contains(address);
  }

  /** The settings, if there is to be one. */
  static Optional<HttpSettings> make(
      OptionValues values, List<OptionValues> relays, Invocation invocation) {
    if (!values.isOn(HttpOptions.HTTP_PORT)) {
      return Optional.empty();
    }
    HttpMaker maker = new HttpMaker(values, relays);
    List<Integer> ports =
        values.list(HttpOptions.HTTP_PORT).stream().map(Integer::valueOf).toList();
    return Optional.of(
        new HttpSettings(
            values.list(HttpOptions.HTTP_INTERFACE).stream()
                .flatMap(host -> ports.stream().map(port -> new ListenAddress.Inet(host, port)))
                .toList(),
            values.list(HttpOptions.HTTP_NAMES).stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .toList(),
            values.isOn(HttpOptions.HTTP_TLS) ? Transport.TLS : Transport.PLAIN,
            maker.accounts(invocation).orElseThrow(),
            values.path(HttpOptions.HTTP_USERS, invocation).orElseThrow(),
            new HttpSettings.Sessions(
                values.period(HttpOptions.HTTP_SESSION), values.period(HttpOptions.HTTP_IDLE))));
  }

  /** What is wrong. */
  static List<Problem> problems(OptionValues values, List<OptionValues> relays) {
    return new HttpMaker(values, relays).problems();
  }

  private Optional<String> accounts(Invocation invocation) {
    return SecurityMaker.accounts(values, HttpOptions.HTTP_AUTH, invocation)
        .or(
            () ->
                relays.stream()
                    .flatMap(
                        relay ->
                            SecurityMaker.accounts(relay, AccessOptions.SERVER_AUTH, invocation)
                                .stream())
                    .findFirst());
  }

  private List<Problem> problems() {
    List<Problem> problems = new ArrayList<>();
    if (!values.isOn(HttpOptions.HTTP_PORT)) {
      for (Option option : HttpOptions.ALL) {
        if (values.isTyped(option) && values.isGiven(option)) {
          problems.add(refusal(option, "needs " + spelled(HttpOptions.HTTP_PORT, option)));
        }
      }
      return problems;
    }
    Option port = HttpOptions.HTTP_PORT;
    if (!values.isOn(HttpOptions.HTTP_USERS)) {
      problems.add(refusal(port, "needs " + spelled(HttpOptions.HTTP_USERS, port)));
    }
    if (!values.isOn(HttpOptions.HTTP_AUTH)
        && relays.stream().noneMatch(relay -> relay.isOn(AccessOptions.SERVER_AUTH))) {
      problems.add(
          refusal(
              port,
              "needs "
                  + spelled(HttpOptions.HTTP_AUTH, port)
                  + " or "
                  + spelled(AccessOptions.SERVER_AUTH, port)));
    }
    boolean tls = values.isOn(HttpOptions.HTTP_TLS);
    values.list(HttpOptions.HTTP_INTERFACE).stream()
        .filter(host -> !tls && !isLoopback(host))
        .findFirst()
        .ifPresent(host -> problems.add(unprotected(host)));
    if (tls && relays.stream().noneMatch(r -> r.isOn(TlsOptions.SERVER_TLS_CERTIFICATE))) {
      Option option = HttpOptions.HTTP_TLS;
      problems.add(refusal(option, "needs " + spelled(TlsOptions.SERVER_TLS_CERTIFICATE, option)));
    }
    return problems;
  }

  // Passwords must not cross a network in the clear.
  private Problem unprotected(String host) {
    Option option = HttpOptions.HTTP_INTERFACE;
    return refusal(
        option, "cannot be " + host + " without " + spelled(HttpOptions.HTTP_TLS, option));
  }

  private String spelled(Option option, Option like) {
    return values.spelledAs(option, like);
  }

  private Problem refusal(Option option, String why) {
    return Problem.usage(values.told(option) + ' ' + why);
  }
}
