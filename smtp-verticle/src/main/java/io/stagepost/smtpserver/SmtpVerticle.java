package io.stagepost.smtpserver;

import io.stagepost.bus.BusAddresses;
import io.stagepost.bus.BusMessages.SmtpControl;
import io.stagepost.config.RelaySettings;
import io.stagepost.config.SmtpSettings;
import io.stagepost.config.SmtpSettings.Feature;
import io.stagepost.net.Listeners;
import io.stagepost.smtpserver.Reception.Intake;
import io.stagepost.spool.Spool;
import io.stagepost.telemetry.RelayLog;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
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

  private final Set<SmtpSession> sessions = new LinkedHashSet<>();
  private @Nullable Reception reception;
  private @Nullable Listeners listeners;
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
    Listeners opened = listeners(desk, intake);
    listeners = opened;
    return opened
        .open(settings.listen())
        // stop() is not called then
        .recover(e -> opened.close().transform(v -> Future.failedFuture(e)))
        .onFailure(e -> intake.left());
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
        .compose(v -> listeners == null ? Future.succeededFuture() : listeners.close())
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

  private Listeners listeners(Reception desk, SmtpIntake intake) {
    NetServerOptions options = new NetServerOptions().setTcpNoDelay(true);
    if (!settings.features().contains(Feature.LINGER)) {
      options.setSoLinger(0);
    }
    return new Listeners(
        vertx,
        "smtp." + relay,
        options,
        socket -> connected(desk, socket),
        new ListenerLog(intake, log));
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
