package io.stagepost.forwarder;

import io.stagepost.config.ForwardSettings.Trigger;
import io.stagepost.net.ActivityFeed;
import io.stagepost.spool.Claim;
import io.stagepost.telemetry.RelayLog;
import io.vertx.core.Vertx;
import java.time.Duration;

/** What all parts of one forwarder share. */
record Services(
    Vertx vertx, SessionFactory sessions, Recorder recorder, HopHealth health, RelayLog log) {

  /** Tells who watches that a message is about to be sent. */
  void sending(Claim claim) {
    ActivityFeed.of(vertx).tell("client", "sending", claim.id().value());
  }

  /** Connections outlive a run only where messages are taken as they come. */
  IdleTimer idleTimer() {
    return new IdleTimer(vertx, this::patience);
  }

  private Duration patience() {
    boolean stays = sessions.settings().triggers().contains(Trigger.ARRIVAL);
    return stays ? sessions.settings().timeouts().idle() : Duration.ZERO;
  }
}
