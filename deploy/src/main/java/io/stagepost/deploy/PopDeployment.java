package io.stagepost.deploy;

import io.stagepost.auth.MechanismRules;
import io.stagepost.auth.SecurityEvents;
import io.stagepost.auth.ServerAuthOptions;
import io.stagepost.auth.ServerAuthenticator;
import io.stagepost.config.PopSettings;
import io.stagepost.config.RelaySettings;
import io.stagepost.config.SecuritySettings;
import io.stagepost.events.RelayStore;
import io.stagepost.net.tls.ServerTls;
import io.stagepost.pop.Access;
import io.stagepost.pop.PopVerticle;
import io.stagepost.telemetry.RelayLog;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The POP3 server of a relay: its accounts and its verticles. */
final class PopDeployment {

  private static final String PAM = "pam:";

  private final Vertx vertx;
  private final RelaySettings relay;
  private final PopSettings settings;
  private final RelayStore store;
  private final RelayLog log;
  private final ServerAuthenticator accounts;
  private @Nullable String deployed;

  PopDeployment(
      Vertx vertx,
      RelaySettings relay,
      PopSettings settings,
      RelayStore store,
      SecurityEvents events) {
    this.vertx = vertx;
    this.relay = relay;
    this.settings = settings;
    this.store = store;
    this.log = RelayLog.of(relay.unit());
    this.accounts =
        ServerAuthenticator.create(
            vertx,
            settings.accounts(),
            new ServerAuthOptions(
                MechanismRules.parse(relay.security().server().mechanisms()),
                relay.security().guard().modern(),
                relay.security().guard().throttle(),
                events,
                log));
  }

  /** Fails when the accounts or a port can't be used. */
  Future<Void> start(int instances, Optional<ServerTls> tls) {
    return accounts
        .open()
        .onSuccess(v -> tellAccounts())
        .compose(v -> deploy(instances, new Access(accounts, tls, clear())));
  }

  private void tellAccounts() {
    if (!settings.accounts().equals(PAM)) {
      log.info("pop server authentication secrets from \"" + settings.accounts() + '"');
    }
  }

  private Future<Void> deploy(int instances, Access access) {
    return vertx
        .deployVerticle(
            () -> new PopVerticle(relay.name(), settings, access, store),
            new DeploymentOptions().setInstances(instances))
        .map(
            id -> {
              deployed = id;
              return null;
            });
  }

  private Access.Clear clear() {
    SecuritySettings.Server server = relay.security().server();
    if (server.need() == SecuritySettings.Need.REQUIRED
        && settings.has(PopSettings.Feature.TLSREQUIRED)) {
      return Access.Clear.NOTHING;
    }
    return switch (server.clearPasswords()) {
      case OFFERED -> Access.Clear.ANYTHING;
      case WITHHELD -> Access.Clear.NO_PASSWORDS;
    };
  }

  Future<Void> stop() {
    Future<Void> undeployed =
        deployed == null ? Future.succeededFuture() : vertx.undeploy(deployed);
    return undeployed.eventually(accounts::close);
  }
}
