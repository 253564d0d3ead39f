package io.stagepost.deploy;

import io.stagepost.admin.http.HttpAdminVerticle;
import io.stagepost.admin.http.HttpServices;
import io.stagepost.admin.metrics.Meters;
import io.stagepost.auth.MechanismRules;
import io.stagepost.auth.ServerAuthOptions;
import io.stagepost.auth.ServerAuthenticator;
import io.stagepost.config.ConfigurationWatch;
import io.stagepost.config.HttpSettings;
import io.stagepost.config.HttpSettings.Transport;
import io.stagepost.config.ProcessSettings;
import io.stagepost.config.RelaySettings;
import io.stagepost.config.Settings;
import io.stagepost.net.tls.ServerTls;
import io.stagepost.telemetry.RelayLog;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The console of the process: its accounts and its verticle. */
final class HttpDeployment {

  private static final String STATE = ".stagepost/console";

  private final Vertx vertx;
  private final ProcessSettings process;
  private final HttpSettings settings;
  private final List<RelayDeployment> relays;
  private final Future<ConfigurationWatch> configuration;
  private final Optional<Meters> meters;
  private final RelaySettings first;
  private final ServerAuthenticator accounts;
  private @Nullable String deployed;

  HttpDeployment(
      Vertx vertx,
      Settings all,
      HttpSettings settings,
      List<RelayDeployment> relays,
      Future<ConfigurationWatch> configuration,
      Optional<Meters> meters) {
    this.vertx = vertx;
    this.process = all.process();
    this.settings = settings;
    this.relays = List.copyOf(relays);
    this.configuration = configuration;
    this.meters = meters;
    this.first = all.relays().getFirst();
    this.accounts =
        ServerAuthenticator.create(
            vertx,
            settings.accounts(),
            new ServerAuthOptions(
                MechanismRules.parse(first.security().server().mechanisms()),
                first.security().guard().modern(),
                first.security().guard().throttle(),
                relays.getFirst().news(),
                RelayLog.of("")));
  }

  /** Fails when the accounts, the users, the certificate or the port can't be used. */
  Future<Void> start() {
    return accounts
        .open()
        .compose(v -> tls(0))
        .compose(
            tls ->
                vertx.deployVerticle(
                    new HttpAdminVerticle(
                        new HttpServices(
                            process,
                            settings,
                            relays.stream().map(RelayDeployment::managed).toList(),
                            tls,
                            accounts,
                            state(),
                            configuration,
                            meters))))
        .map(
            id -> {
              deployed = id;
              return null;
            });
  }

  private Path state() {
    return first.spool().directory().toAbsolutePath().resolve(STATE);
  }

  // The first that there is.
  private Future<Optional<ServerTls>> tls(int index) {
    if (settings.transport() == Transport.PLAIN || index == relays.size()) {
      return Future.succeededFuture(Optional.empty());
    }
    return relays
        .get(index)
        .tls()
        .compose(tls -> tls.isPresent() ? Future.succeededFuture(tls) : tls(index + 1));
  }

  Future<Void> stop() {
    Future<Void> undeployed =
        deployed == null ? Future.succeededFuture() : vertx.undeploy(deployed);
    return undeployed.eventually(accounts::close);
  }
}
