package io.stagepost.forwarder;

import io.stagepost.bus.BusAddresses;
import io.stagepost.bus.BusMessages.FlushRequest;
import io.stagepost.bus.BusMessages.ImmediateRequest;
import io.stagepost.bus.BusMessages.RunRequest;
import io.stagepost.bus.BusMessages.SessionClosed;
import io.stagepost.bus.BusMessages.Stored;
import io.stagepost.config.ForwardSettings;
import io.stagepost.config.ForwardSettings.Trigger;
import io.stagepost.config.Live;
import io.stagepost.config.Preparation.Prepared;
import io.stagepost.config.RelaySettings;
import io.stagepost.config.SecuritySettings;
import io.stagepost.events.EventLog;
import io.stagepost.events.RelayStore;
import io.stagepost.spool.MessageId;
import io.stagepost.spool.Spool;
import io.stagepost.telemetry.RelayLog;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.EventBus;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Sends on what is in the spool. One instance serves a relay, on one event loop; several processes
 * may forward from one spool, as each message is claimed first.
 */
public final class ForwarderVerticle extends VerticleBase {

  private final String relay;
  private final Live<ForwardSettings> settings;
  private final SecuritySettings security;
  private final Spool spool;
  private final EventLog events;
  private final Duration patience;
  private ForwardScheduler scheduler;
  private Delivery delivery;
  private ImmediateDesk immediate;
  private FlushDesk flush;
  private SessionFactory sessions;
  private Runnable unfollow = () -> {};

  /**
   * A forwarder.
   *
   * @param relay the relay's name
   * @param store is open, and stays so until this is undeployed; of each outcome the event log is
   *     told before the spool
   */
  public ForwarderVerticle(
      String relay, ForwardSettings settings, SecuritySettings security, RelayStore store) {
    this(relay, Live.of(settings), security, store);
  }

  /**
   * A forwarder whose settings may change: messages follow them from the moment that they are
   * claimed, connections from the moment that they are made.
   *
   * @param relay the relay's name
   * @param store is open, and stays so until this is undeployed
   */
  public ForwarderVerticle(
      String relay, Live<ForwardSettings> settings, SecuritySettings security, RelayStore store) {
    this(relay, settings, security, store, Duration.ofSeconds(5));
  }

  /**
   * A forwarder that is not stopped in the usual time.
   *
   * @param patience how long transfers under way may take to end when this is stopped
   */
  public ForwarderVerticle(
      String relay,
      Live<ForwardSettings> settings,
      SecuritySettings security,
      RelayStore store,
      Duration patience) {
    this.relay = relay;
    this.settings = settings;
    this.security = security;
    this.spool = store.spool();
    this.events = store.events();
    this.patience = patience;
  }

  @Override
  public Future<?> start() {
    RelayLog log = RelayLog.of(relay.equals(RelaySettings.DEFAULT_NAME) ? "" : relay);
    return ClientSecurity.load(vertx, security, settings.get().timeouts().connect(), log)
        .onSuccess(loaded -> begin(loaded, log));
  }

  private void begin(ClientSecurity loaded, RelayLog log) {
    EventBus bus = vertx.eventBus();
    sessions = new SessionFactory(vertx, settings, loaded, log);
    Recorder recorder =
        new Recorder(vertx, events, relay, () -> settings.get().temporaryFailures(), log);
    Services services = new Services(vertx, sessions, recorder, new HopHealth(), log);
    delivery = new ChosenDelivery(services);
    immediate = new ImmediateDesk(services, spool);
    flush = new FlushDesk(services, spool);
    Dispatch dispatch = new Dispatch(spool, delivery, services);
    scheduler = new ForwardScheduler(vertx, settings, spool, dispatch, log);
    listen(bus, new BusAddresses(relay));
    settings.get().nextHop().ifPresent(hop -> log.info("forwarding to " + hop));
    scheduler.start();
    follow(log);
  }

  /**
   * How the run of {@link Trigger#ONE_SHOT} ended: succeeds also when messages failed, and fails
   * with the reason in its message when the run was aborted.
   */
  public Future<Void> completion() {
    return scheduler.completion();
  }

  /** Reads what changed settings of security name; sessions that begin later go by it. */
  public Future<Prepared> prepare(RelaySettings next) {
    RelayLog log = RelayLog.of(next.unit());
    return ClientSecurity.load(vertx, next.security(), next.forward().timeouts().connect(), log)
        .map(loaded -> new Read(context, sessions, loaded));
  }

  private record Read(Context context, SessionFactory sessions, ClientSecurity loaded)
      implements Prepared {

    @Override
    public void adopt() {
      context.runOnContext(v -> sessions.protect(loaded));
    }

    @Override
    public void discard() {
      loaded.close();
    }
  }

  private void follow(RelayLog log) {
    Context here = context;
    AtomicReference<ForwardSettings> before = new AtomicReference<>(settings.get());
    unfollow = settings.follow(changed -> here.runOnContext(v -> changed(before, log)));
  }

  private void changed(AtomicReference<ForwardSettings> before, RelayLog log) {
    ForwardSettings now = settings.get();
    ForwardSettings old = before.getAndSet(now);
    if (!now.nextHop().equals(old.nextHop())) {
      now.nextHop().ifPresent(hop -> log.info("forwarding to " + hop));
    }
    scheduler.changed(old);
  }

  @Override
  public Future<?> stop() {
    unfollow.run();
    Future<Void> finished =
        Future.join(scheduler.stop(), delivery.stop(), immediate.stop(), flush.stop()).mapEmpty();
    return finished
        .timeout(Math.max(1, patience.toMillis()), TimeUnit.MILLISECONDS)
        .recover(
            late -> {
              delivery.abandon();
              immediate.abandon();
              flush.abandon();
              // What is being connected even now is given back when the spool is closed.
              return finished.timeout(1, TimeUnit.SECONDS).otherwiseEmpty();
            })
        .eventually(() -> sessions.close());
  }

  private void listen(EventBus bus, BusAddresses addresses) {
    Context here = context;
    bus.<Stored>consumer(addresses.messageStored(), m -> arrived(m.body().id()));
    spool.onArrival(id -> here.runOnContext(v -> arrived(id)));
    bus.<SessionClosed>consumer(addresses.sessionClosed(), m -> sessionClosed(m.body()));
    bus.<RunRequest>consumer(
        addresses.forwardRun(),
        m -> {
          scheduler.triggerAfterRescan(m.body().reason());
          m.reply(null);
        });
    bus.<FlushRequest>consumer(addresses.forwardFlush(), m -> flush.run().onSuccess(m::reply));
    bus.<ImmediateRequest>consumer(
        addresses.forwardImmediate(), m -> immediate.send(m.body()).onSuccess(m::reply));
  }

  private void arrived(MessageId id) {
    if (settings.get().triggers().contains(Trigger.ARRIVAL)) {
      scheduler.arrived(id);
    }
  }

  private void sessionClosed(SessionClosed closed) {
    immediate.closed(closed.session());
    if (settings.get().triggers().contains(Trigger.DISCONNECT)) {
      scheduler.trigger("client disconnect");
    }
  }
}
