package io.stagepost.admin.text;

import io.stagepost.config.SmtpSettings.Clients;
import io.stagepost.net.AddressRanges;
import io.stagepost.net.AddressText;
import io.stagepost.net.ListenAddress;
import io.stagepost.net.Listeners;
import io.stagepost.net.LocalRanges;
import io.stagepost.telemetry.LogText;
import io.stagepost.telemetry.RelayLog;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Listens for clients of text administration. At most 100 are served at once. */
public final class TextServer implements Listeners.Events {

  private static final int MOST_CLIENTS = 100;

  private final Vertx vertx;
  private final Context context;
  private final TextServices services;
  private final RelayLog log;
  private final Listeners listeners;
  private final Set<NetSocket> clients = new HashSet<>();

  /** A server on the caller's context that doesn't listen yet. */
  public TextServer(Vertx vertx, TextServices services) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.services = services;
    this.log = services.log();
    this.listeners =
        new Listeners(
            vertx,
            "admin." + services.relay(),
            new NetServerOptions().setTcpNoDelay(true),
            this::connected,
            this);
  }

  /** Listens where the settings say. */
  public Future<Void> open() {
    return listeners.open(services.settings().listen());
  }

  /** Ends all sessions and listens no more. */
  public Future<Void> close() {
    return listeners
        .close()
        .eventually(
            () -> Future.join(List.copyOf(clients).stream().map(NetSocket::close).toList()));
  }

  private void connected(NetSocket socket) {
    SocketAddress remote = socket.remoteAddress();
    String peer = AddressText.of(remote);
    RelayLog peerLog = log.withPeer(AddressText.host(remote), Math.max(0, remote.port()));
    if (services.settings().clients() == Clients.LOCAL && !LocalRanges.contains(remote)) {
      peerLog.warn(
          "configured to reject non-local admin connection: "
              + AddressText.host(remote)
              + " is not in "
              + AddressRanges.LOCAL);
      socket.close();
      return;
    }
    if (clients.size() >= MOST_CLIENTS) {
      peerLog.warn("connection rejected from " + peer + ": too many connections");
      socket.close();
      return;
    }
    peerLog.info("admin connection from " + peer);
    clients.add(socket);
    TextSession session =
        new TextSession(socket, context, commandsFor(peer, peerLog), services.activity(), peerLog);
    socket.exceptionHandler(e -> {}); // the close that follows is what matters
    socket.closeHandler(
        v -> {
          clients.remove(socket);
          session.closed();
          String reason = session.reason().isEmpty() ? "" : ": " + session.reason();
          peerLog.info("admin connection closed" + reason + ": " + peer);
        });
    session.begin();
  }

  private TextSession.Commands commandsFor(String peer, RelayLog peerLog) {
    Runnable terminate =
        () -> {
          peerLog.info("received a terminate command from " + peer);
          services.terminate().run();
        };
    return out -> new TextCommands(vertx, services, out, terminate);
  }

  @Override
  public void listening(ListenAddress actual) {
    log.info("admin server on " + actual);
  }

  @Override
  public void missing(ListenAddress.Interface wanted) {
    log.warn(
        "no address on interface " + LogText.quote(wanted.name()) + ": waiting until there is one");
  }

  @Override
  public void failed(Throwable cause) {
    log.warn(String.valueOf(cause.getMessage()));
  }
}
