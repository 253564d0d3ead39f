package io.stagepost.pop;

import io.stagepost.net.AddressText;
import io.stagepost.net.ListenAddress;
import io.stagepost.telemetry.RelayLog;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.util.concurrent.TimeUnit;

/**
 * A POP3 server (RFC 1939) without any account: it tells what it can do and lets nobody in.
 *
 * <p>A client that sends nothing for ten minutes is disconnected (RFC 1939 §3).
 */
public final class PopVerticle extends VerticleBase {

  private static final int IDLE_MINUTES = 10;

  private final ListenAddress.Inet listen;
  private final RelayLog log;
  private volatile int port;

  /** A server on one address. */
  public PopVerticle(ListenAddress.Inet listen, RelayLog log) {
    this.listen = listen;
    this.log = log;
  }

  @Override
  public Future<?> start() {
    NetServerOptions options =
        new NetServerOptions()
            .setTcpNoDelay(true)
            .setReadIdleTimeout(IDLE_MINUTES)
            .setIdleTimeoutUnit(TimeUnit.MINUTES);
    return vertx
        .createNetServer(options)
        .connectHandler(this::serve)
        .listen(listen.port(), listen.host())
        .onSuccess(this::announce);
  }

  /** The port that is listened on, once deployed. */
  public int actualPort() {
    return port;
  }

  private void announce(NetServer server) {
    port = server.actualPort();
    log.info("pop server on " + AddressText.of(listen.host(), port));
  }

  private void serve(NetSocket socket) {
    RelayLog sessionLog =
        log.withPeer(AddressText.host(socket.remoteAddress()), socket.remoteAddress().port());
    sessionLog.info("pop connection from " + AddressText.of(socket.remoteAddress()));
    new PopSession(socket, sessionLog).begin();
  }
}
