package io.stagepost.net;

import io.netty.util.NetUtil;
import io.stagepost.net.HostLookup.Family;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What addresses a network interface has at the moment; not for an event loop. */
final class InterfaceAddresses {

  private InterfaceAddresses() {}

  /** None when there is no such interface or it is down. */
  static Set<ListenAddress.Inet> of(ListenAddress.Interface wanted) throws SocketException {
    @Nullable NetworkInterface found = NetworkInterface.getByName(wanted.name());
    List<InetAddress> addresses =
        found == null || !found.isUp() ? List.of() : found.inetAddresses().toList();
    return addresses.stream()
        .filter(address -> isOf(address, wanted.family()))
        .map(address -> new ListenAddress.Inet(text(address), wanted.port()))
        .collect(Collectors.toSet());
  }

  private static boolean isOf(InetAddress address, Family family) {
    return family == Family.ANY || (family == Family.IPV6) == (address instanceof Inet6Address);
  }

  // A link-local address means something on its interface only.
  private static String text(InetAddress address) {
    boolean isScoped = address instanceof Inet6Address && address.isLinkLocalAddress();
    return isScoped ? address.getHostAddress() : NetUtil.toAddressString(address);
  }
}
