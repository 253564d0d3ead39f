package io.stagepost.deploy;

import io.stagepost.admin.AdminVerticle;
import io.stagepost.config.ForwardSettings;
import io.stagepost.config.ForwardSettings.Trigger;
import io.stagepost.config.ProcessSettings.Role;
import io.stagepost.config.RelaySettings;
import io.stagepost.forwarder.ForwarderVerticle;
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
import java.util.Deque;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** One relay of this process: its spool and those of its verticles that run here. */
final class RelayDeployment {

  private final Vertx vertx;
  private final RelaySettings settings;
  private final Set<Role> roles;
  private final RelayLog log;
  private final Spool spool;
  private final Optional<ForwarderVerticle> forwarder;
  // Undeployed in this order: what brings messages in goes before what takes them out.
  private final Deque<String> deployed = new ArrayDeque<>();
  private boolean nothingToSend;

  RelayDeployment(Vertx vertx, RelaySettings settings, Set<Role> roles) {
    this.vertx = vertx;
    this.settings = settings;
    this.roles = Set.copyOf(roles);
    this.log = RelayLog.of(settings.unit());
    this.spool = FileSpool.create(vertx, spoolOptions(settings.spool()));
    this.forwarder =
        roles.contains(Role.FORWARDER) && settings.held().isEmpty()
            ? Optional.of(new ForwarderVerticle(settings.name(), settings.forward(), spool))
            : Optional.empty();
  }

  /** Opens the spool, then starts what sends before what receives. */
  Future<Void> start() {
    return spool
        .open()
        .onSuccess(this::report)
        .compose(found -> isOver(found) ? Future.succeededFuture() : deployAll());
  }

  /** Whether there is anything that a relay with these settings would ever do. */
  static boolean hasWork(RelaySettings settings) {
    ForwardSettings forward = settings.forward();
    return !settings.smtp().listen().isEmpty()
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
    return Future.succeededFuture()
        .compose(r -> deployIf(Role.ADMIN, 1, this::admin))
        .compose(
            r -> deployIf(Role.FORWARDER, forwarder.isPresent() ? 1 : 0, forwarder::orElseThrow))
        .compose(r -> deployIf(Role.SMTP, eventLoops(), this::smtp));
  }

  /** Ends when the one forwarding run has ended; never when forwarding goes on. */
  Future<Void> oneShot() {
    if (nothingToSend) {
      return Future.succeededFuture();
    }
    return isOneShot() ? forwarder.orElseThrow().completion() : Future.future(never -> {});
  }

  /** Lets transactions finish, gives back what is claimed and closes the spool. */
  Future<Void> stop() {
    Future<Void> undeployed = Future.succeededFuture();
    for (String id : deployed) {
      undeployed = undeployed.eventually(() -> vertx.undeploy(id));
    }
    return undeployed.eventually(spool::close);
  }

  private boolean isOneShot() {
    return settings.forward().triggers().contains(Trigger.ONE_SHOT);
  }

  private int eventLoops() {
    return settings.smtp().listen().isEmpty() ? 0 : Runtime.getRuntime().availableProcessors();
  }

  private SmtpVerticle smtp() {
    return new SmtpVerticle(settings.name(), settings.smtp(), spool);
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

  private static FileSpoolOptions spoolOptions(RelaySettings.SpoolSettings settings) {
    SpoolSync sync = SpoolSync.valueOf(settings.sync().toUpperCase(Locale.ROOT));
    return FileSpoolOptions.defaults(settings.directory()).withSync(sync);
  }
}
