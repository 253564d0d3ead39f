package io.stagepost.deploy;

import io.stagepost.admin.console.HttpAdminVerticle;
import io.stagepost.admin.http.HttpServices;
import io.stagepost.auth.ServerAuthenticator;
import io.stagepost.config.ConfigurationWatch;
import io.stagepost.config.HttpSettings;
import io.stagepost.config.HttpSettings.Transport;
import io.stagepost.config.RelaySettings;
import io.stagepost.config.SecuritySettings;
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
  private final Settings all;
  private final HttpSettings settings;
  private final List<RelayDeployment> relays;
  private final Future<ConfigurationWatch> configuration;
  private final CommonParts common;
  private final RelaySettings first;
  private final ServerAuthenticator accounts;
  private Optional<ServerTls> tls = Optional.empty();
  private @Nullable String deployed;

  HttpDeployment(
      Vertx vertx,
      CommonParts common,
      Settings all,
      HttpSettings settings,
      List<RelayDeployment> relays,
      Future<ConfigurationWatch> configuration) {
    this.vertx = vertx;
    this.all = all;
    this.settings = settings;
    this.relays = List.copyOf(relays);
    this.configuration = configuration;
    this.common = common;
    this.first = all.relays().getFirst();
    this.accounts =
        ServerAuthenticator.create(
            common.guard(),
            settings.accounts(),
            RelaySecurity.options(first.security(), relays.getFirst().news(), RelayLog.of("")));
  }

  /** Fails when the accounts, the users, the certificate or the port can't be used. */
  Future<Void> start() {
    return accounts
        .open()
        .compose(v -> tls())
        .compose(
            loaded ->
                vertx.deployVerticle(
                    new HttpAdminVerticle(
                        new HttpServices(
                            all.process(),
                            settings,
                            relays.stream().map(RelayDeployment::managed).toList(),
                            loaded,
                            accounts,
                            state(),
                            configuration),
                        common.meters())))
        .map(
            id -> {
              deployed = id;
              return null;
            });
  }

  private Path state() {
    return first.spool().directory().toAbsolutePath().resolve(STATE);
  }

  // That of the first relay that has one.
  private Future<Optional<ServerTls>> tls() {
    if (settings.transport() == Transport.PLAIN) {
      return Future.succeededFuture(Optional.empty());
    }
    SecuritySettings security =
        all.relays().stream()
            .map(RelaySettings::security)
            .filter(each -> !each.server().certificate().isEmpty())
            .findFirst()
            .orElseThrow();
    return ServerTls.load(vertx, RelaySecurity.files(security), RelayLog.of(""))
        .onSuccess(loaded -> tls = Optional.of(loaded))
        .map(Optional::of);
  }

  Future<Void> stop() {
    Future<Void> undeployed =
        deployed == null ? Future.succeededFuture() : vertx.undeploy(deployed);
    return undeployed.onComplete(v -> tls.ifPresent(ServerTls::close));
  }
}
