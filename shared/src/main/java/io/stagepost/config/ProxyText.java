package io.stagepost.config;

import io.stagepost.net.NextHop;
import io.stagepost.net.SocksProxy;
import io.stagepost.net.SocksProxy.Credentials;
import io.stagepost.net.SocksProxy.Version;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Reads a proxy: {@code socks5://user:password@host:port} or {@code socks4a://host:port}. In the
 * name and the password {@code %HH} stands for an octet, as in any URI.
 */
final class ProxyText {

  private static final String SOCKS5 = "socks5://";
  private static final String SOCKS4A = "socks4a://";

  private ProxyText() {}

  static boolean isProxy(String text) {
    return parse(text).isPresent();
  }

  /** The proxy, or empty when the text is none. */
  static Optional<SocksProxy> parse(String text) {
    if (text.startsWith(SOCKS4A)) {
      return NextHopText.tcp(text.substring(SOCKS4A.length())).map(SocksProxy::socks4a);
    }
    if (!text.startsWith(SOCKS5)) {
      return Optional.empty();
    }
    String rest = text.substring(SOCKS5.length());
    int at = rest.lastIndexOf('@');
    Optional<NextHop.Tcp> address = NextHopText.tcp(rest.substring(at + 1));
    try {
      Optional<Credentials> credentials =
          at < 0 ? Optional.empty() : Optional.of(credentials(rest.substring(0, at)));
      return address.map(a -> new SocksProxy(Version.SOCKS5, a, credentials));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** What may be shown of it. */
  static String masked(String text) {
    int at = text.lastIndexOf('@');
    int scheme = text.indexOf("://");
    int start = scheme < 0 ? 0 : scheme + 3;
    return at < start ? text : text.substring(0, start) + "***:***" + text.substring(at);
  }

  private static Credentials credentials(String text) {
    int colon = text.indexOf(':');
    if (colon < 0) {
      throw new IllegalArgumentException("no password");
    }
    return new Credentials(decoded(text.substring(0, colon)), decoded(text.substring(colon + 1)));
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
