package io.stagepost.deploy;

import io.stagepost.auth.LoginGuard;
import io.stagepost.auth.SecurityEvents;
import io.stagepost.auth.ServerAuthenticator;
import io.stagepost.config.PopSettings;
import io.stagepost.config.Preparation;
import io.stagepost.config.Preparation.Prepared;
import io.stagepost.config.RelaySettings;
import io.stagepost.config.SecuritySettings;
import io.stagepost.events.RelayStore;
import io.stagepost.net.tls.ServerTls;
import io.stagepost.pop.Access;
import io.stagepost.pop.PopVerticle;
import io.stagepost.pop.Profile;
import io.stagepost.telemetry.RelayLog;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The POP3 server of a relay: its accounts and its verticles. */
final class PopDeployment {

  private static final String PAM = "pam:";

  private final Vertx vertx;
  private final LoginGuard guard;
  private final RelayStore store;
  private final SecurityEvents events;
  private final RelayLog log;
  private final Supplier<Optional<ServerTls>> tls;
  private final String relay;
  private volatile Loaded now;
  private @Nullable String deployed;

  /** Settings, and the accounts that they name. */
  private record Loaded(
      PopSettings settings, SecuritySettings security, ServerAuthenticator accounts) {

    private Access access(Optional<ServerTls> tls) {
      return new Access(accounts, tls, clear());
    }

    private Access.Clear clear() {
      SecuritySettings.Server server = security.server();
      if (server.need() == SecuritySettings.Need.REQUIRED
          && settings.has(PopSettings.Feature.TLSREQUIRED)) {
        return Access.Clear.NOTHING;
      }
      return switch (server.clearPasswords()) {
        case OFFERED -> Access.Clear.ANYTHING;
        case WITHHELD -> Access.Clear.NO_PASSWORDS;
      };
    }
  }

  /**
   * A server that doesn't listen yet.
   *
   * @param settings with a part about POP
   * @param tls what encrypts at the time
   */
  PopDeployment(
      Vertx vertx,
      LoginGuard guard,
      RelaySettings settings,
      RelayStore store,
      SecurityEvents events,
      Supplier<Optional<ServerTls>> tls) {
    this.vertx = vertx;
    this.guard = guard;
    this.relay = settings.name();
    this.store = store;
    this.events = events;
    this.log = RelayLog.of(settings.unit());
    this.tls = tls;
    this.now = loaded(settings);
  }

  /** Fails when the accounts or a port can't be used. */
  Future<Void> start(int instances) {
    return now.accounts.open().onSuccess(v -> tellAccounts()).compose(v -> deploy(instances));
  }

  /** Reads the accounts of changed settings. */
  Future<Prepared> prepare(RelaySettings next) {
    if (next.pop().isEmpty()) {
      return Future.succeededFuture(Preparation.NOTHING);
    }
    Loaded changed = loaded(next);
    return changed.accounts.open().map(new Change(changed));
  }

  private final class Change implements Prepared {

    private final Loaded changed;

    Change(Loaded changed) {
      this.changed = changed;
    }

    @Override
    public void adopt() {
      now = changed;
    }

    @Override
    public void discard() {}
  }

  private Loaded loaded(RelaySettings settings) {
    PopSettings pop = settings.pop().orElseThrow();
    return new Loaded(
        pop,
        settings.security(),
        ServerAuthenticator.create(
            guard, pop.accounts(), RelaySecurity.options(settings.security(), events, log)));
  }

  private void tellAccounts() {
    String accounts = now.settings.accounts();
    if (!accounts.equals(PAM)) {
      log.info("pop server authentication secrets from \"" + accounts + '"');
    }
  }

  private Profile profile() {
    Loaded loaded = now;
    return new Profile(loaded.settings, loaded.access(tls.get()));
  }

  private Future<Void> deploy(int instances) {
    return vertx
        .deployVerticle(
            () -> new PopVerticle(relay, this::profile, store),
            new DeploymentOptions().setInstances(instances))
        .map(
            id -> {
              deployed = id;
              return null;
            });
  }

  Future<Void> stop() {
    return deployed == null ? Future.succeededFuture() : vertx.undeploy(deployed);
  }
}
