package io.stagepost.forwarder;

import io.stagepost.net.NextHop;
import io.stagepost.net.SocksProxy;
import io.stagepost.smtp.DomainNames;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the next hop of an envelope: {@code host:port}, {@code [v6]:port} or {@code v6:port}, each
 * also with {@code @proxy:port}.
 */
final class HopParser {

  private static final Map<String, Integer> SERVICES =
      Map.of("smtp", 25, "submission", 587, "submissions", 465, "smtps", 465);

  private HopParser() {}

  /** The next hop, or empty when the text is none. */
  static Optional<NextHop> parse(String text) {
    int at = text.indexOf('@');
    if (at < 0) {
      return tcp(text).map(hop -> hop);
    }
    return tcp(text.substring(0, at))
        .flatMap(
            target ->
                tcp(text.substring(at + 1))
                    .map(proxy -> new NextHop.Proxied(target, SocksProxy.socks4a(proxy))));
  }

  private static Optional<NextHop.Tcp> tcp(String text) {
    int colon = text.lastIndexOf(':');
    if (colon <= 0) {
      return Optional.empty();
    }
    String host = text.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    }
    int port = port(text.substring(colon + 1));
    boolean wrong = host.isEmpty() || port < 1 || port > 65535 || host.indexOf('/') >= 0;
    return wrong
        ? Optional.empty()
        : DomainNames.toAscii(host).map(name -> new NextHop.Tcp(name, port));
  }

  private static int port(String text) {
    return text.matches("[0-9]{1,5}") ? Integer.parseInt(text) : SERVICES.getOrDefault(text, 0);
  }
}
