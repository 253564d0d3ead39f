package io.stagepost.net;

import io.vertx.core.net.SocketAddress;

/** Which peers are local: those at loopback, link-local and private addresses, and on this host. */
public final class LocalRanges {

  private LocalRanges() {}

  /** Whether a peer is local; those on unix-domain sockets are. */
  public static boolean contains(SocketAddress peer) {
    return !peer.isInetSocket() || AddressRanges.LOCAL.contains(AddressText.host(peer));
  }
}
