package io.stagepost.deploy;

import io.stagepost.admin.AdminServerVerticle;
import io.stagepost.admin.AdminServerVerticle.Steps;
import io.stagepost.admin.AdminVerticle;
import io.stagepost.admin.http.ManagedRelay;
import io.stagepost.admin.queue.ForwardDesk;
import io.stagepost.admin.queue.QueueDesk;
import io.stagepost.config.ForwardSettings;
import io.stagepost.config.ForwardSettings.Trigger;
import io.stagepost.config.Live;
import io.stagepost.config.Preparation;
import io.stagepost.config.Preparation.Prepared;
import io.stagepost.config.ProcessSettings.Role;
import io.stagepost.config.RelaySettings;
import io.stagepost.config.SecuritySettings;
import io.stagepost.config.SmtpSettings;
import io.stagepost.events.EventLog;
import io.stagepost.events.EventLogOptions;
import io.stagepost.events.FileEventLog;
import io.stagepost.events.RelayStore;
import io.stagepost.forwarder.ForwarderVerticle;
import io.stagepost.net.EventLoops;
import io.stagepost.net.ProxyCodec;
import io.stagepost.smtpserver.SmtpVerticle;
import io.stagepost.spool.Spool;
import io.stagepost.spool.Spool.RecoveryReport;
import io.stagepost.spool.file.FileSpool;
import io.stagepost.spool.file.FileSpoolOptions;
import io.stagepost.spool.file.SpoolSync;
import io.stagepost.telemetry.RelayLog;
import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** One relay of this process: its spool and those of its verticles that run here. */
final class RelayDeployment {

  private final Vertx vertx;
  private final RelaySettings settings;
  private final Live<RelaySettings> live;
  private final Live<SmtpSettings> smtp;
  private final Set<Role> roles;
  private final Steps steps;
  private final Runnable terminate;
  private final RelayLog log;
  private final Spool spool;
  private final RelayStore store;
  private final RelaySecurity security;
  private final Optional<ForwarderVerticle> forwarder;
  private final Optional<PopDeployment> pop;
  // Undeployed in this order: what brings messages in goes before what takes them out.
  private final Deque<String> deployed = new ArrayDeque<>();
  private boolean nothingToSend;

  /**
   * A relay that is still to be started; what is decided here stays as it is.
   *
   * @param live its settings, which may change
   * @param common of the process
   * @param steps whether its administrators are shown what all connections do
   * @param terminate ends the process
   */
  RelayDeployment(
      Vertx vertx,
      CommonParts common,
      Live<RelaySettings> live,
      Set<Role> roles,
      Steps steps,
      Runnable terminate) {
    this.vertx = vertx;
    this.live = live;
    this.settings = live.get();
    this.smtp = live.map(RelaySettings::smtp);
    this.roles = Set.copyOf(roles);
    this.steps = steps;
    this.terminate = terminate;
    this.log = RelayLog.of(settings.unit());
    this.spool =
        FileSpool.create(vertx, spoolOptions(settings.spool()), common.disk(settings.name()));
    this.store = new RelayStore(spool, eventLog(vertx, settings, spool));
    SecurityNews news = new SecurityNews(vertx.eventBus(), store.events(), settings.name());
    this.security = new RelaySecurity(vertx, common.guard(), news, log);
    this.forwarder =
        roles.contains(Role.FORWARDER) && settings.held().isEmpty()
            ? Optional.of(forwarder(live.map(RelaySettings::forward)))
            : Optional.empty();
    this.pop =
        roles.contains(Role.POP)
            ? settings
                .pop()
                .map(
                    p ->
                        new PopDeployment(
                            vertx, common.guard(), settings, store, news, security::serverTls))
            : Optional.empty();
  }

  /** Opens the spool, then starts what sends before what receives. */
  Future<Void> start() {
    return proxyCodec(settings)
        .compose(v -> spool.open())
        .onSuccess(this::report)
        .compose(
            found ->
                isOver(found)
                    ? Future.succeededFuture()
                    : store.events().open().compose(v -> deployAll()));
  }

  /** Reads what changed settings name beside themselves. */
  Future<Prepared> prepare(RelaySettings next) {
    List<Future<Prepared>> parts = new ArrayList<>();
    RelaySettings before = live.get();
    boolean isSame = next.security().equals(before.security());
    if (servesClients()) {
      parts.add(security.prepare(servedBy(next)));
    }
    if (pop.isPresent() && !(isSame && next.pop().equals(before.pop()))) {
      parts.add(pop.get().prepare(next));
    }
    if (forwarder.isPresent()
        && !(isSame && next.forward().timeouts().equals(before.forward().timeouts()))) {
      parts.add(forwarder.get().prepare(next));
    }
    parts.add(proxyCodec(next).map(Preparation.NOTHING));
    return Preparation.all(parts);
  }

  private static Future<Void> proxyCodec(RelaySettings settings) {
    if (!settings.smtp().network().proxies().ranges().isEmpty()) {
      try {
        ProxyCodec.require();
      } catch (IllegalStateException e) {
        return Future.failedFuture(e);
      }
    }
    return Future.succeededFuture();
  }

  /** Whether there is anything that a relay with these settings would ever do. */
  static boolean hasWork(RelaySettings settings) {
    ForwardSettings forward = settings.forward();
    return !settings.smtp().listen().isEmpty()
        || !settings.admin().listen().isEmpty()
        || settings.pop().isPresent()
        || forward.poll().isPresent()
        || forward.triggers().contains(Trigger.ONE_SHOT)
        || forward.triggers().contains(Trigger.STARTUP)
        || forward.triggers().contains(Trigger.ARRIVAL);
  }

  /** Whether it was to send what is there once, and there is nothing. */
  boolean hasNothingToSend() {
    return nothingToSend;
  }

  private boolean isOver(RecoveryReport found) {
    nothingToSend = isOneShot() && found.ready() == 0;
    return nothingToSend;
  }

  private Future<Void> deployAll() {
    return openSecurity()
        .compose(r -> deployIf(Role.ADMIN, 1, this::admin))
        .compose(
            r -> deployIf(Role.FORWARDER, forwarder.isPresent() ? 1 : 0, forwarder::orElseThrow))
        .compose(r -> startPop())
        .compose(r -> deployIf(Role.SMTP, smtpInstances(), this::smtp))
        .compose(r -> deployIf(Role.ADMIN, hasWayIn() ? 1 : 0, this::adminServer));
  }

  /** Ends when the one forwarding run has ended; never when forwarding goes on. */
  Future<Void> oneShot() {
    if (nothingToSend) {
      return Future.succeededFuture();
    }
    return isOneShot() ? forwarder.orElseThrow().completion() : Future.future(never -> {});
  }

  /** As the console works with it. */
  ManagedRelay managed() {
    return new ManagedRelay(
        live,
        store,
        new QueueDesk(settings.name(), store, vertx.eventBus()),
        new ForwardDesk(
            vertx.eventBus(), settings.name(), () -> AdminServerVerticle.obstacle(live.get())),
        log);
  }

  /** Tells of those who want to come in. */
  SecurityNews news() {
    return new SecurityNews(vertx.eventBus(), store.events(), settings.name());
  }

  /** Lets transactions finish, gives back what is claimed, closes the spool and the event log. */
  Future<Void> stop() {
    Future<Void> undeployed = pop.isPresent() ? pop.get().stop() : Future.succeededFuture();
    for (String id : deployed) {
      undeployed = undeployed.eventually(() -> vertx.undeploy(id));
    }
    return undeployed
        .onComplete(v -> security.close())
        .eventually(spool::close)
        .eventually(store.events()::close);
  }

  private boolean isOneShot() {
    return settings.forward().triggers().contains(Trigger.ONE_SHOT);
  }

  private ForwarderVerticle forwarder(Live<ForwardSettings> forward) {
    return new ForwarderVerticle(settings.name(), forward, settings.security(), store);
  }

  private int smtpInstances() {
    return settings.smtp().listen().isEmpty() ? 0 : EventLoops.count();
  }

  private Future<Void> openSecurity() {
    return servesClients() ? security.open(servedBy(settings)) : Future.succeededFuture();
  }

  private boolean servesClients() {
    return servesSmtp() || pop.isPresent();
  }

  private boolean servesSmtp() {
    return roles.contains(Role.SMTP) && smtpInstances() > 0;
  }

  /** POP has accounts of its own: without SMTP, others need not be readable. */
  private SecuritySettings servedBy(RelaySettings relay) {
    return servesSmtp() ? relay.security() : relay.security().withoutAccounts();
  }

  private Future<Void> startPop() {
    return pop.isEmpty() ? Future.succeededFuture() : pop.get().start(EventLoops.count());
  }

  private SmtpVerticle smtp() {
    return new SmtpVerticle(settings.name(), smtp, store, security::smtp);
  }

  private boolean hasWayIn() {
    return !settings.admin().listen().isEmpty() || settings.admin().control().isPresent();
  }

  private AdminServerVerticle adminServer() {
    return new AdminServerVerticle(live, store, steps, terminate);
  }

  private AdminVerticle admin() {
    return new AdminVerticle(settings.name(), spool, log);
  }

  private Future<Void> deployIf(Role role, int instances, Supplier<Deployable> verticle) {
    if (!roles.contains(role) || instances == 0) {
      return Future.succeededFuture();
    }
    return vertx
        .deployVerticle(verticle, new DeploymentOptions().setInstances(instances))
        .onSuccess(deployed::addFirst)
        .mapEmpty();
  }

  private void report(RecoveryReport found) {
    if (found.ready() > 0) {
      log.verbose("spool: " + found.ready() + " messages waiting");
    }
    if (found.released() > 0) {
      log.info("spool: " + found.released() + " messages taken back after an unclean end");
    }
    if (found.removed() > 0) {
      log.info("spool: " + found.removed() + " half-written messages removed");
    }
  }

  private static EventLog eventLog(Vertx vertx, RelaySettings settings, Spool spool) {
    RelaySettings.EventSettings wanted = settings.events();
    if (wanted.size() == 0) {
      return EventLog.none();
    }
    EventLogOptions options =
        new EventLogOptions(settings.spool().directory(), wanted.size(), wanted.keep());
    return FileEventLog.create(vertx, options, spool);
  }

  private static FileSpoolOptions spoolOptions(RelaySettings.SpoolSettings settings) {
    SpoolSync sync = SpoolSync.valueOf(settings.sync().toUpperCase(Locale.ROOT));
    return FileSpoolOptions.defaults(settings.directory()).withSync(sync);
  }
}
