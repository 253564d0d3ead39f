package io.stagepost.net;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.net.BindException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The sockets that one instance of a verticle listens on. Instances of the same service share them,
 * and each takes its part of the connections.
 *
 * <p>For use on the instance's context. A bound of its own it has not: it opens what is configured.
 */
public final class Listeners {

  private static final long LOOK_MILLIS = 1_500;

  private final Vertx vertx;
  private final String service;
  private final NetServerOptions options;
  private final Connections connections;
  private final Consumer<NetSocket> connected;
  private final Events events;
  private final Context context;
  private final SharedSockets shared;

  private final List<NetServer> servers = new ArrayList<>();
  private final List<String> paths = new ArrayList<>();
  private final List<ListenAddress> announced = new ArrayList<>();
  private final List<AcceptingSocket.Acceptor> acceptors = new ArrayList<>();
  private final Map<ListenAddress.Interface, Map<ListenAddress.Inet, NetServer>> interfaces =
      new HashMap<>();
  private final Set<Integer> everywhere = new HashSet<>();
  private boolean closed;
  private long timer = -1;

  /** What an instance is told about its sockets. */
  public interface Events {

    /** A socket is open; each instance is told. */
    void listening(ListenAddress actual);

    /** An interface has no address now; it is looked for again and again. */
    void missing(ListenAddress.Interface wanted);

    /** An address that an interface has got since the start can't be listened on. */
    void failed(Throwable cause);
  }

  /**
   * Nothing is opened yet.
   *
   * @param service a name that only instances of the same verticle of the same relay have
   * @param options for TCP; host and port are ignored
   * @param connected is given each connection on the instance's context
   */
  public Listeners(
      Vertx vertx,
      String service,
      NetServerOptions options,
      Consumer<NetSocket> connected,
      Events events) {
    this.vertx = vertx;
    this.service = service;
    this.options = options;
    this.connections = Connections.of(vertx);
    this.connected =
        socket -> {
          connections.accepted(socket);
          connected.accept(socket);
        };
    this.events = events;
    this.context = vertx.getOrCreateContext();
    this.shared = SharedSockets.of(vertx);
  }

  /** Opens them in order. Fails with {@link BindException} at the first that can't be opened. */
  public Future<Void> open(List<ListenAddress> addresses) {
    Future<Void> all = Future.succeededFuture();
    for (ListenAddress address : served(addresses)) {
      all = all.compose(v -> open(address));
    }
    return all;
  }

  /** Who listens on everything of both families means what there is. */
  private static List<ListenAddress> served(List<ListenAddress> addresses) {
    boolean hasIpv4 = addresses.stream().anyMatch(address -> isEverywhere(address, "0.0.0.0"));
    return hasIpv4 && !SharedSockets.hasIpv6()
        ? addresses.stream().filter(address -> !isEverywhere(address, "::")).toList()
        : addresses;
  }

  /**
   * Opens a socket of the file system that only our account and its group can connect to. Fails
   * with {@link BindException}.
   */
  public Future<Void> openPrivately(ListenAddress.UnixSocket unix) {
    return openPath(unix, SharedSockets.PRIVATE)
        .recover(e -> Future.failedFuture(failure(unix, e)));
  }

  private void listening(ListenAddress actual) {
    announced.add(actual);
    connections.listens(actual);
    events.listening(actual);
  }

  /** Closes them all; connections stay. */
  public Future<Void> close() {
    closed = true;
    announced.forEach(connections::listensNoMore);
    announced.clear();
    if (timer >= 0) {
      vertx.cancelTimer(timer);
    }
    acceptors.forEach(AcceptingSocket.Acceptor::leave);
    List<Future<Void>> closing = new ArrayList<>();
    servers.forEach(server -> closing.add(server.close()));
    interfaces.values().stream()
        .flatMap(byAddress -> byAddress.values().stream())
        .forEach(server -> closing.add(server.close()));
    return Future.join(closing)
        .transform(v -> Future.join(paths.stream().map(shared::removePath).toList()))
        .mapEmpty();
  }

  private Future<Void> open(ListenAddress address) {
    Future<Void> opened =
        switch (address) {
          case ListenAddress.Inet inet -> openInet(inet, servers::add);
          case ListenAddress.UnixSocket unix -> openPath(unix, SharedSockets.usualMode());
          case ListenAddress.Descriptor descriptor -> adopt(descriptor);
          case ListenAddress.Interface name -> openInterface(name);
        };
    return opened.recover(e -> Future.failedFuture(failure(address, e)));
  }

  private Future<Void> openInet(ListenAddress.Inet address, Consumer<NetServer> keep) {
    boolean isEverywhere = isEverywhere(address, "0.0.0.0") || isEverywhere(address, "::");
    if (isEverywhere && shared.separatesFamilies()) {
      return shared.ofFamily(service, address, options.getAcceptBacklog()).map(this::join);
    }
    if (isEverywhere && !everywhere.add(address.port()) && address.port() != 0) {
      // A socket for all addresses of one family takes connections of the other too.
      listening(address);
      return Future.succeededFuture();
    }
    int port = address.port() == 0 ? shared.anyPort(service, address) : address.port();
    // Only here, not in an address, may a port be negative.
    NetServerOptions here = new NetServerOptions(options).setHost(address.host()).setPort(port);
    return vertx
        .createNetServer(here)
        .connectHandler(connected::accept)
        .listen()
        .map(
            server -> {
              keep.accept(server);
              listening(new ListenAddress.Inet(address.host(), server.actualPort()));
              return null;
            });
  }

  private Future<Void> openPath(ListenAddress.UnixSocket unix, String mode) {
    return shared
        .preparePath(unix.path())
        .compose(
            v ->
                vertx
                    .createNetServer(options)
                    .connectHandler(connected::accept)
                    .listen(SocketAddress.domainSocketAddress(unix.path())))
        .compose(
            server -> {
              servers.add(server);
              paths.add(unix.path());
              return shared.openPath(unix.path(), mode);
            })
        .onSuccess(v -> listening(unix));
  }

  private Future<Void> adopt(ListenAddress.Descriptor descriptor) {
    return shared.inherited(descriptor.number()).map(this::join);
  }

  private Void join(AcceptingSocket socket) {
    acceptors.add(socket.join(context, options, connected));
    listening(socket.address());
    return null;
  }

  private Future<Void> openInterface(ListenAddress.Interface name) {
    interfaces.put(name, new HashMap<>());
    if (timer < 0) {
      timer = vertx.setPeriodic(LOOK_MILLIS, t -> look());
    }
    return refresh(name)
        .onSuccess(
            v -> {
              if (interfaces.getOrDefault(name, Map.of()).isEmpty()) {
                events.missing(name);
              }
            });
  }

  private void look() {
    interfaces.keySet().forEach(name -> refresh(name).onFailure(events::failed));
  }

  /** Opens what the interface has got and closes what it has lost. */
  private Future<Void> refresh(ListenAddress.Interface name) {
    Map<ListenAddress.Inet, NetServer> open = interfaces.getOrDefault(name, Map.of());
    return vertx
        .executeBlocking(() -> InterfaceAddresses.of(name), false)
        .compose(
            present -> {
              if (closed) {
                return Future.succeededFuture();
              }
              Set<ListenAddress.Inet> gone = new HashSet<>(open.keySet());
              gone.removeAll(present);
              Future<Void> all = Future.succeededFuture();
              for (ListenAddress.Inet lost : gone) {
                NetServer server = open.remove(lost);
                if (announced.remove(lost)) {
                  connections.listensNoMore(lost);
                }
                all = server == null ? all : all.eventually(server::close);
              }
              for (ListenAddress.Inet found : present) {
                if (!open.containsKey(found)) {
                  all = all.compose(v -> openInet(found, server -> open.put(found, server)));
                }
              }
              return all;
            });
  }

  private static boolean isEverywhere(ListenAddress address, String host) {
    return address instanceof ListenAddress.Inet inet && inet.host().equals(host);
  }

  private static BindException failure(ListenAddress address, Throwable cause) {
    if (cause instanceof BindException told && told.getCause() != null) {
      return told;
    }
    String text = String.valueOf(cause.getMessage());
    // The native transport's texts name the system's call first.
    int reason = text.startsWith("bind(") ? text.lastIndexOf(": ") + 2 : 0;
    BindException failure =
        new BindException("cannot listen on " + address + ": " + text.substring(reason));
    failure.initCause(cause);
    return failure;
  }
}
