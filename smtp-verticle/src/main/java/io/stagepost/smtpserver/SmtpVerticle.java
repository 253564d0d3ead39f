package io.stagepost.smtpserver;

import io.stagepost.auth.ServerAuthenticator;
import io.stagepost.bus.BusAddresses;
import io.stagepost.bus.BusMessages.SmtpControl;
import io.stagepost.config.RelaySettings;
import io.stagepost.config.SmtpSettings;
import io.stagepost.events.RelayStore;
import io.stagepost.net.AddressText;
import io.stagepost.net.ListenAddress;
import io.stagepost.net.Listeners;
import io.stagepost.net.ProxyHeader;
import io.stagepost.smtpserver.Reception.Intake;
import io.stagepost.smtpserver.Security.Entry;
import io.stagepost.telemetry.LogText;
import io.stagepost.telemetry.RelayLog;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The SMTP server of a relay. Any number of instances share the listening ports, so that each event
 * loop has its own; {@link SmtpIntake} tells where they listen.
 */
public final class SmtpVerticle extends VerticleBase {

  private static final long GOODBYE_MILLIS = 1_500;
  private static final Duration PROXY_PATIENCE = Duration.ofSeconds(5);

  private final String relay;
  private final Supplier<SmtpSettings> settings;
  private final RelayStore store;
  private final Supplier<SmtpSecurity> security;
  private final RelayLog log;

  private final Set<SmtpSession> sessions = new LinkedHashSet<>();
  private @Nullable Reception reception;
  private final List<Listeners> listeners = new ArrayList<>();
  private @Nullable Promise<Void> allGone;

  /**
   * An instance.
   *
   * @param relay the relay's name on the event bus
   * @param store where messages go, and what happens to them is noted
   * @param security what encrypts, and who clients can be
   */
  public SmtpVerticle(
      String relay, SmtpSettings settings, RelayStore store, SmtpSecurity security) {
    this(relay, () -> settings, store, () -> security);
  }

  /**
   * An instance whose settings may change: each session keeps those that it began with, and where
   * it listens stays as it is.
   *
   * @param relay the relay's name on the event bus
   * @param settings those that hold at the time
   * @param store where messages go, and what happens to them is noted
   * @param security what encrypts, and who clients can be, at the time
   */
  public SmtpVerticle(
      String relay,
      Supplier<SmtpSettings> settings,
      RelayStore store,
      Supplier<SmtpSecurity> security) {
    this.relay = relay;
    this.settings = settings;
    this.store = store;
    this.security = security;
    this.log = RelayLog.of(relay.equals(RelaySettings.DEFAULT_NAME) ? "" : relay);
  }

  @Override
  public Future<?> start() {
    SmtpIntake intake = SmtpIntake.of(vertx, relay);
    IntakeEvents events = new IntakeEvents(vertx.eventBus(), store.events(), relay);
    Reception desk =
        new Reception(
            new Profiles(settings), intake, new ContentVerbs.Store(store.spool(), events), log);
    reception = desk;
    intake.joined();
    vertx
        .eventBus()
        .<SmtpControl>consumer(new BusAddresses(relay).smtpControl(), m -> control(desk, m.body()));
    SmtpSettings now = settings.get();
    return open("smtp", SmtpSecurity::entry, now.listen(), desk)
        .compose(v -> open("smtps", s -> Entry.ENCRYPTED, now.network().submissions(), desk))
        // stop() is not called then
        .recover(e -> closeListeners().transform(v -> Future.failedFuture(e)))
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
    return allGoneWithin(settings.get().timeouts().drain().toMillis())
        .compose(
            v -> {
              List.copyOf(sessions)
                  .forEach(s -> s.expel(Replies.SHUTTING_DOWN, "service shutting down"));
              return allGoneWithin(GOODBYE_MILLIS);
            })
        .compose(v -> closeListeners())
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

  private Future<Void> open(
      String service,
      Function<SmtpSecurity, Entry> entry,
      List<ListenAddress> addresses,
      Reception desk) {
    if (addresses.isEmpty()) {
      return Future.succeededFuture();
    }
    Listeners opened =
        new Listeners(
            vertx,
            service + "." + relay,
            new NetServerOptions().setTcpNoDelay(true),
            socket -> connected(desk, socket, entry),
            new ListenerLog(SmtpIntake.of(vertx, relay), log));
    listeners.add(opened);
    return opened.open(addresses);
  }

  private Future<Void> closeListeners() {
    return Future.join(listeners.stream().map(Listeners::close).toList()).mapEmpty();
  }

  private void connected(
      Reception desk, NetSocket socket, Function<SmtpSecurity, Entry> howToEnter) {
    SocketAddress peer = socket.remoteAddress();
    SmtpSecurity rules = security.get();
    Entry entry = howToEnter.apply(rules);
    if (entry == Entry.ENCRYPTED && rules.tls().isEmpty()) {
      log.warn("connection rejected from " + AddressText.of(peer) + ": no certificate any more");
      socket.close();
      return;
    }
    rules.accounts().ifPresent(ServerAuthenticator::refresh);
    if (!settings.get().network().proxies().contains(AddressText.host(peer))) {
      receive(desk, new Arrival(socket, peer, entry), rules);
      return;
    }
    ProxyHeader.take(socket, PROXY_PATIENCE)
        .onSuccess(client -> receive(desk, new Arrival(socket, client, entry), rules))
        .onFailure(
            e ->
                log.withPeer(AddressText.host(peer), peer.port())
                    .warn(
                        "connection rejected from "
                            + AddressText.of(peer)
                            + ": "
                            + LogText.escape(String.valueOf(e.getMessage()))));
  }

  /**
   * A connection that has been made.
   *
   * @param remote where the client is, which need not be at its other end
   */
  private record Arrival(NetSocket socket, SocketAddress remote, Entry entry) {}

  private void receive(Reception desk, Arrival arrival, SmtpSecurity rules) {
    SmtpSettings now = settings.get();
    NetSocket socket = arrival.socket;
    SocketConnection connection = new SocketConnection(vertx, socket, now.features(), rules.tls());
    Optional<SmtpSession> received = desk.receive(connection, arrival.remote, rules);
    if (received.isEmpty()) {
      socket.handler(ignored -> {}).closeHandler(v -> connection.closed());
      return;
    }
    SmtpSession session = received.get();
    sessions.add(session);
    Watchdog watchdog = new Watchdog(vertx, now.timeouts(), session);
    socket
        .handler(session::received)
        .drainHandler(v -> session.drained())
        .exceptionHandler(e -> {}) // the close that follows is what matters
        .closeHandler(
            v -> {
              watchdog.stop();
              connection.closed();
              // Who reads in the log that it is closed may count on its place.
              desk.gone(session);
              session.closed();
              sessions.remove(session);
              if (sessions.isEmpty() && allGone != null) {
                allGone.tryComplete();
              }
            });
    watchdog.start();
    session.start(arrival.entry);
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
