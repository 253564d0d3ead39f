package io.stagepost.forwarder;

import io.stagepost.bus.BusAddresses;
import io.stagepost.bus.BusMessages.ImmediateRequest;
import io.stagepost.bus.BusMessages.RunRequest;
import io.stagepost.bus.BusMessages.SessionClosed;
import io.stagepost.bus.BusMessages.Stored;
import io.stagepost.config.ForwardSettings;
import io.stagepost.config.ForwardSettings.Trigger;
import io.stagepost.config.RelaySettings;
import io.stagepost.spool.Spool;
import io.stagepost.telemetry.RelayLog;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.EventBus;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Sends on what is in the spool. One instance serves a relay, on one event loop; several processes
 * may forward from one spool, as each message is claimed first.
 */
public final class ForwarderVerticle extends VerticleBase {

  private final String relay;
  private final ForwardSettings settings;
  private final Spool spool;
  private final Duration patience;
  private ForwardScheduler scheduler;
  private Delivery delivery;
  private ImmediateDesk immediate;
  private SessionFactory sessions;

  /**
   * A forwarder.
   *
   * @param relay the relay's name
   * @param spool is open, and stays so until this is undeployed
   */
  public ForwarderVerticle(String relay, ForwardSettings settings, Spool spool) {
    this(relay, settings, spool, Duration.ofSeconds(5));
  }

  /**
   * A forwarder that is not stopped in the usual time.
   *
   * @param patience how long transfers under way may take to end when this is stopped
   */
  public ForwarderVerticle(String relay, ForwardSettings settings, Spool spool, Duration patience) {
    this.relay = relay;
    this.settings = settings;
    this.spool = spool;
    this.patience = patience;
  }

  @Override
  public Future<?> start() {
    RelayLog log = RelayLog.of(relay.equals(RelaySettings.DEFAULT_NAME) ? "" : relay);
    EventBus bus = vertx.eventBus();
    sessions = new SessionFactory(vertx, settings, log);
    Recorder recorder = new Recorder(bus, relay, settings.temporaryFailures(), log);
    Services services = new Services(vertx, sessions, recorder, new HopHealth(), log);
    delivery =
        settings.connections() == 1 ? new SingleConnection(services) : new HopPools(services);
    immediate = new ImmediateDesk(services, spool);
    Dispatch dispatch = new Dispatch(spool, delivery, services);
    scheduler = new ForwardScheduler(vertx, settings, spool, dispatch, log);
    listen(bus, new BusAddresses(relay));
    settings.nextHop().ifPresent(hop -> log.info("forwarding to " + hop));
    scheduler.start();
    return Future.succeededFuture();
  }

  /**
   * How the run of {@link Trigger#ONE_SHOT} ended: succeeds also when messages failed, and fails
   * with the reason in its message when the run was aborted.
   */
  public Future<Void> completion() {
    return scheduler.completion();
  }

  @Override
  public Future<?> stop() {
    Future<Void> finished =
        Future.join(scheduler.stop(), delivery.stop(), immediate.stop()).mapEmpty();
    return finished
        .timeout(Math.max(1, patience.toMillis()), TimeUnit.MILLISECONDS)
        .recover(
            late -> {
              delivery.abandon();
              immediate.abandon();
              // What is being connected even now is given back when the spool is closed.
              return finished.timeout(1, TimeUnit.SECONDS).otherwiseEmpty();
            })
        .eventually(() -> sessions.close());
  }

  private void listen(EventBus bus, BusAddresses addresses) {
    Context here = context;
    if (settings.triggers().contains(Trigger.ARRIVAL)) {
      bus.<Stored>consumer(addresses.messageStored(), m -> scheduler.arrived(m.body().id()));
      spool.onArrival(id -> here.runOnContext(v -> scheduler.arrived(id)));
    }
    bus.<SessionClosed>consumer(addresses.sessionClosed(), m -> sessionClosed(m.body()));
    bus.<RunRequest>consumer(
        addresses.forwardRun(),
        m -> {
          scheduler.triggerAfterRescan(m.body().reason());
          m.reply(null);
        });
    bus.<ImmediateRequest>consumer(
        addresses.forwardImmediate(), m -> immediate.send(m.body()).onSuccess(m::reply));
  }

  private void sessionClosed(SessionClosed closed) {
    immediate.closed(closed.session());
    if (settings.triggers().contains(Trigger.DISCONNECT)) {
      scheduler.trigger("client disconnect");
    }
  }
}
