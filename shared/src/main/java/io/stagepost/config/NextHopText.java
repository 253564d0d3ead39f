package io.stagepost.config;

import com.ibm.icu.text.IDNA;
import io.stagepost.net.NextHop;
import io.stagepost.net.SocksProxy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Reads a next hop as it is written in configuration: {@code host:port}, where the last colon
 * separates the port, the host may be an IPv6 address with or without brackets or a name in
 * Unicode, and the port may be the name of a service; or {@code /path} for a socket of the file
 * system; or {@code host:port@proxy:port} for a host that is reached through a SOCKS proxy.
 */
public final class NextHopText {

  private static final Path SERVICES = Path.of("/etc/services");
  private static final Map<String, Integer> MAIL_SERVICES =
      Map.of("smtp", 25, "submission", 587, "submissions", 465, "smtps", 465);
  private static final int LONGEST_HOST = 253;

  private NextHopText() {}

  /**
   * The next hop, or empty when the text isn't one.
   *
   * <p>Reads {@code /etc/services} when the port is a name that has nothing to do with mail.
   */
  public static Optional<NextHop> parse(String text) {
    if (text.startsWith("/")) {
      return text.length() > 1 && text.indexOf('\0') < 0
          ? Optional.of(new NextHop.UnixSocket(text))
          : Optional.empty();
    }
    int at = text.indexOf('@');
    return at < 0
        ? tcp(text).map(hop -> hop)
        : tcp(text.substring(0, at))
            .flatMap(
                target ->
                    tcp(text.substring(at + 1))
                        .map(SocksProxy::socks4a)
                        .map(proxy -> new NextHop.Proxied(target, proxy)));
  }

  static boolean isNextHop(String text) {
    return parse(text).isPresent();
  }

  /** A host that only lacks its port. */
  static String suggestion(String text) {
    return isHostAndPort(text + ":25") ? Nearest.meant(text + ":25") : "";
  }

  static boolean isHostAndPort(String text) {
    return tcp(text).isPresent();
  }

  /** A host and port, as before the sign of a proxy and after it. */
  static Optional<NextHop.Tcp> tcp(String text) {
    int colon = text.lastIndexOf(':');
    if (colon <= 0) {
      return Optional.empty();
    }
    Optional<String> host = host(text.substring(0, colon));
    Optional<Integer> port = port(text.substring(colon + 1));
    return host.isPresent() && port.isPresent()
        ? Optional.of(new NextHop.Tcp(host.get(), port.get()))
        : Optional.empty();
  }

  private static Optional<String> host(String text) {
    boolean bracketed = text.startsWith("[") && text.endsWith("]");
    String bare = bracketed ? text.substring(1, text.length() - 1) : text;
    if (bracketed || bare.indexOf(':') >= 0) {
      return ValueText.isAddress(bare) ? Optional.of(bare) : Optional.empty();
    }
    if (bare.chars().anyMatch(c -> c > 127)) {
      return labels(bare);
    }
    return isHostName(bare) ? Optional.of(bare) : Optional.empty();
  }

  private static boolean isHostName(String name) {
    return !name.isEmpty()
        && name.length() <= LONGEST_HOST
        && name.chars()
            .allMatch(c -> Character.isLetterOrDigit(c) || c == '.' || c == '-' || c == '_');
  }

  private static Optional<String> labels(String name) {
    StringBuilder ascii = new StringBuilder();
    IDNA.Info info = new IDNA.Info();
    IDNA.getUTS46Instance(IDNA.NONTRANSITIONAL_TO_ASCII).nameToASCII(name, ascii, info);
    return info.hasErrors() ? Optional.empty() : Optional.of(ascii.toString());
  }

  private static Optional<Integer> port(String text) {
    if (ValueText.isNumber(text, 1, 65_535)) {
      return Optional.of(Integer.parseInt(text));
    }
    Integer known = MAIL_SERVICES.get(text);
    return known != null ? Optional.of(known) : service(text);
  }

  private static Optional<Integer> service(String name) {
    if (name.isEmpty() || !Character.isLetter(name.charAt(0))) {
      return Optional.empty();
    }
    try {
      for (String line : Files.readString(SERVICES, StandardCharsets.ISO_8859_1).split("\n")) {
        String[] words = line.split("#", 2)[0].strip().split("\\s+");
        if (words.length > 1 && words[0].equals(name) && words[1].endsWith("/tcp")) {
          return Optional.of(Integer.parseInt(words[1].substring(0, words[1].indexOf('/'))));
        }
      }
    } catch (IOException | NumberFormatException e) {
      return Optional.empty();
    }
    return Optional.empty();
  }
}
