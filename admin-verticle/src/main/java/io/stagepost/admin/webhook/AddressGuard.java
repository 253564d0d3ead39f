package io.stagepost.admin.webhook;

import io.stagepost.net.AddressRanges;
import io.stagepost.net.HostLookup;
import io.stagepost.net.HostLookup.Family;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * Keeps webhooks from reaching what only this host can (server-side request forgery): a name is
 * looked up once, all its addresses are checked, and one of these is what is connected to.
 */
final class AddressGuard {

  // IANA's special-purpose registries (RFC 6890), the addresses that carry IPv4 ones in IPv6, and
  // what clouds serve their metadata at.
  private static final AddressRanges FORBIDDEN =
      AddressRanges.parse(
          List.of(
              "0.0.0.0/8",
              "10.0.0.0/8",
              "100.64.0.0/10",
              "127.0.0.0/8",
              "168.63.129.16",
              "169.254.0.0/16",
              "172.16.0.0/12",
              "192.0.0.0/24",
              "192.0.2.0/24",
              "192.88.99.0/24",
              "192.168.0.0/16",
              "198.18.0.0/15",
              "198.51.100.0/24",
              "203.0.113.0/24",
              "224.0.0.0/4",
              "240.0.0.0/4",
              "::/96",
              "64:ff9b::/96",
              "64:ff9b:1::/48",
              "100::/64",
              "2001::/23",
              "2001:db8::/32",
              "2002::/16",
              "3fff::/20",
              "5f00::/16",
              "fc00::/7",
              "fe80::/10",
              "fec0::/10",
              "ff00::/8"));

  private final AddressRanges allowed;
  private final Function<String, Future<List<InetAddress>>> lookup;

  AddressGuard(AddressRanges allowed, Function<String, Future<List<InetAddress>>> lookup) {
    this.allowed = allowed;
    this.lookup = lookup;
  }

  /** One that looks names up as the relay does. */
  static AddressGuard of(Vertx vertx, AddressRanges allowed) {
    HostLookup names = new HostLookup(vertx);
    return new AddressGuard(allowed, host -> names.resolve(host, Family.ANY));
  }

  /**
   * Where a request goes.
   *
   * @param address checked; to be connected to without another look-up
   * @param host for the certificate and the header
   */
  record Target(InetAddress address, String host, int port, boolean secure, String path) {}

  /** It may not go there. */
  static final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RefusedException(String why) {
      super(why);
    }
  }

  /** Finds out where a request goes. Fails with {@link RefusedException} when that may not be. */
  Future<Target> check(String url) {
    URI uri;
    try {
      uri = parse(url);
    } catch (RefusedException e) {
      return Future.failedFuture(e);
    }
    String host = bare(uri.getHost());
    boolean secure = "https".equalsIgnoreCase(uri.getScheme());
    return lookup
        .apply(host)
        .recover(e -> Future.failedFuture(new RefusedException("no address of " + host)))
        .compose(
            addresses -> {
              Optional<String> reason = refusal(addresses, secure);
              if (reason.isPresent()) {
                return Future.failedFuture(new RefusedException(reason.get()));
              }
              int port = uri.getPort() >= 0 ? uri.getPort() : secure ? 443 : 80;
              return Future.succeededFuture(
                  new Target(plain(addresses.getFirst()), host, port, secure, path(uri)));
            });
  }

  /**
   * Checks the form alone.
   *
   * @throws RefusedException when it is not the address of a receiver
   */
  static URI parse(String url) {
    URI uri;
    try {
      uri = new URI(url);
    } catch (URISyntaxException e) {
      throw new RefusedException("not an address");
    }
    String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
    if (!scheme.equals("https") && !scheme.equals("http")) {
      throw new RefusedException("not an https:// address");
    }
    if (uri.getHost() == null || uri.getPort() > 65_535 || uri.getPort() == 0) {
      throw new RefusedException("no host, or no possible port");
    }
    if (uri.getRawUserInfo() != null || uri.getRawFragment() != null) {
      throw new RefusedException("there can't be a user or a fragment in it");
    }
    return uri;
  }

  // All of them: who answers the look-up must not have a choice which one is taken.
  private Optional<String> refusal(List<InetAddress> addresses, boolean secure) {
    for (InetAddress address : addresses) {
      String text = text(plain(address));
      if (allowed.contains(text)) {
        continue;
      }
      if (FORBIDDEN.contains(text)) {
        return Optional.of("addresses like " + text + " are not allowed");
      }
      if (!secure) {
        return Optional.of("only https:// is allowed there");
      }
    }
    return addresses.isEmpty() ? Optional.of("no address") : Optional.empty();
  }

  // Without a name or a scope.
  private static InetAddress plain(InetAddress address) {
    try {
      return InetAddress.getByAddress(address.getAddress());
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String text(InetAddress address) {
    return address.getHostAddress();
  }

  private static String bare(String host) {
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  private static String path(URI uri) {
    String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    return uri.getRawQuery() == null ? path : path + '?' + uri.getRawQuery();
  }
}
