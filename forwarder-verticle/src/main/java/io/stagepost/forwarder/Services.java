package io.stagepost.forwarder;

import io.stagepost.config.ForwardSettings.Trigger;
import io.stagepost.telemetry.RelayLog;
import io.vertx.core.Vertx;
import java.time.Duration;

/** What all parts of one forwarder share. */
record Services(
    Vertx vertx, SessionFactory sessions, Recorder recorder, HopHealth health, RelayLog log) {

  /** Connections outlive a run only where messages are taken as they come. */
  IdleTimer idleTimer() {
    boolean stays = sessions.settings().triggers().contains(Trigger.ARRIVAL);
    return new IdleTimer(vertx, stays ? sessions.settings().timeouts().idle() : Duration.ZERO);
  }
}
