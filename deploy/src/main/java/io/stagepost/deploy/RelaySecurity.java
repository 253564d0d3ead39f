package io.stagepost.deploy;

import io.stagepost.auth.LoginGuard;
import io.stagepost.auth.MechanismRules;
import io.stagepost.auth.SecurityEvents;
import io.stagepost.auth.SenderRules;
import io.stagepost.auth.ServerAuthOptions;
import io.stagepost.auth.ServerAuthenticator;
import io.stagepost.config.Preparation;
import io.stagepost.config.Preparation.Prepared;
import io.stagepost.config.SecuritySettings;
import io.stagepost.net.tls.ServerTls;
import io.stagepost.smtpserver.SmtpSecurity;
import io.stagepost.telemetry.RelayLog;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Optional;

/** Certificates and accounts of one relay's server, from its start to its end. */
final class RelaySecurity {

  private static final Duration HANDSHAKE = Duration.ofSeconds(60);

  private final Vertx vertx;
  private final LoginGuard guard;
  private final SecurityEvents events;
  private final RelayLog log;
  private volatile Loaded now;

  /** What has been read. */
  private record Loaded(
      SecuritySettings settings,
      Optional<ServerTls> tls,
      Optional<ServerAuthenticator> accounts,
      SenderRules senders) {

    private static Loaded nothing(SecuritySettings settings) {
      return new Loaded(settings, Optional.empty(), Optional.empty(), SenderRules.NONE);
    }
  }

  RelaySecurity(Vertx vertx, LoginGuard guard, SecurityEvents events, RelayLog log) {
    this.vertx = vertx;
    this.guard = guard;
    this.events = events;
    this.log = log;
    this.now = Loaded.nothing(SecuritySettings.NONE);
  }

  /** Reads what serving clients needs. Fails when a file can't be used. */
  Future<Void> open(SecuritySettings settings) {
    return load(settings).onSuccess(loaded -> now = loaded).mapEmpty();
  }

  /** Reads what has changed. */
  Future<Prepared> prepare(SecuritySettings next) {
    Loaded before = now;
    return next.equals(before.settings)
        ? Future.succeededFuture(Preparation.NOTHING)
        : load(next).map(loaded -> new Change(before, loaded));
  }

  /** What the SMTP server needs of it at the time. */
  SmtpSecurity smtp() {
    Loaded loaded = now;
    return new SmtpSecurity(loaded.settings.server(), loaded.tls, loaded.accounts, loaded.senders);
  }

  /** What encrypts connections of clients at the time, if there is anything. */
  Optional<ServerTls> serverTls() {
    return now.tls;
  }

  /** Lets go of everything. */
  void close() {
    now.tls.ifPresent(ServerTls::close);
  }

  /** Accounts of clients, without those that have been read. */
  static ServerAuthOptions options(SecuritySettings settings, SecurityEvents events, RelayLog log) {
    return new ServerAuthOptions(
        MechanismRules.parse(settings.server().mechanisms()),
        settings.guard().modern(),
        settings.guard().throttle(),
        events,
        log);
  }

  private final class Change implements Prepared {

    private final Loaded before;
    private final Loaded after;

    Change(Loaded before, Loaded after) {
      this.before = before;
      this.after = after;
    }

    /** Sessions under way keep what they have, which works on, but is not read again. */
    @Override
    public void adopt() {
      now = after;
      letGo(before, after);
    }

    @Override
    public void discard() {
      letGo(after, before);
    }

    private static void letGo(Loaded loaded, Loaded kept) {
      loaded.tls.filter(tls -> !kept.tls.equals(Optional.of(tls))).ifPresent(ServerTls::close);
    }
  }

  private Future<Loaded> load(SecuritySettings settings) {
    return tls(settings)
        .compose(
            tls ->
                accounts(settings)
                    .compose(
                        accounts ->
                            senders(settings)
                                .map(senders -> new Loaded(settings, tls, accounts, senders)))
                    .onFailure(
                        e ->
                            tls.filter(loaded -> !now.tls.equals(tls))
                                .ifPresent(ServerTls::close)));
  }

  private Future<Optional<ServerTls>> tls(SecuritySettings settings) {
    if (settings.server().certificate().isEmpty()) {
      return Future.succeededFuture(Optional.empty());
    }
    ServerTls.Settings files = files(settings);
    return now.tls.isPresent() && files.equals(files(now.settings))
        ? Future.succeededFuture(now.tls)
        : ServerTls.load(vertx, files, log).map(Optional::of);
  }

  static ServerTls.Settings files(SecuritySettings settings) {
    return new ServerTls.Settings(
        settings.server().certificate(),
        settings.server().verify(),
        settings.versions(),
        settings.engine(),
        HANDSHAKE);
  }

  private Future<Optional<ServerAuthenticator>> accounts(SecuritySettings settings) {
    if (settings.server().accounts().isEmpty()) {
      return Future.succeededFuture(Optional.empty());
    }
    ServerAuthenticator authenticator =
        ServerAuthenticator.create(
            guard, settings.server().accounts().get(), options(settings, events, log));
    return authenticator.open().map(Optional.of(authenticator));
  }

  private Future<SenderRules> senders(SecuritySettings settings) {
    return settings
        .guard()
        .senders()
        .map(file -> SenderRules.open(vertx, file, log))
        .orElseGet(() -> Future.succeededFuture(SenderRules.NONE));
  }
}
