package io.stagepost.deploy;

import io.stagepost.auth.AuthPeer;
import io.stagepost.auth.SecurityEvents;
import io.stagepost.bus.BusAddresses;
import io.stagepost.bus.DeliveryEvent;
import io.stagepost.events.EventLog;
import io.vertx.core.eventbus.EventBus;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/** Tells of clients with wrong credentials as events, without a message to belong to. */
record SecurityNews(EventBus bus, EventLog log, String relay) implements SecurityEvents {

  private static final String NO_MESSAGE = "";

  @Override
  public void failed(AuthPeer peer, String mechanism, String user) {
    tell(
        DeliveryEvent.Type.AUTHENTICATION_FAILED,
        Map.of(
            "client",
            peer.address(),
            "user",
            user,
            "protocol",
            peer.protocol(),
            "mechanism",
            mechanism));
  }

  @Override
  public void addressBanned(AuthPeer peer, Duration time) {
    banned(peer, time, "too many failures from the address");
  }

  @Override
  public void userBanned(AuthPeer peer, String user, Duration time) {
    banned(peer, time, "too many failures for the user");
  }

  private void banned(AuthPeer peer, Duration time, String reason) {
    String until = Instant.now().plus(time).toString();
    tell(
        DeliveryEvent.Type.BANNED,
        Map.of("client", peer.address(), "until", until, "reason", reason));
  }

  private void tell(DeliveryEvent.Type type, Map<String, Object> details) {
    DeliveryEvent event = DeliveryEvent.now(type, relay, NO_MESSAGE, details);
    log.append(event);
    bus.publish(new BusAddresses(relay).deliveryEvents(), event.toJson());
  }
}
