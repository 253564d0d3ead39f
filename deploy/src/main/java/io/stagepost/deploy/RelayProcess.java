package io.stagepost.deploy;

import io.stagepost.bus.BusMessages;
import io.stagepost.config.ProcessSettings;
import io.stagepost.config.RelaySettings;
import io.stagepost.config.Settings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;

/** All relays of this process, from their start to their orderly end. */
final class RelayProcess {

  private final Vertx vertx;
  private final List<RelayDeployment> relays = new ArrayList<>();

  private RelayProcess(Vertx vertx) {
    this.vertx = vertx;
  }

  /** Starts everything; when any part can't start, what has started is stopped again. */
  static Future<RelayProcess> start(Engine engine, Settings settings) {
    return engine
        .forRelays(settings.process().cluster())
        .map(RelayProcess::new)
        .compose(
            process ->
                process
                    .startRelays(settings)
                    .map(process)
                    .recover(e -> process.stop().transform(done -> Future.failedFuture(e))));
  }

  /** Whether all that the relays were to do was to send once, and no spool has anything. */
  boolean hasNothingToSend() {
    return relays.stream().allMatch(RelayDeployment::hasNothingToSend);
  }

  /** Ends when the first relay was to run once and has done so; never when it was not. */
  Future<Void> oneShot() {
    return relays.getFirst().oneShot();
  }

  /** Ends all relays in an orderly way, then Vert.x. */
  Future<Void> stop() {
    return Future.join(relays.stream().map(RelayDeployment::stop).toList())
        .transform(stopped -> vertx.close());
  }

  private Future<Void> startRelays(Settings settings) {
    BusMessages.registerCodecs(vertx.eventBus());
    Future<Void> started = Future.succeededFuture();
    for (RelaySettings relay : settings.relays()) {
      started = started.compose(v -> startRelay(settings.process(), relay));
    }
    return started;
  }

  private Future<Void> startRelay(ProcessSettings process, RelaySettings settings) {
    RelayDeployment relay = new RelayDeployment(vertx, settings, process.roles());
    relays.add(relay);
    return relay.start();
  }
}
