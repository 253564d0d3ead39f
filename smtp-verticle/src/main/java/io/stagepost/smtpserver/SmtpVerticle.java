package io.stagepost.smtpserver;

import io.stagepost.bus.BusAddresses;
import io.stagepost.bus.BusMessages.SmtpControl;
import io.stagepost.config.RelaySettings;
import io.stagepost.config.SmtpSettings;
import io.stagepost.config.SmtpSettings.Feature;
import io.stagepost.net.ListenAddress;
import io.stagepost.smtpserver.Reception.Intake;
import io.stagepost.spool.Spool;
import io.stagepost.telemetry.RelayLog;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The SMTP server of a relay. Any number of instances share the listening ports, so that each event
 * loop has its own; {@link SmtpIntake} tells where they listen.
 */
public final class SmtpVerticle extends VerticleBase {

  private static final long GOODBYE_MILLIS = 1_500;

  private final String relay;
  private final SmtpSettings settings;
  private final Spool spool;
  private final RelayLog log;

  private final List<NetServer> servers = new ArrayList<>();
  private final Set<SmtpSession> sessions = new LinkedHashSet<>();
  private @Nullable Reception reception;
  private @Nullable Promise<Void> allGone;

  /**
   * An instance.
   *
   * @param relay the relay's name on the event bus
   * @param spool where messages go; opened and closed by others
   */
  public SmtpVerticle(String relay, SmtpSettings settings, Spool spool) {
    this.relay = relay;
    this.settings = settings;
    this.spool = spool;
    this.log = RelayLog.of(relay.equals(RelaySettings.DEFAULT_NAME) ? "" : relay);
  }

  @Override
  public Future<?> start() {
    SmtpIntake intake = SmtpIntake.of(vertx, relay);
    IntakeEvents events = new IntakeEvents(vertx.eventBus(), relay);
    Reception desk =
        new Reception(new Profile(settings), intake, new ContentVerbs.Store(spool, events), log);
    reception = desk;
    intake.joined();
    vertx
        .eventBus()
        .<SmtpControl>consumer(new BusAddresses(relay).smtpControl(), m -> control(desk, m.body()));
    Future<Void> all = Future.succeededFuture();
    for (int i = 0; i < settings.listen().size(); i++) {
      int index = i;
      all = all.compose(v -> listen(desk, intake, index));
    }
    return all.onFailure(e -> intake.left()); // stop() is not called then
  }

  /** New clients get 421, messages under way are finished, then everything is closed. */
  @Override
  public Future<?> stop() {
    Reception desk = reception;
    if (desk != null) {
      desk.become(Intake.STOPPING);
    }
    List.copyOf(sessions).forEach(SmtpSession::drain);
    return allGoneWithin(settings.timeouts().drain().toMillis())
        .compose(
            v -> {
              List.copyOf(sessions)
                  .forEach(s -> s.expel(Replies.SHUTTING_DOWN, "service shutting down"));
              return allGoneWithin(GOODBYE_MILLIS);
            })
        .compose(v -> Future.join(servers.stream().map(NetServer::close).toList()))
        .eventually(
            () -> {
              SmtpIntake.of(vertx, relay).left();
              return Future.succeededFuture();
            });
  }

  private void control(Reception desk, SmtpControl control) {
    desk.become(control == SmtpControl.DISABLE ? Intake.DISABLED : Intake.OPEN);
    if (SmtpIntake.of(vertx, relay).ordered(control)) {
      log.info("smtp server " + (control == SmtpControl.DISABLE ? "disabled" : "enabled"));
    }
  }

  private Future<Void> listen(Reception desk, SmtpIntake intake, int index) {
    if (!(settings.listen().get(index) instanceof ListenAddress.Inet address)) {
      return Future.failedFuture("cannot listen on " + settings.listen().get(index));
    }
    NetServerOptions options =
        new NetServerOptions()
            .setHost(address.host())
            // For Vert.x a negative port is any free one that the instances share.
            .setPort(address.port() == 0 ? -1 - index : address.port())
            .setTcpNoDelay(true);
    if (!settings.features().contains(Feature.LINGER)) {
      options.setSoLinger(0);
    }
    NetServer server = vertx.createNetServer(options);
    servers.add(server);
    return server
        .connectHandler(socket -> connected(desk, socket))
        .listen()
        .map(
            bound -> {
              if (intake.listens(address, bound.actualPort())) {
                log.info(
                    "smtp server on " + new ListenAddress.Inet(address.host(), bound.actualPort()));
              }
              return null;
            });
  }

  private void connected(Reception desk, NetSocket socket) {
    SocketConnection connection = new SocketConnection(vertx, socket, settings.features());
    Optional<SmtpSession> received = desk.receive(connection, socket.remoteAddress());
    if (received.isEmpty()) {
      socket.handler(ignored -> {}).closeHandler(v -> connection.closed());
      return;
    }
    SmtpSession session = received.get();
    sessions.add(session);
    Watchdog watchdog = new Watchdog(vertx, settings.timeouts(), session);
    socket
        .handler(session::received)
        .drainHandler(v -> session.drained())
        .exceptionHandler(e -> {}) // the close that follows is what matters
        .closeHandler(
            v -> {
              watchdog.stop();
              connection.closed();
              session.closed();
              desk.gone(session);
              sessions.remove(session);
              if (sessions.isEmpty() && allGone != null) {
                allGone.tryComplete();
              }
            });
    watchdog.start();
    session.start();
  }

  private Future<Void> allGoneWithin(long millis) {
    if (sessions.isEmpty()) {
      return Future.succeededFuture();
    }
    Promise<Void> gone = Promise.promise();
    allGone = gone;
    long timer = vertx.setTimer(Math.max(1, millis), t -> gone.tryComplete());
    return gone.future().onComplete(v -> vertx.cancelTimer(timer));
  }
}
