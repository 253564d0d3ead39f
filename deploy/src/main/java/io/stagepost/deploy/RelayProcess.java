package io.stagepost.deploy;

import io.stagepost.admin.AdminServerVerticle.Steps;
import io.stagepost.bus.BusMessages;
import io.stagepost.config.ConfigurationWatch;
import io.stagepost.config.Live;
import io.stagepost.config.Preparation;
import io.stagepost.config.ProcessSettings;
import io.stagepost.config.ProcessSettings.Role;
import io.stagepost.config.RelaySettings;
import io.stagepost.config.Settings;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All relays of this process, from their start to their orderly end. */
final class RelayProcess implements Preparation {

  private final Vertx vertx;
  private final CommonParts common;
  private final List<RelayDeployment> relays = new ArrayList<>();
  private final Promise<Void> terminated = Promise.promise();
  private @Nullable HttpDeployment console;

  private RelayProcess(Vertx vertx, ProcessSettings settings) {
    this.vertx = vertx;
    this.common = CommonParts.of(vertx, settings);
  }

  /**
   * Starts everything; when any part can't start, what has started is stopped again.
   *
   * @param configuration completes when the configuration file is watched, if there is one
   */
  static Future<RelayProcess> start(
      Engine engine, Live<Settings> settings, Future<ConfigurationWatch> configuration) {
    return engine
        .forRelays(settings.get().process().cluster())
        .map(vertx -> new RelayProcess(vertx, settings.get().process()))
        .compose(
            process ->
                process
                    .startRelays(settings)
                    .compose(v -> process.startConsole(settings.get(), configuration))
                    .map(process)
                    .recover(e -> process.stop().transform(done -> Future.failedFuture(e))));
  }

  /** Whether all that the relays were to do was to send once, and no spool has anything. */
  boolean hasNothingToSend() {
    return relays.stream().allMatch(RelayDeployment::hasNothingToSend);
  }

  /**
   * Ends when the first relay was to run once and has done so, or when an administrator ends the
   * process.
   */
  Future<Void> oneShot() {
    relays
        .getFirst()
        .oneShot()
        .onSuccess(v -> terminated.tryComplete())
        .onFailure(terminated::tryFail);
    return terminated.future();
  }

  /** Ends all relays in an orderly way, then Vert.x. */
  Future<Void> stop() {
    HttpDeployment http = console;
    // Joined, as what completes on an event loop could not complete after the loops have ended.
    return Future.join(http == null ? List.of() : List.of(http.stop()))
        .transform(v -> Future.join(relays.stream().map(RelayDeployment::stop).toList()))
        .transform(stopped -> common.guard().close())
        .transform(closed -> vertx.close());
  }

  @Override
  public Future<Prepared> prepare(Settings next) {
    List<Future<Prepared>> parts = new ArrayList<>();
    for (int i = 0; i < relays.size(); i++) {
      parts.add(relays.get(i).prepare(next.relays().get(i)));
    }
    HttpDeployment http = console;
    if (http != null) {
      parts.add(http.prepare(next));
    }
    return Preparation.all(parts);
  }

  /** What all relays run on. */
  Vertx vertx() {
    return vertx;
  }

  private Future<Void> startConsole(Settings settings, Future<ConfigurationWatch> configuration) {
    if (settings.process().http().isEmpty()
        || !settings.process().roles().contains(Role.ADMIN)
        || hasNothingToSend()) {
      return Future.succeededFuture();
    }
    HttpDeployment http =
        new HttpDeployment(
            vertx, common, settings, settings.process().http().get(), relays, configuration);
    console = http;
    return http.start();
  }

  private Future<Void> startRelays(Live<Settings> settings) {
    BusMessages.registerCodecs(vertx.eventBus());
    Future<Void> started = Future.succeededFuture();
    ProcessSettings process = settings.get().process();
    for (int i = 0; i < settings.get().relays().size(); i++) {
      int index = i; // relays never come or go while the process runs
      Live<RelaySettings> relay = settings.map(all -> all.relays().get(index));
      started = started.compose(v -> startRelay(process, relay));
    }
    return started;
  }

  private Future<Void> startRelay(ProcessSettings process, Live<RelaySettings> settings) {
    Steps steps = relays.isEmpty() ? Steps.SHOWN : Steps.HIDDEN;
    RelayDeployment relay =
        new RelayDeployment(
            vertx, common, settings, process.roles(), steps, () -> terminated.tryComplete());
    relays.add(relay);
    return relay.start();
  }
}
