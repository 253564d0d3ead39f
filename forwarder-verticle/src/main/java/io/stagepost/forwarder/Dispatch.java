package io.stagepost.forwarder;

import io.stagepost.forwarder.Delivery.Progress;
import io.stagepost.forwarder.Delivery.Urgency;
import io.stagepost.forwarder.Route.Origin;
import io.stagepost.net.NextHop;
import io.stagepost.spool.Claim;
import io.stagepost.spool.Envelope;
import io.stagepost.spool.MessageId;
import io.stagepost.spool.Spool;
import io.stagepost.spool.SpoolException;
import io.stagepost.telemetry.LogText;
import io.stagepost.telemetry.RelayLog;
import io.vertx.core.Future;
import java.util.Optional;

/** Claims a message, finds out where it goes, and has it delivered. */
final class Dispatch {

  private final Spool spool;
  private final Delivery delivery;
  private final Services services;
  private final RelayLog log;
  private int claiming;

  Dispatch(Spool spool, Delivery delivery, Services services) {
    this.spool = spool;
    this.delivery = delivery;
    this.services = services;
    this.log = services.log();
  }

  /** Whether another message may be attempted now. */
  boolean hasRoom() {
    return claiming < delivery.room();
  }

  void begin(Urgency urgency) {
    delivery.begin(urgency);
  }

  Future<Void> rest() {
    return delivery.rest();
  }

  /** Deals with a message that was ready a moment ago. Never fails. */
  Future<Progress> attempt(MessageId id) {
    claiming++;
    return spool
        .claim(id)
        .onComplete(c -> claiming--)
        .compose(this::dispatch, e -> skip(id, e))
        .recover(e -> skip(id, e));
  }

  private Future<Progress> dispatch(Claim claim) {
    Envelope envelope = claim.envelope();
    if (log.isVerbose()) {
      log.verbose("forwarding [" + claim.id() + "]" + details(envelope.routing()));
    }
    if (envelope.recipients().remote().isEmpty()) {
      log.warn("forwarding [" + claim.id() + "]: failing message with no remote recipients");
      return fail(claim, "no remote recipients");
    }
    String own = envelope.routing().forwardToAddress();
    String selector = envelope.routing().accountSelector();
    if (!own.isEmpty()) {
      Optional<NextHop> hop = HopParser.parse(own);
      return hop.isPresent()
          ? delivery.deliver(claim, new Route(new Destination(hop.get(), selector), Origin.MESSAGE))
          : fail(claim, "invalid forward-to-address [" + own + "]");
    }
    Optional<NextHop> hop = services.sessions().settings().nextHop();
    return hop.isPresent()
        ? delivery.deliver(claim, new Route(new Destination(hop.get(), selector), Origin.DEFAULT))
        : services.recorder().released(claim).map(Progress.DONE);
  }

  private Future<Progress> fail(Claim claim, String reason) {
    return services
        .recorder()
        .failed(claim, reason, Optional.empty(), Attempt.NONE)
        .map(Progress.DONE);
  }

  // Another owner was faster, or the store set the message aside: it goes on with the others.
  private Future<Progress> skip(MessageId id, Throwable e) {
    if (e instanceof SpoolException.NotAvailable) {
      log.detail("forwarding [" + id + "]: not available");
    } else {
      log.warn("ignoring [" + id + "]: " + LogText.escape(String.valueOf(e.getMessage())));
    }
    return Future.succeededFuture(Progress.DONE);
  }

  private static String details(Envelope.Routing routing) {
    return part(" selector=[", routing.accountSelector())
        + part(" forward-to=[", routing.forwardTo())
        + part(" forward-to-address=[", routing.forwardToAddress());
  }

  private static String part(String name, String value) {
    return value.isEmpty() ? "" : name + LogText.escape(value) + "]";
  }
}
