package io.stagepost.forwarder;

import io.netty.channel.ConnectTimeoutException;
import io.netty.util.NetUtil;
import io.stagepost.config.ForwardSettings;
import io.stagepost.forwarder.LinkException.Kind;
import io.stagepost.net.AddressText;
import io.stagepost.net.HostLookup;
import io.stagepost.net.HostLookup.Family;
import io.stagepost.net.NextHop;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.ConnectOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Connects to a next hop: looks its name up and tries all its addresses in order. */
final class Connector {

  private final HostLookup lookup;
  private final Family family;
  private final Duration limit;
  private final NetClient client;

  Connector(Vertx vertx, ForwardSettings settings) {
    this.lookup = new HostLookup(vertx);
    this.limit = settings.timeouts().connect();
    this.family = settings.localAddress().map(Family::of).orElse(Family.ANY);
    NetClientOptions options = new NetClientOptions().setTcpNoDelay(true);
    settings
        .localAddress()
        .filter(address -> !address.equals("0.0.0.0") && !address.equals("::"))
        .ifPresent(options::setLocalAddress);
    if (!settings.features().contains(ForwardSettings.Feature.LINGER)) {
      options.setSoLinger(0);
    }
    this.client = vertx.createNetClient(options);
  }

  /**
   * A connected socket whose handlers are still to be set. Fails with {@link LinkException} of
   * {@link Kind#NOT_CONNECTED}; the time limit covers lookup and all attempts.
   */
  Future<NetSocket> connect(NextHop hop) {
    return switch (hop) {
      case NextHop.Tcp tcp -> connectToHost(tcp);
      case NextHop.UnixSocket unix -> connectToPath(unix.path());
    };
  }

  private Future<NetSocket> connectToPath(String path) {
    return client
        .connect(new ConnectOptions().setRemoteAddress(SocketAddress.domainSocketAddress(path)))
        .recover(e -> Future.failedFuture(connectFailure(path, e)));
  }

  private Future<NetSocket> connectToHost(NextHop.Tcp hop) {
    long deadline = System.nanoTime() + limit.toNanos();
    return lookup
        .resolve(hop.host(), family)
        .timeout(Math.max(1, limit.toMillis()), TimeUnit.MILLISECONDS)
        .recover(e -> Future.failedFuture(lookupFailure(hop, e)))
        .compose(addresses -> attempt(addresses, 0, hop.port(), deadline));
  }

  Future<Void> close() {
    return client.close();
  }

  private Future<NetSocket> attempt(
      List<InetAddress> addresses, int index, int port, long deadline) {
    String address = addresses.get(index).getHostAddress();
    String shown = NetUtil.toAddressString(addresses.get(index));
    long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
    // An address that swallows everything must leave time for those after it.
    int share = (int) Math.max(1, Math.min(Integer.MAX_VALUE, left / (addresses.size() - index)));
    return client
        .connect(
            new ConnectOptions()
                .setRemoteAddress(SocketAddress.inetSocketAddress(port, address))
                .setTimeout(share))
        .recover(
            e ->
                index + 1 < addresses.size()
                    ? attempt(addresses, index + 1, port, deadline)
                    : Future.failedFuture(connectFailure(AddressText.of(shown, port), e)));
  }

  private LinkException lookupFailure(NextHop.Tcp hop, Throwable cause) {
    if (cause instanceof TimeoutException) {
      return timedOut(hop.toString());
    }
    String detail =
        cause instanceof UnknownHostException ? "name or service not known" : cause.toString();
    return new LinkException(
        Kind.NOT_CONNECTED, "dns error: no such host: \"" + hop.host() + "\" (" + detail + ")");
  }

  private LinkException connectFailure(String address, Throwable cause) {
    if (cause instanceof ConnectTimeoutException) {
      return timedOut(address);
    }
    return new LinkException(Kind.NOT_CONNECTED, "connect failure: cannot connect to " + address);
  }

  private LinkException timedOut(String address) {
    String text = "cannot connect to " + address + ": timed out after " + limit.toSeconds() + "s";
    return new LinkException(Kind.NOT_CONNECTED, text);
  }
}
