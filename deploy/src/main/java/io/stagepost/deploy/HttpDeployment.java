package io.stagepost.deploy;

import io.stagepost.admin.console.HttpAdminVerticle;
import io.stagepost.admin.http.HttpServices;
import io.stagepost.auth.ServerAuthenticator;
import io.stagepost.config.ConfigurationWatch;
import io.stagepost.config.HttpSettings;
import io.stagepost.config.HttpSettings.Transport;
import io.stagepost.config.Preparation;
import io.stagepost.config.Preparation.Prepared;
import io.stagepost.config.RelaySettings;
import io.stagepost.config.SecuritySettings;
import io.stagepost.config.Settings;
import io.stagepost.net.tls.ServerTls;
import io.stagepost.telemetry.LogText;
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
  private final RelayLog log = RelayLog.of("");
  // Of the event loops and of whoever changes the configuration; one at a time.
  private volatile @Nullable Encryption encryption;
  private @Nullable HttpAdminVerticle console;
  private @Nullable String deployed;

  private record Encryption(ServerTls.Settings files, ServerTls tls) {}

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
            RelaySecurity.options(first.security(), relays.getFirst().news(), log));
  }

  /** Fails when the accounts, the users, the certificate or the port can't be used. */
  Future<Void> start() {
    return accounts
        .open()
        .compose(v -> encrypted() ? load(files(all)) : Future.succeededFuture())
        .compose(
            loaded -> {
              encryption = loaded;
              HttpAdminVerticle verticle =
                  new HttpAdminVerticle(
                      services(Optional.ofNullable(loaded).map(Encryption::tls)), common.meters());
              console = verticle;
              return vertx.deployVerticle(verticle);
            })
        .map(
            id -> {
              deployed = id;
              return null;
            });
  }

  private HttpServices services(Optional<ServerTls> tls) {
    return new HttpServices(
        all.process(),
        settings,
        relays.stream().map(RelayDeployment::managed).toList(),
        tls,
        accounts,
        state(),
        configuration);
  }

  /** Reads the certificate when other files have become its own. */
  Future<Prepared> prepare(Settings next) {
    Encryption before = encryption;
    if (before == null || files(next).equals(before.files())) {
      return Future.succeededFuture(Preparation.NOTHING);
    }
    return load(files(next)).map(after -> new Change(before, after));
  }

  private final class Change implements Prepared {

    private final Encryption before;
    private final Encryption after;

    Change(Encryption before, Encryption after) {
      this.before = before;
      this.after = after;
    }

    @Override
    public void adopt() {
      encryption = after;
      before.tls().close();
      HttpAdminVerticle verticle = console;
      if (verticle != null) {
        verticle
            .encrypt(after.tls())
            .onFailure(e -> log.error("console: tls: " + LogText.escape(e.toString())));
      }
    }

    @Override
    public void discard() {
      after.tls().close();
    }
  }

  private Path state() {
    return first.spool().directory().toAbsolutePath().resolve(STATE);
  }

  private boolean encrypted() {
    return settings.transport() != Transport.PLAIN;
  }

  // Those of the first relay that has a certificate.
  private static ServerTls.Settings files(Settings settings) {
    SecuritySettings security =
        settings.relays().stream()
            .map(RelaySettings::security)
            .filter(each -> !each.server().certificate().isEmpty())
            .findFirst()
            .orElseThrow();
    return RelaySecurity.files(security);
  }

  private Future<Encryption> load(ServerTls.Settings files) {
    return ServerTls.load(vertx, files, log).map(tls -> new Encryption(files, tls));
  }

  Future<Void> stop() {
    Future<Void> undeployed =
        deployed == null ? Future.succeededFuture() : vertx.undeploy(deployed);
    return undeployed.onComplete(v -> letGo());
  }

  private void letGo() {
    Encryption last = encryption;
    if (last != null) {
      last.tls().close();
    }
  }
}
