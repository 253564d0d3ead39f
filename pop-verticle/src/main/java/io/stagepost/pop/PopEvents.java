package io.stagepost.pop;

import io.stagepost.bus.BusAddresses;
import io.stagepost.bus.DeliveryEvent;
import io.stagepost.events.EventLog;
import io.vertx.core.eventbus.EventBus;
import java.util.Map;

/** What the POP server says on the event bus and in the event log. */
record PopEvents(EventBus bus, EventLog log, String relay) {

  /** A client has been given a whole message. */
  void retrieved(Mailbox mailbox, int index, String client) {
    Map<String, Object> details =
        Map.of(
            "account", mailbox.account(), "client", client, "size", mailbox.maildrop().size(index));
    DeliveryEvent event =
        DeliveryEvent.now(
            DeliveryEvent.Type.RETRIEVED, relay, mailbox.maildrop().id(index), details);
    log.append(event);
    bus.publish(new BusAddresses(relay).deliveryEvents(), event.toJson());
  }
}
