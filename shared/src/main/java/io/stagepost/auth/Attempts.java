package io.stagepost.auth;

import io.stagepost.auth.SaslStep.Accepted;
import io.stagepost.auth.SaslStep.Decision;
import io.stagepost.auth.SaslStep.Reason;
import io.stagepost.auth.SaslStep.Refused;
import io.stagepost.auth.Throttle.Ban;
import io.stagepost.auth.Throttle.Consequence;
import io.stagepost.telemetry.RelayLog;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** Has claims checked on workers, and draws the consequences: delay, ban, log lines, events. */
final class Attempts {

  private static final String POOL = "stagepost-auth";

  // Each of them may use 64 MiB for Argon2id.
  private static final int WORKERS = 4;
  private static final int MOST_WAITING = 64;

  private final Vertx vertx;
  private final ServerAuthOptions options;
  private final Throttle throttle;
  private final WorkerExecutor workers;
  private final AtomicInteger waiting = new AtomicInteger();

  Attempts(Vertx vertx, ServerAuthOptions options, Throttle throttle) {
    this.vertx = vertx;
    this.options = options;
    this.throttle = throttle;
    this.workers = vertx.createSharedWorkerExecutor(POOL, WORKERS);
  }

  boolean isBanned(String address) {
    return throttle.isBanned(address);
  }

  /** Runs what blocks; fails when too many wait already. */
  <T> Future<T> blocking(Callable<T> work) {
    if (waiting.incrementAndGet() > MOST_WAITING) {
      waiting.decrementAndGet();
      return Future.failedFuture("too many wait for authentication");
    }
    return workers.executeBlocking(work, false).onComplete(done -> waiting.decrementAndGet());
  }

  /** Looks at a file in the background; takes no place from those who wait. */
  void look(WatchedFile<?> file) {
    workers.executeBlocking(
        () -> {
          file.refresh();
          return file;
        },
        false);
  }

  /**
   * Decides about a claim.
   *
   * @param user who it is about; empty when that is not known
   * @param check what finds out; runs on a worker
   */
  Future<Decision> decide(String mechanism, String user, AuthPeer peer, Supplier<Verdict> check) {
    if (throttle.isBanned(peer.address())) {
      peer.log().warn("rejecting authentication attempt: too many failures: " + peer.address());
      return Future.succeededFuture(new Refused(Reason.BANNED));
    }
    boolean isUnwelcome = throttle.isUnwelcome(peer.address(), user);
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
    return throttle.isBanned(peer.address())
        ? Future.succeededFuture(new Refused(Reason.BANNED))
        : refuse(mechanism, Verdict.nonsense(), peer);
  }

  Future<Void> close() {
    return workers.close();
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
        throttle.succeeded(peer.address(), verdict.user());
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
    Consequence consequence = throttle.failed(peer.address(), verdict.user());
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
        : vertx
            .timer(consequence.delay().toMillis(), java.util.concurrent.TimeUnit.MILLISECONDS)
            .map(done -> refused);
  }

  private static String told(String mechanism, Verdict verdict) {
    return " authentication of remote client using mechanism ["
        + mechanism.toLowerCase(Locale.ROOT)
        + "] and "
        + verdict.secret();
  }
}
