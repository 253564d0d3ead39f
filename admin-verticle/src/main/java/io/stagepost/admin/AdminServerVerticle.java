package io.stagepost.admin;

import io.stagepost.admin.control.ControlServer;
import io.stagepost.admin.control.ControlServices;
import io.stagepost.admin.queue.ForwardDesk;
import io.stagepost.admin.queue.QueueDesk;
import io.stagepost.admin.text.TextServer;
import io.stagepost.admin.text.TextServices;
import io.stagepost.config.AdminSettings;
import io.stagepost.config.Live;
import io.stagepost.config.RelaySettings;
import io.stagepost.events.RelayStore;
import io.stagepost.net.ActivityFeed;
import io.stagepost.telemetry.RelayLog;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The ways in for operators: text administration and the control socket. One instance serves a
 * relay.
 */
public final class AdminServerVerticle extends VerticleBase {

  private final Live<RelaySettings> live;
  private final RelayStore store;
  private final Steps steps;
  private final Runnable terminate;
  private @Nullable TextServer text;
  private @Nullable ControlServer control;

  /** Whether {@code notify} shows the steps of connections, which are the whole process's. */
  public enum Steps {
    SHOWN,
    HIDDEN
  }

  /**
   * The ways into a relay.
   *
   * @param live its settings, which may change; where it listens stays as it is
   * @param store is open, and stays so until this is undeployed
   * @param terminate ends the process
   */
  public AdminServerVerticle(
      Live<RelaySettings> live, RelayStore store, Steps steps, Runnable terminate) {
    this.live = live;
    this.store = store;
    this.steps = steps;
    this.terminate = terminate;
  }

  @Override
  public Future<?> start() {
    RelaySettings relay = live.get();
    RelayLog log = RelayLog.of(relay.unit());
    AdminSettings settings = relay.admin();
    QueueDesk queue = new QueueDesk(relay.name(), store, vertx.eventBus());
    ForwardDesk forwarding = new ForwardDesk(vertx.eventBus(), relay.name(), this::obstacle);
    Optional<ActivityFeed> activity =
        steps == Steps.SHOWN ? Optional.of(ActivityFeed.of(vertx)) : Optional.empty();
    TextServer lines =
        new TextServer(
            vertx,
            new TextServices(
                relay.name(),
                relay.smtp().product(),
                () -> live.get().admin(),
                queue,
                forwarding,
                activity,
                terminate,
                log));
    text = lines;
    return lines
        .open()
        // stop() is not called then
        .recover(e -> lines.close().transform(v -> Future.failedFuture(e)))
        .compose(
            v ->
                settings
                    .control()
                    .map(
                        socket ->
                            new ControlServer(
                                vertx,
                                new ControlServices(relay.name(), socket, queue, forwarding, log)))
                    .map(this::open)
                    .orElseGet(Future::succeededFuture));
  }

  private Future<Void> open(ControlServer server) {
    control = server;
    return server.open();
  }

  private Optional<String> obstacle() {
    return obstacle(live.get());
  }

  /** Why a relay with these settings never forwards anything, if so. */
  public static Optional<String> obstacle(RelaySettings relay) {
    if (relay.forward().nextHop().isEmpty()) {
      return Optional.of("no remote server configured: use --forward-to");
    }
    return relay.held().map(why -> "nothing is forwarded: " + why);
  }

  @Override
  public Future<?> stop() {
    Future<Void> closed = text == null ? Future.succeededFuture() : text.close();
    return control == null ? closed : closed.eventually(control::close);
  }
}
