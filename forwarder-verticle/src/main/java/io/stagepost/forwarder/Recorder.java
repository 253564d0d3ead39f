package io.stagepost.forwarder;

import io.stagepost.bus.BusAddresses;
import io.stagepost.bus.DeliveryEvent;
import io.stagepost.config.ForwardSettings.TemporaryFailures;
import io.stagepost.config.ForwardSettings.TemporaryFailures.Outcome;
import io.stagepost.forwarder.Verdict.Refusal;
import io.stagepost.smtp.Reply;
import io.stagepost.smtp.ReplyCode;
import io.stagepost.spool.Claim;
import io.stagepost.spool.Claim.Deferral;
import io.stagepost.spool.Claim.Failure;
import io.stagepost.spool.SpoolException;
import io.stagepost.telemetry.LogText;
import io.stagepost.telemetry.RelayLog;
import io.vertx.core.Future;
import io.vertx.core.eventbus.EventBus;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes the outcome of attempts into the spool, the log, and on the bus. */
final class Recorder {

  private static final String SOME_REJECTED = "one or more recipients rejected";

  private final EventBus bus;
  private final String relay;
  private final String events;
  private final TemporaryFailures troubles;
  private final RelayLog log;

  Recorder(EventBus bus, String relay, TemporaryFailures troubles, RelayLog log) {
    this.bus = bus;
    this.relay = relay;
    this.events = new BusAddresses(relay).deliveryEvents();
    this.troubles = troubles;
    this.log = log;
  }

  /** Ends the claim as the verdict has it. Never fails. */
  Future<Void> record(Claim claim, Verdict verdict) {
    return switch (verdict) {
      case Verdict.Accepted v when v.refused().isEmpty() -> delivered(claim, v);
      case Verdict.Accepted v -> partlyDelivered(claim, v);
      case Verdict.Refused v -> refused(claim, v.reply(), v.reply().text("\n"));
      case Verdict.RecipientsRefused v -> {
        Reply worst = worst(v.refused());
        yield refused(claim, worst, v.phrase() + ": " + worst.text("\n"));
      }
      case Verdict.Unsendable v -> {
        log(claim).warn("smtp client protocol: failed: " + LogText.escape(v.reason()));
        yield failed(claim, v.reason(), v.code());
      }
      case Verdict.Broken v when v.cause().kind() != LinkException.Kind.BROKEN -> released(claim);
      case Verdict.Broken v
          when v.reply().filter(r -> keeps() && r.code().isPermanent()).isPresent() ->
          failed(claim, v.cause().reason(), v.reply().map(r -> r.code().value()));
      case Verdict.Broken v -> troubled(claim, v.cause().reason());
      case Verdict.Stale v -> released(claim);
      case Verdict.Unreadable v -> unreadable(claim, v.cause());
    };
  }

  /** The message can't be sent by anybody. */
  Future<Void> failed(Claim claim, String reason, Optional<Integer> code) {
    String id = claim.id().value();
    Map<String, Object> details = new HashMap<>(Map.of("reason", reason));
    code.ifPresent(c -> details.put("code", c));
    Future<Void> failed =
        claim
            .failed(new Failure(reason, code))
            .onSuccess(
                v ->
                    log(claim)
                        .info(
                            "failing envelope ["
                                + id
                                + ".envelope.busy] -> ["
                                + id
                                + ".envelope.bad]"));
    return done(claim, failed, DeliveryEvent.Type.FAILED, details);
  }

  /** Nothing was tried. */
  Future<Void> released(Claim claim) {
    return noted(claim, claim.release());
  }

  /**
   * Nothing was tried, as the next hop is in trouble. Where messages are kept it waits out of the
   * way, so that many of them don't keep others from being looked at.
   *
   * @param pause how long; zero for no time at all
   */
  Future<Void> putBack(Claim claim, Duration pause, String reason) {
    if (pause.isZero() || !keeps()) {
      return released(claim);
    }
    Deferral deferral = new Deferral(Instant.now().plus(pause), reason.replace('\n', ' '));
    return noted(claim, claim.deferred(deferral));
  }

  /** The sender was told that the message was not taken, so nobody shall send it. */
  Future<Void> discarded(Claim claim, String reason) {
    return done(claim, claim.delivered(), DeliveryEvent.Type.FAILED, Map.of("reason", reason));
  }

  private boolean keeps() {
    return troubles.outcome() == Outcome.KEEP;
  }

  private Future<Void> delivered(Claim claim, Verdict.Accepted verdict) {
    RelayLog about = log(claim);
    if (about.isVerbose()) {
      about.verbose("deleting envelope [" + claim.id() + ".envelope.busy]");
      about.verbose("deleting content [" + claim.id() + ".content]");
    }
    List<String> to = claim.envelope().recipients().remote();
    return done(claim, claim.delivered(), DeliveryEvent.Type.FORWARDED, forwarded(verdict, to));
  }

  private Future<Void> partlyDelivered(Claim claim, Verdict.Accepted verdict) {
    List<String> left = verdict.refused().stream().map(Refusal::recipient).toList();
    List<String> to =
        claim.envelope().recipients().remote().stream().filter(r -> !left.contains(r)).toList();
    publish(claim, DeliveryEvent.Type.FORWARDED, forwarded(verdict, to));
    Reply worst = worst(verdict.refused());
    String reason = SOME_REJECTED + ": " + worst.text("\n");
    Optional<Refusal> passing =
        verdict.refused().stream().filter(r -> r.reply().code().isTransient()).findFirst();
    // Those refused for good are asked again along with the others, and remain in the end.
    return claim
        .remaining(left)
        .compose(
            v ->
                keeps() && passing.isPresent()
                    ? deferred(claim, reason, passing.map(r -> r.reply().code()))
                    : failed(claim, reason, keeps() ? code(worst) : Optional.empty()),
            // Not to be sent again to those who have it.
            e -> failed(claim, reason + " (and cannot record which: " + e + ')', Optional.empty()));
  }

  private static Map<String, Object> forwarded(Verdict.Accepted verdict, List<String> to) {
    return Map.of("peer", verdict.peer(), "reply", text(verdict.reply()), "to", to);
  }

  private Future<Void> refused(Claim claim, Reply reply, String reason) {
    return keeps() && reply.code().isTransient()
        ? deferred(claim, reason, Optional.of(reply.code()))
        : failed(claim, reason, code(reply));
  }

  private Future<Void> troubled(Claim claim, String reason) {
    return keeps()
        ? deferred(claim, reason, Optional.empty())
        : failed(claim, reason, Optional.empty());
  }

  // Content that is not there never will be; a store in trouble may recover.
  private Future<Void> unreadable(Claim claim, Throwable cause) {
    String reason = "cannot read content: " + cause.getMessage();
    log(claim).warn(LogText.escape(reason));
    return keeps() && cause instanceof SpoolException.Io
        ? deferred(claim, reason, Optional.empty())
        : failed(claim, reason, Optional.empty());
  }

  private Future<Void> deferred(Claim claim, String reason, Optional<ReplyCode> code) {
    Instant until = Instant.now().plus(BackOff.delay(troubles, claim.deferrals()));
    log(claim).info("deferring message until " + until + ": " + LogText.escape(reason));
    Map<String, Object> details = new HashMap<>();
    details.put("reason", reason);
    details.put("until", until.toString());
    code.ifPresent(c -> details.put("code", c.value()));
    Deferral deferral = new Deferral(until, reason.replace('\n', ' '));
    return done(claim, claim.deferred(deferral), DeliveryEvent.Type.DEFERRED, details);
  }

  private Future<Void> done(
      Claim claim, Future<Void> recorded, DeliveryEvent.Type type, Map<String, Object> details) {
    return noted(claim, recorded.onSuccess(v -> publish(claim, type, details)));
  }

  private Future<Void> noted(Claim claim, Future<Void> recorded) {
    return recorded.recover(
        e -> {
          log(claim).warn("cannot update the spool: " + LogText.escape(String.valueOf(e)));
          return Future.succeededFuture();
        });
  }

  private void publish(Claim claim, DeliveryEvent.Type type, Map<String, Object> details) {
    bus.publish(events, DeliveryEvent.now(type, relay, claim.id().value(), details).toJson());
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
