package io.stagepost.net;

import io.netty.util.NetUtil;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;

/** How addresses are written in logs, envelopes and verifier requests. */
public final class AddressText {

  private AddressText() {}

  /** {@code a.b.c.d:port}; IPv6 with a dot before the port. */
  public static String of(String host, int port) {
    return host + (host.indexOf(':') >= 0 ? '.' : ':') + port;
  }

  /** A peer with its port, or a unix-domain path, or {@code /} for an unnamed one. */
  public static String of(SocketAddress address) {
    if (address.isInetSocket()) {
      return of(host(address), address.port());
    }
    String path = address.path();
    return path == null || path.isEmpty() ? "/" : path;
  }

  /**
   * The bare address, IPv6 in its short form and without zone; {@code /} for a unix-domain socket.
   */
  public static String host(SocketAddress address) {
    if (!address.isInetSocket()) {
      return "/";
    }
    String host = address.hostAddress() != null ? address.hostAddress() : address.host();
    int zone = host.indexOf('%');
    String bare = zone < 0 ? host : host.substring(0, zone);
    InetAddress address6 =
        bare.indexOf(':') < 0 ? null : NetUtil.createInetAddressFromIpAddressString(bare);
    return address6 == null ? bare : NetUtil.toAddressString(address6);
  }
}
