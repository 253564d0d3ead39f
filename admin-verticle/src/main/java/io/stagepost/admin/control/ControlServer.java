package io.stagepost.admin.control;

import io.stagepost.bus.BusAddresses;
import io.stagepost.net.ListenAddress;
import io.stagepost.net.Listeners;
import io.stagepost.telemetry.LogText;
import io.stagepost.telemetry.RelayLog;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Listens on the control socket, which only the relay's account and its group can connect to. At
 * most 50 clients are served at once.
 */
public final class ControlServer implements Listeners.Events {

  private static final int MOST_CLIENTS = 50;

  private final Vertx vertx;
  private final ControlServices services;
  private final RelayLog log;
  private final ControlCommands commands;
  private final RecentEvents events = new RecentEvents();
  private final Listeners listeners;
  private final Set<NetSocket> clients = new HashSet<>();

  /** A server on the caller's context that doesn't listen yet. */
  public ControlServer(Vertx vertx, ControlServices services) {
    this.vertx = vertx;
    this.services = services;
    this.log = services.log();
    this.commands = new ControlCommands(vertx.eventBus(), services);
    this.listeners =
        new Listeners(
            vertx, "control." + services.relay(), new NetServerOptions(), this::connected, this);
  }

  /**
   * Listens. Mail comes first: where that can't be done, as another process on the same spool does
   * it, the log says so and the relay goes on without.
   */
  public Future<Void> open() {
    vertx
        .eventBus()
        .<JsonObject>consumer(
            new BusAddresses(services.relay()).deliveryEvents(), m -> events.happened(m.body()));
    return listeners
        .openPrivately(new ListenAddress.UnixSocket(services.socket().toString()))
        .recover(
            e -> {
              String reason = LogText.escape(String.valueOf(e.getMessage()));
              log.info("no control socket: " + reason);
              return Future.succeededFuture();
            });
  }

  /** Ends all sessions and listens no more. */
  public Future<Void> close() {
    return listeners
        .close()
        .eventually(
            () -> Future.join(List.copyOf(clients).stream().map(NetSocket::close).toList()));
  }

  private void connected(NetSocket socket) {
    if (clients.size() >= MOST_CLIENTS) {
      socket.close();
      return;
    }
    clients.add(socket);
    ControlSession session = new ControlSession(socket, commands, events);
    socket.exceptionHandler(e -> {}); // the close that follows is what matters
    socket.closeHandler(
        v -> {
          clients.remove(socket);
          session.closed();
        });
    session.begin();
  }

  @Override
  public void listening(ListenAddress actual) {
    log.verbose("control socket: " + actual);
  }

  @Override
  public void missing(ListenAddress.Interface wanted) {}

  @Override
  public void failed(Throwable cause) {
    log.warn(String.valueOf(cause.getMessage()));
  }
}
