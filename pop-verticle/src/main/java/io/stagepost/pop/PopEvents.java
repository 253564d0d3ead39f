package io.stagepost.pop;

import io.stagepost.bus.BusAddresses;
import io.stagepost.bus.DeliveryEvent;
import io.stagepost.events.EventLog;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a session says on the event bus and in the event log: of many messages that are taken one
 * after the other a little later, so that not each of them wakes those who listen.
 *
 * <p>Bound: {@link #MOST} events wait.
 */
final class PopEvents {

  private static final int MOST = 256;
  private static final long DELAY_MILLIS = 20;

  private final Vertx vertx;
  private final EventLog log;
  private final String relay;
  private final String address;
  private final List<DeliveryEvent> waiting = new ArrayList<>();
  private boolean timed;

  PopEvents(Vertx vertx, EventLog log, String relay) {
    this.vertx = vertx;
    this.log = log;
    this.relay = relay;
    this.address = new BusAddresses(relay).deliveryEvents();
  }

  /** A client has been given a whole message. */
  void retrieved(Mailbox mailbox, int index, String client) {
    Map<String, Object> details =
        Map.of(
            "account", mailbox.account(), "client", client, "size", mailbox.maildrop().size(index));
    waiting.add(
        DeliveryEvent.now(
            DeliveryEvent.Type.RETRIEVED, relay, mailbox.maildrop().id(index), details));
    if (waiting.size() == MOST) {
      tell();
    } else if (!timed) {
      timed = true;
      vertx.setTimer(
          DELAY_MILLIS,
          t -> {
            timed = false;
            tell();
          });
    }
  }

  /** Says now what waits. */
  void tell() {
    for (DeliveryEvent event : waiting) {
      log.append(event);
      vertx.eventBus().publish(address, event.toJson());
    }
    waiting.clear();
  }
}
