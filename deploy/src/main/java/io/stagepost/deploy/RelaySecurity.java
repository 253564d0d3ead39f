package io.stagepost.deploy;

import io.stagepost.auth.MechanismRules;
import io.stagepost.auth.SecurityEvents;
import io.stagepost.auth.SenderRules;
import io.stagepost.auth.ServerAuthOptions;
import io.stagepost.auth.ServerAuthenticator;
import io.stagepost.config.SecuritySettings;
import io.stagepost.net.tls.ServerTls;
import io.stagepost.smtpserver.SmtpSecurity;
import io.stagepost.telemetry.RelayLog;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Optional;

/** Certificates and accounts of one relay, from its start to its end. */
final class RelaySecurity {

  private static final Duration HANDSHAKE = Duration.ofSeconds(60);

  private final Vertx vertx;
  private final SecuritySettings settings;
  private final SecurityEvents events;
  private final RelayLog log;
  private Optional<ServerTls> serverTls = Optional.empty();
  private Optional<ServerAuthenticator> accounts = Optional.empty();

  private SenderRules senders = SenderRules.NONE;

  RelaySecurity(Vertx vertx, SecuritySettings settings, SecurityEvents events, RelayLog log) {
    this.vertx = vertx;
    this.settings = settings;
    this.events = events;
    this.log = log;
  }

  /** Loads what serving clients needs. Fails when a file can't be used. */
  Future<Void> open() {
    return openTls().compose(v -> openAccounts()).compose(v -> openSenders());
  }

  /** What the SMTP server needs of it. */
  SmtpSecurity smtp() {
    return new SmtpSecurity(settings.server(), serverTls, accounts, senders);
  }

  /** Lets go of everything. */
  Future<Void> close() {
    serverTls.ifPresent(ServerTls::close);
    return accounts.map(ServerAuthenticator::close).orElse(Future.succeededFuture());
  }

  /** What encrypts connections of clients, once it is open and if there is anything. */
  Optional<ServerTls> serverTls() {
    return serverTls;
  }

  /** Loads what encrypts connections of clients, once. Fails when a file can't be used. */
  Future<Void> openTls() {
    SecuritySettings.Server server = settings.server();
    if (server.certificate().isEmpty() || serverTls.isPresent()) {
      return Future.succeededFuture();
    }
    ServerTls.Settings files =
        new ServerTls.Settings(
            server.certificate(),
            server.verify(),
            settings.versions(),
            settings.engine(),
            HANDSHAKE);
    return ServerTls.load(vertx, files, log)
        .onSuccess(tls -> serverTls = Optional.of(tls))
        .mapEmpty();
  }

  private Future<Void> openSenders() {
    return settings
        .guard()
        .senders()
        .map(
            file ->
                SenderRules.open(vertx, file, log)
                    .onSuccess(opened -> senders = opened)
                    .<Void>mapEmpty())
        .orElseGet(Future::succeededFuture);
  }

  private Future<Void> openAccounts() {
    SecuritySettings.Server server = settings.server();
    if (server.accounts().isEmpty()) {
      return Future.succeededFuture();
    }
    ServerAuthenticator authenticator =
        ServerAuthenticator.create(
            vertx,
            server.accounts().get(),
            new ServerAuthOptions(
                MechanismRules.parse(server.mechanisms()),
                settings.guard().modern(),
                settings.guard().throttle(),
                events,
                log));
    accounts = Optional.of(authenticator);
    return authenticator.open();
  }
}
