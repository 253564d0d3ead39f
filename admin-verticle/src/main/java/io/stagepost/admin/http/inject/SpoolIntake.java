package io.stagepost.admin.http.inject;

import io.stagepost.admin.http.ManagedRelay;
import io.stagepost.admin.http.api.ApiProblem;
import io.stagepost.bus.BusAddresses;
import io.stagepost.bus.BusMessages.Stored;
import io.stagepost.bus.DeliveryEvent;
import io.stagepost.events.EventLog.Fate;
import io.stagepost.smtp.BodyType;
import io.stagepost.spool.DsnRequest;
import io.stagepost.spool.Envelope;
import io.stagepost.spool.SpoolWriter;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;

/** Puts messages into the spool of a relay, and tells of them as the SMTP server does. */
final class SpoolIntake {

  private static final String SESSION = "http";

  private final Vertx vertx;
  private final ManagedRelay relay;

  SpoolIntake(Vertx vertx, ManagedRelay relay) {
    this.vertx = vertx;
    this.relay = relay;
  }

  /**
   * Who sends what to whom.
   *
   * @param user who is signed in
   * @param client its address
   */
  record Mail(String reversePath, List<String> recipients, String user, String client) {}

  /** Octets that a message may have. */
  long most() {
    long size = relay.settings().smtp().limits().messageSize();
    return size <= 0 ? Long.MAX_VALUE : size;
  }

  /** Refuses an envelope that the SMTP server would refuse. */
  void check(Mail mail) {
    int most = relay.settings().smtp().limits().recipients();
    if (most > 0 && mail.recipients().size() > most) {
      throw ApiProblem.field("to", "more than " + most + " recipients");
    }
  }

  /** Begins a message; its trace field is written already. */
  Future<SpoolWriter> create(Mail mail) {
    Envelope envelope =
        Envelope.received(
            BodyType.UNKNOWN,
            mail.reversePath(),
            Envelope.Recipients.remote(mail.recipients()),
            new Envelope.Origin(mail.user(), mail.client(), "", ""),
            DsnRequest.NONE);
    return relay
        .store()
        .events()
        .room()
        .compose(v -> relay.store().spool().create(relay.store().spool().newId(), envelope))
        .compose(writer -> writer.write(Buffer.buffer(received(mail, writer))).map(writer));
  }

  // RFC 5321 §4.4, with a protocol of our own as RFC 3848 has them registered.
  private String received(Mail mail, SpoolWriter writer) {
    String client = mail.client().indexOf(':') >= 0 ? "IPv6:" + mail.client() : mail.client();
    return "Received: from ["
        + client
        + "] by "
        + relay.settings().smtp().domain()
        + " with HTTP id "
        + writer.id().value()
        + ";\r\n\t"
        + DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneId.systemDefault()))
        + "\r\n";
  }

  /** Makes it durable, and tells of it. */
  Future<Void> commit(SpoolWriter writer, Mail mail) {
    long size = writer.size();
    return writer
        .commit()
        .onSuccess(
            v -> {
              BusAddresses addresses = new BusAddresses(relay.name());
              vertx.eventBus().publish(addresses.messageStored(), new Stored(writer.id(), SESSION));
              DeliveryEvent event =
                  DeliveryEvent.now(
                      DeliveryEvent.Type.RECEIVED,
                      relay.name(),
                      writer.id().value(),
                      Map.of(
                          "from",
                          mail.reversePath(),
                          "to",
                          mail.recipients(),
                          "client",
                          mail.client(),
                          "size",
                          size,
                          "user",
                          mail.user()));
              relay.store().events().append(event, Fate.OPEN);
              vertx.eventBus().publish(addresses.deliveryEvents(), event.toJson());
            });
  }
}
