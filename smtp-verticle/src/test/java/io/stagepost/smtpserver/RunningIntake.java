package io.stagepost.smtpserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.stagepost.bus.BusMessages;
import io.stagepost.config.Live;
import io.stagepost.config.SmtpSettings;
import io.stagepost.events.EventLog;
import io.stagepost.events.RelayStore;
import io.stagepost.net.ListenAddress;
import io.stagepost.spool.MemorySpool;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** An SMTP server on a port of its own, before a spool in memory. */
final class RunningIntake implements AutoCloseable {

  static final String RELAY = "relay";

  final Vertx vertx = Vertx.vertx();
  final MemorySpool spool = new MemorySpool();
  private final String deployment;

  RunningIntake(TestSettings settings) {
    this(settings, 2);
  }

  RunningIntake(TestSettings settings, int instances) {
    this(Live.of(settings.build()), settings.security, instances);
  }

  /** One whose settings may change. */
  RunningIntake(Live<SmtpSettings> settings, int instances) {
    this(settings, new TestSettings().security, instances);
  }

  private RunningIntake(Live<SmtpSettings> settings, TestSecurity guarded, int instances) {
    BusMessages.registerCodecs(vertx.eventBus());
    RelayStore store = new RelayStore(spool, EventLog.none());
    SmtpSecurity security = guarded.open(vertx);
    deployment =
        await(
            vertx.deployVerticle(
                () -> new SmtpVerticle(RELAY, settings, store, () -> security),
                new DeploymentOptions().setInstances(instances)));
  }

  int port() {
    return ((ListenAddress.Inet) intake().listening().getFirst()).port();
  }

  SmtpIntake intake() {
    return SmtpIntake.of(vertx, RELAY);
  }

  Future<Void> stop() {
    return vertx.undeploy(deployment);
  }

  static <T> T await(Future<T> future) {
    try {
      return future.await(30, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError("it took too long", e);
    }
  }

  @Override
  public void close() {
    await(vertx.close());
    assertThat(spool.unfinished()).as("messages left unfinished").isZero();
  }
}
