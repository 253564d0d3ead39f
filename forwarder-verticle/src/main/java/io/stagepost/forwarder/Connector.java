package io.stagepost.forwarder;

import io.netty.channel.ConnectTimeoutException;
import io.netty.util.NetUtil;
import io.stagepost.config.ForwardSettings;
import io.stagepost.forwarder.Dialogue.Form;
import io.stagepost.forwarder.LinkException.Kind;
import io.stagepost.net.ActivityFeed;
import io.stagepost.net.AddressText;
import io.stagepost.net.Connections;
import io.stagepost.net.HostLookup;
import io.stagepost.net.HostLookup.Family;
import io.stagepost.net.NextHop;
import io.stagepost.net.SocksHandshake;
import io.stagepost.net.SocksProxy;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.ConnectOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Connects to a next hop: looks its name up and tries all its addresses in order, or does so with a
 * proxy and leaves the next hop's name to that.
 */
final class Connector {

  private final ForwardSettings settings;
  private static final String TIMED_OUT = "no answer in time";

  private final Vertx vertx;
  private static final String CLIENT = "client";

  private final ActivityFeed feed;
  private final Connections connections;
  private final HostLookup lookup;
  private final Family family;
  private final Duration limit;
  private final Optional<SocksProxy> proxy;
  private final NetClient client;

  Connector(Vertx vertx, ForwardSettings settings) {
    this.settings = settings;
    this.vertx = vertx;
    this.feed = ActivityFeed.of(vertx);
    this.connections = Connections.of(vertx);
    this.lookup = new HostLookup(vertx);
    this.proxy = settings.proxy();
    this.limit = settings.timeouts().connect();
    this.family = settings.localAddress().map(Family::of).orElse(Family.ANY);
    NetClientOptions options = new NetClientOptions().setTcpNoDelay(true);
    settings
        .localAddress()
        .filter(address -> !address.equals("0.0.0.0") && !address.equals("::"))
        .ifPresent(options::setLocalAddress);
    if (!lingers(settings)) {
      options.setSoLinger(0);
    }
    this.client = vertx.createNetClient(options);
  }

  /** When all must have ended, by {@link System#nanoTime}, and where what happens is noted. */
  private record Limit(long deadline, Dialogue dialogue) {

    private long millis() {
      return TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
    }
  }

  /**
   * A connection with a next hop.
   *
   * @param socket its handlers are to be set at once
   * @param early what the next hop has sent already
   */
  record Connection(NetSocket socket, Buffer early) {

    private Connection(NetSocket socket) {
      this(socket, Buffer.buffer());
    }
  }

  /**
   * Connects. Fails with {@link LinkException} of {@link Kind#NOT_CONNECTED}; the time limit covers
   * lookup, all attempts and what a proxy takes.
   *
   * @param dialogue gets a note for each address
   */
  Future<Connection> connect(NextHop hop, Dialogue dialogue) {
    Limit until = new Limit(System.nanoTime() + limit.toNanos(), dialogue);
    Connections.Attempt attempt = connections.attempt();
    Future<Connection> connected =
        switch (hop) {
          case NextHop.Tcp tcp when proxy.isPresent() -> connectThrough(proxy.get(), tcp, until);
          case NextHop.Tcp tcp -> connectToHost(tcp, until).map(Connection::new);
          case NextHop.Proxied p -> connectThrough(p.proxy(), p.target(), until);
          case NextHop.UnixSocket unix -> connectToPath(unix.path(), dialogue).map(Connection::new);
        };
    return connected
        .onSuccess(c -> attempt.connected(c.socket()))
        .onSuccess(c -> connected(AddressText.of(c.socket().remoteAddress()), dialogue))
        .onFailure(e -> attempt.failed())
        .recover(e -> Future.failedFuture(told(e, hop, dialogue)));
  }

  private void connected(String address, Dialogue dialogue) {
    feed.tell(CLIENT, "connected", address);
    dialogue.note("connected to " + address);
  }

  private static Throwable told(Throwable e, NextHop hop, Dialogue dialogue) {
    long took = dialogue.millis();
    return e instanceof LinkException cause
        ? cause.during(new Attempt(hop.toString(), "", "", took, dialogue.lines(Form.FULL)))
        : e;
  }

  private Future<NetSocket> connectToPath(String path, Dialogue dialogue) {
    feed.tell(CLIENT, "connecting", path);
    return client
        .connect(new ConnectOptions().setRemoteAddress(SocketAddress.domainSocketAddress(path)))
        .onFailure(e -> dialogue.note(failure(path, e)))
        .recover(e -> Future.failedFuture(connectFailure(path, e)));
  }

  private Future<Connection> connectThrough(SocksProxy through, NextHop.Tcp hop, Limit until) {
    return connectToHost(through.address(), until)
        .compose(
            socket -> {
              SocksHandshake handshake = new SocksHandshake(socket, through, hop);
              long timer =
                  vertx.setTimer(Math.max(1, until.millis()), id -> handshake.fail(TIMED_OUT));
              return handshake
                  .run()
                  .onComplete(r -> vertx.cancelTimer(timer))
                  .map(early -> new Connection(socket, early))
                  .onFailure(e -> until.dialogue().note(String.valueOf(e.getMessage())))
                  .recover(
                      e ->
                          Future.failedFuture(
                              new LinkException(
                                  Kind.NOT_CONNECTED, String.valueOf(e.getMessage()))));
            });
  }

  private Future<NetSocket> connectToHost(NextHop.Tcp hop, Limit until) {
    if (Family.of(hop.host()) == Family.ANY) {
      feed.tell(CLIENT, "resolving", hop.toString());
    }
    return lookup
        .resolve(hop.host(), family)
        .timeout(Math.max(1, until.millis()), TimeUnit.MILLISECONDS)
        .recover(
            e -> {
              LinkException failure = lookupFailure(hop, e);
              until.dialogue().note(failure.reason());
              return Future.failedFuture(failure);
            })
        .compose(addresses -> attempt(addresses, 0, hop.port(), until));
  }

  /** Whether connections would be made in the same way with these settings. */
  boolean isFor(ForwardSettings other) {
    return settings.timeouts().connect().equals(other.timeouts().connect())
        && settings.localAddress().equals(other.localAddress())
        && settings.proxy().equals(other.proxy())
        && lingers(settings) == lingers(other);
  }

  /** Makes no more connections, and closes when those that it has made are closed. */
  Future<Void> retire(long mostHours) {
    return client.shutdown(mostHours, TimeUnit.HOURS);
  }

  Future<Void> close() {
    return client.close();
  }

  private static boolean lingers(ForwardSettings settings) {
    return settings.features().contains(ForwardSettings.Feature.LINGER);
  }

  private Future<NetSocket> attempt(List<InetAddress> addresses, int index, int port, Limit until) {
    String address = addresses.get(index).getHostAddress();
    String shown = AddressText.of(NetUtil.toAddressString(addresses.get(index)), port);
    long left = until.millis();
    feed.tell(CLIENT, "connecting", shown);
    // An address that swallows everything must leave time for those after it.
    int share = (int) Math.max(1, Math.min(Integer.MAX_VALUE, left / (addresses.size() - index)));
    return client
        .connect(
            new ConnectOptions()
                .setRemoteAddress(SocketAddress.inetSocketAddress(port, address))
                .setTimeout(share))
        .onFailure(e -> until.dialogue().note(failure(shown, e)))
        .recover(
            e ->
                index + 1 < addresses.size()
                    ? attempt(addresses, index + 1, port, until)
                    : Future.failedFuture(connectFailure(shown, e)));
  }

  private static String failure(String address, Throwable e) {
    Throwable reason = e.getCause() == null ? e : e.getCause();
    String text =
        e instanceof ConnectTimeoutException ? "timed out" : String.valueOf(reason.getMessage());
    return "cannot connect to " + address + ": " + text;
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
