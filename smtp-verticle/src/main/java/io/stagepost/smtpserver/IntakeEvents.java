package io.stagepost.smtpserver;

import io.stagepost.bus.BusAddresses;
import io.stagepost.bus.BusMessages.ImmediateReply;
import io.stagepost.bus.BusMessages.ImmediateRequest;
import io.stagepost.bus.BusMessages.SessionClosed;
import io.stagepost.bus.BusMessages.Stored;
import io.stagepost.bus.DeliveryEvent;
import io.stagepost.events.EventLog;
import io.stagepost.smtp.Reply;
import io.vertx.core.Future;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What the SMTP server says on the event bus. */
final class IntakeEvents {

  /** Longer than a next hop may take; the forwarder answers in any case when it is alive. */
  private static final Duration IMMEDIATE_LIMIT = Duration.ofHours(1);

  private final EventBus bus;
  private final EventLog log;
  private final String relay;
  private final BusAddresses addresses;

  IntakeEvents(EventBus bus, EventLog log, String relay) {
    this.bus = bus;
    this.log = log;
    this.relay = relay;
    this.addresses = new BusAddresses(relay);
  }

  /** A message is safe in the spool and may be forwarded by anybody. */
  void stored(Transaction transaction, String session) {
    bus.publish(addresses.messageStored(), new Stored(transaction.id(), session));
  }

  /**
   * A message was accepted. Nobody waits for the event to be written, but when too many are waiting
   * no further message is to be accepted before the future completes.
   */
  Future<Void> received(Transaction transaction, String client, long size) {
    publish(
        DeliveryEvent.Type.RECEIVED,
        transaction.id().value(),
        Map.of(
            "from",
            transaction.mail().reversePath().stored(),
            "to",
            List.copyOf(transaction.recipients()),
            "client",
            client,
            "size",
            size));
    return log.room();
  }

  /** A message, or one of its recipients, was refused. */
  void rejected(String id, String client, Reply reply, Stage stage) {
    publish(
        DeliveryEvent.Type.REJECTED,
        id,
        Map.of(
            "client",
            client,
            "reply",
            reply.code() + " " + reply.text(" "),
            "stage",
            stage.name().toLowerCase(Locale.ROOT)));
  }

  /** The client has gone. */
  void sessionClosed(String session) {
    bus.publish(addresses.sessionClosed(), new SessionClosed(session));
  }

  /** Has a message sent on at once. */
  Future<ImmediateReply> forward(Transaction transaction, String session) {
    return bus.<ImmediateReply>request(
            addresses.forwardImmediate(),
            new ImmediateRequest(session, transaction.id()),
            new DeliveryOptions().setSendTimeout(IMMEDIATE_LIMIT.toMillis()))
        .map(Message::body);
  }

  private void publish(DeliveryEvent.Type type, String id, Map<String, Object> details) {
    DeliveryEvent event = DeliveryEvent.now(type, relay, id, details);
    log.append(event);
    bus.publish(addresses.deliveryEvents(), event.toJson());
  }

  /** At which command a message was refused. */
  enum Stage {
    MAIL,
    RCPT,
    DATA
  }
}
