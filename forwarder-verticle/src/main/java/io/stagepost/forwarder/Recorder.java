package io.stagepost.forwarder;

import io.stagepost.bus.BusAddresses;
import io.stagepost.bus.DeliveryEvent;
import io.stagepost.config.ForwardSettings.TemporaryFailures;
import io.stagepost.config.ForwardSettings.TemporaryFailures.Outcome;
import io.stagepost.events.EventLog;
import io.stagepost.events.EventLog.Fate;
import io.stagepost.forwarder.Verdict.Refusal;
import io.stagepost.net.ActivityFeed;
import io.stagepost.smtp.Reply;
import io.stagepost.smtp.ReplyCode;
import io.stagepost.spool.Claim;
import io.stagepost.spool.Claim.Deferral;
import io.stagepost.spool.Claim.Failure;
import io.stagepost.spool.SpoolException;
import io.stagepost.telemetry.LogText;
import io.stagepost.telemetry.RelayLog;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.EventBus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Writes the outcome of attempts into the event log, the spool, the log, and on the bus, in this
 * order: what has left the spool, or waits in it, is in the event log.
 */
final class Recorder {

  private static final String SOME_REJECTED = "one or more recipients rejected";

  private final EventBus bus;
  private final EventLog events;
  private final ActivityFeed feed;
  private final String relay;
  private final String address;
  private final Supplier<TemporaryFailures> troubles;
  private final RelayLog log;

  Recorder(
      Vertx vertx,
      EventLog events,
      String relay,
      Supplier<TemporaryFailures> troubles,
      RelayLog log) {
    this.bus = vertx.eventBus();
    this.feed = ActivityFeed.of(vertx);
    this.events = events;
    this.relay = relay;
    this.address = new BusAddresses(relay).deliveryEvents();
    this.troubles = troubles;
    this.log = log;
  }

  /** Ends the claim as the verdict has it. Never fails. */
  Future<Void> record(Claim claim, Verdict verdict, Attempt attempt) {
    String reason = LogText.escape(verdict.reason());
    String id = claim.id().value();
    feed.tell("client", "sent", reason.isEmpty() ? id : id + ": " + reason);
    return switch (verdict) {
      case Verdict.Accepted v when v.refused().isEmpty() -> delivered(claim, v, attempt);
      case Verdict.Accepted v -> partlyDelivered(claim, v, attempt);
      case Verdict.Refused v -> refused(claim, v.reply(), v.reply().text("\n"), attempt);
      case Verdict.RecipientsRefused v -> {
        Reply worst = worst(v.refused());
        yield refused(claim, worst, v.phrase() + ": " + worst.text("\n"), attempt);
      }
      case Verdict.Unsendable v -> {
        log(claim).warn("smtp client protocol: failed: " + LogText.escape(v.reason()));
        yield failed(claim, v.reason(), v.code(), attempt);
      }
      case Verdict.Broken v when v.cause().kind() != LinkException.Kind.BROKEN -> released(claim);
      case Verdict.Broken v
          when v.reply().filter(r -> keeps() && r.code().isPermanent()).isPresent() ->
          failed(claim, v.cause().reason(), v.reply().map(r -> r.code().value()), attempt);
      case Verdict.Broken v -> troubled(claim, v.cause().reason(), attempt);
      case Verdict.Stale v -> released(claim);
      case Verdict.Unreadable v -> unreadable(claim, v.cause(), attempt);
    };
  }

  /** The message can't be sent by anybody. */
  Future<Void> failed(Claim claim, String reason, Optional<Integer> code, Attempt attempt) {
    String id = claim.id().value();
    Map<String, Object> details = attempt.details();
    details.put("reason", reason);
    code.ifPresent(c -> details.put("code", c));
    String renaming = "failing envelope [" + id + ".envelope.busy] -> [" + id + ".envelope.bad]";
    return done(
        claim,
        event(claim, DeliveryEvent.Type.FAILED, details),
        Fate.STAYS,
        () -> claim.failed(new Failure(reason, code)).onSuccess(v -> log(claim).info(renaming)));
  }

  /** Nothing was tried. */
  Future<Void> released(Claim claim) {
    return noted(claim, claim.release());
  }

  /**
   * The next hop is in trouble. Where messages are kept it waits out of the way, so that many of
   * them don't keep others from being looked at.
   *
   * @param pause how long; zero for no time at all
   * @param attempt the one to connect that this message was to be sent by, if there was one
   */
  Future<Void> putBack(Claim claim, Duration pause, String reason, Attempt attempt) {
    boolean waits = !pause.isZero() && keeps();
    Deferral deferral = new Deferral(Instant.now().plus(pause), reason.replace('\n', ' '));
    Supplier<Future<Void>> ending = waits ? () -> claim.deferred(deferral) : claim::release;
    if (attempt.isNone()) {
      return noted(claim, ending.get());
    }
    Map<String, Object> details = attempt.details();
    details.put("reason", reason);
    if (waits) {
      details.put("until", deferral.until().toString());
    }
    return done(claim, event(claim, DeliveryEvent.Type.DEFERRED, details), Fate.STAYS, ending);
  }

  /** The sender was told that the message was not taken, so nobody shall send it. */
  Future<Void> discarded(Claim claim, String reason, Attempt attempt) {
    Map<String, Object> details = attempt.details();
    details.put("reason", reason);
    DeliveryEvent event = event(claim, DeliveryEvent.Type.FAILED, details);
    return done(claim, event, Fate.LEAVES, claim::delivered);
  }

  private boolean keeps() {
    return troubles.get().outcome() == Outcome.KEEP;
  }

  private Future<Void> delivered(Claim claim, Verdict.Accepted verdict, Attempt attempt) {
    RelayLog about = log(claim);
    if (about.isVerbose()) {
      about.verbose("deleting envelope [" + claim.id() + ".envelope.busy]");
      about.verbose("deleting content [" + claim.id() + ".content]");
    }
    List<String> to = claim.envelope().recipients().remote();
    return done(claim, forwarded(claim, verdict, to, attempt), Fate.LEAVES, claim::delivered);
  }

  private Future<Void> partlyDelivered(Claim claim, Verdict.Accepted verdict, Attempt attempt) {
    List<String> left = verdict.refused().stream().map(Refusal::recipient).toList();
    List<String> to =
        claim.envelope().recipients().remote().stream().filter(r -> !left.contains(r)).toList();
    DeliveryEvent some = forwarded(claim, verdict, to, attempt);
    Reply worst = worst(verdict.refused());
    String reason = SOME_REJECTED + ": " + worst.text("\n");
    Optional<Refusal> passing =
        verdict.refused().stream().filter(r -> r.reply().code().isTransient()).findFirst();
    // Those refused for good are asked again along with the others, and remain in the end.
    return events
        .append(some, Fate.STAYS)
        .onSuccess(v -> publish(some))
        .compose(v -> claim.remaining(left))
        .compose(
            v ->
                keeps() && passing.isPresent()
                    ? deferred(claim, reason, passing.map(r -> r.reply().code()), attempt)
                    : failed(claim, reason, keeps() ? code(worst) : Optional.empty(), attempt),
            // Not to be sent again to those who have it.
            e -> failed(claim, unrecorded(reason, e), Optional.empty(), attempt));
  }

  private static String unrecorded(String reason, Throwable e) {
    return reason + " (and cannot record which: " + e + ')';
  }

  private DeliveryEvent forwarded(
      Claim claim, Verdict.Accepted verdict, List<String> to, Attempt attempt) {
    Map<String, Object> details = attempt.details();
    details.put("peer", verdict.peer());
    details.put("reply", text(verdict.reply()));
    details.put("to", to);
    return event(claim, DeliveryEvent.Type.FORWARDED, details);
  }

  private Future<Void> refused(Claim claim, Reply reply, String reason, Attempt attempt) {
    return keeps() && reply.code().isTransient()
        ? deferred(claim, reason, Optional.of(reply.code()), attempt)
        : failed(claim, reason, code(reply), attempt);
  }

  private Future<Void> troubled(Claim claim, String reason, Attempt attempt) {
    return keeps()
        ? deferred(claim, reason, Optional.empty(), attempt)
        : failed(claim, reason, Optional.empty(), attempt);
  }

  // Content that is not there never will be; a store in trouble may recover.
  private Future<Void> unreadable(Claim claim, Throwable cause, Attempt attempt) {
    String reason = "cannot read content: " + cause.getMessage();
    log(claim).warn(LogText.escape(reason));
    return keeps() && cause instanceof SpoolException.Io
        ? deferred(claim, reason, Optional.empty(), attempt)
        : failed(claim, reason, Optional.empty(), attempt);
  }

  private Future<Void> deferred(
      Claim claim, String reason, Optional<ReplyCode> code, Attempt attempt) {
    Instant until = Instant.now().plus(BackOff.delay(troubles.get(), claim.deferrals()));
    log(claim).info("deferring message until " + until + ": " + LogText.escape(reason));
    Map<String, Object> details = attempt.details();
    details.put("reason", reason);
    details.put("until", until.toString());
    code.ifPresent(c -> details.put("code", c.value()));
    Deferral deferral = new Deferral(until, reason.replace('\n', ' '));
    return done(
        claim,
        event(claim, DeliveryEvent.Type.DEFERRED, details),
        Fate.STAYS,
        () -> claim.deferred(deferral));
  }

  /** Ends the claim when the event can't be lost any more by a crash. */
  private Future<Void> done(
      Claim claim, DeliveryEvent event, Fate fate, Supplier<Future<Void>> ending) {
    Future<Void> recorded = events.append(event, fate).compose(v -> ending.get());
    return noted(claim, recorded.onSuccess(v -> publish(event)));
  }

  private Future<Void> noted(Claim claim, Future<Void> recorded) {
    return recorded.recover(
        e -> {
          log(claim).warn("cannot update the spool: " + LogText.escape(String.valueOf(e)));
          return Future.succeededFuture();
        });
  }

  private DeliveryEvent event(Claim claim, DeliveryEvent.Type type, Map<String, Object> details) {
    return DeliveryEvent.now(type, relay, claim.id().value(), details);
  }

  private void publish(DeliveryEvent event) {
    bus.publish(address, event.toJson());
  }

  // When any refusal is for good the message can't be sent to all of them, ever.
  private Reply worst(List<Refusal> refused) {
    return refused.stream()
        .map(Refusal::reply)
        .filter(reply -> !keeps() || reply.code().isPermanent())
        .findFirst()
        .orElseGet(() -> refused.get(0).reply());
  }

  private static Optional<Integer> code(Reply reply) {
    return Optional.of(reply.code().value());
  }

  private static String text(Reply reply) {
    return reply.code() + " " + reply.text(" ");
  }

  private RelayLog log(Claim claim) {
    return log.withMessage(claim.id().value());
  }
}
