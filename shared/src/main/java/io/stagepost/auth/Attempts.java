package io.stagepost.auth;

import io.stagepost.auth.SaslStep.Accepted;
import io.stagepost.auth.SaslStep.Decision;
import io.stagepost.auth.SaslStep.Reason;
import io.stagepost.auth.SaslStep.Refused;
import io.stagepost.auth.Throttle.Ban;
import io.stagepost.auth.Throttle.Consequence;
import io.stagepost.telemetry.RelayLog;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

/** Has claims checked on workers, and draws the consequences: delay, ban, log lines, events. */
final class Attempts {

  private final LoginGuard guard;
  private final ServerAuthOptions options;
  private final Throttle throttle;

  Attempts(LoginGuard guard, ServerAuthOptions options) {
    this.guard = guard;
    this.options = options;
    this.throttle = guard.throttle();
  }

  boolean isBanned(String address) {
    return throttle.isBanned(address, options.throttle());
  }

  /** Runs what blocks; fails when too many wait already. */
  <T> Future<T> blocking(Callable<T> work) {
    return guard.blocking(work);
  }

  /** Looks at a file in the background; takes no place from those who wait. */
  void look(WatchedFile<?> file) {
    guard.look(file);
  }

  /**
   * Decides about a claim.
   *
   * @param user who it is about; empty when that is not known
   * @param check what finds out; runs on a worker
   */
  Future<Decision> decide(String mechanism, String user, AuthPeer peer, Supplier<Verdict> check) {
    if (isBanned(peer.address())) {
      peer.log().warn("rejecting authentication attempt: too many failures: " + peer.address());
      return Future.succeededFuture(new Refused(Reason.BANNED));
    }
    boolean isUnwelcome = throttle.isUnwelcome(peer.address(), user, options.throttle());
    return blocking(check::get)
        .transform(
            checked -> {
              if (checked.failed()) {
                peer.log().warn("authentication failed: " + checked.cause().getMessage());
                return Future.succeededFuture(new Refused(Reason.UNAVAILABLE));
              }
              return settle(mechanism, checked.result(), peer, isUnwelcome);
            });
  }

  /** Draws the consequences of a response that is none. */
  Future<Decision> nonsense(String mechanism, AuthPeer peer) {
    return isBanned(peer.address())
        ? Future.succeededFuture(new Refused(Reason.BANNED))
        : refuse(mechanism, Verdict.nonsense(), peer);
  }

  private Future<Decision> settle(
      String mechanism, Verdict verdict, AuthPeer peer, boolean isUnwelcome) {
    return switch (verdict.finding()) {
      case UNKNOWN -> Future.succeededFuture(new Refused(Reason.UNAVAILABLE));
      case FALSE -> refuse(mechanism, verdict, peer);
      case TRUE -> {
        if (isUnwelcome) {
          peer.log().warn("user is let in from familiar addresses only: " + verdict.secret());
          yield refuse(mechanism, verdict, peer);
        }
        throttle.succeeded(peer.address(), verdict.user(), options.throttle());
        peer.log().info("successful" + told(mechanism, verdict));
        options.events().authenticated(peer, mechanism, verdict.user());
        yield Future.succeededFuture(new Accepted(verdict.user(), mechanism));
      }
    };
  }

  private Future<Decision> refuse(String mechanism, Verdict verdict, AuthPeer peer) {
    RelayLog log = peer.log();
    log.warn("failed" + told(mechanism, verdict));
    options.events().failed(peer, mechanism, verdict.user());
    Consequence consequence = throttle.failed(peer.address(), verdict.user(), options.throttle());
    Duration ban = options.throttle().ban();
    if (consequence.address() == Ban.BEGINS) {
      log.warn("no more authentication for " + ban.toSeconds() + "s from " + peer.address());
      options.events().addressBanned(peer, ban);
    }
    if (consequence.user() == Ban.BEGINS) {
      log.warn("only familiar addresses for " + ban.toSeconds() + "s: " + verdict.secret());
      options.events().userBanned(peer, verdict.user(), ban);
    }
    Decision refused = new Refused(Reason.WRONG);
    return consequence.delay().isZero()
        ? Future.succeededFuture(refused)
        : guard.pause(consequence.delay()).map(done -> refused);
  }

  private static String told(String mechanism, Verdict verdict) {
    return " authentication of remote client using mechanism ["
        + mechanism.toLowerCase(Locale.ROOT)
        + "] and "
        + verdict.secret();
  }
}
