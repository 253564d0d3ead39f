package io.stagepost.forwarder;

import io.stagepost.forwarder.Handshake.Purpose;
import io.stagepost.forwarder.LinkException.Kind;
import io.stagepost.forwarder.Route.Origin;
import io.stagepost.net.NextHop;
import io.stagepost.spool.Claim;
import io.stagepost.telemetry.LogText;
import io.stagepost.telemetry.RelayLog;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Sends one message after the other over one connection: neighbours for the same next hop share it,
 * and a change of next hop ends it.
 */
final class SingleConnection implements Delivery {

  // Beyond these an unreachable next hop is tried again for each message.
  private static final int MOST_UNREACHABLE = 1000;

  // So many broken connections in a row end a run.
  private static final int MOST_STRIKES = 3;

  private final Services services;
  private final SessionFactory sessions;
  private final Recorder recorder;
  private final IdleTimer idle;
  private final HopHealth health;
  private final RelayLog log;
  private final Set<NextHop> unreachable = new HashSet<>();
  private @Nullable SmtpClientSession current;
  private Future<Void> busy = Future.succeededFuture();
  private int strikes;
  private boolean stopping;

  SingleConnection(Services services) {
    this.services = services;
    this.sessions = services.sessions();
    this.recorder = services.recorder();
    this.idle = services.idleTimer();
    this.health = services.health();
    this.log = services.log();
  }

  @Override
  public int room() {
    return busy.isComplete() ? 1 : 0;
  }

  @Override
  public void begin(Urgency urgency) {
    unreachable.clear();
    strikes = 0;
    if (urgency == Urgency.AT_ONCE) {
      health.tryAll();
    }
  }

  @Override
  public Future<Progress> deliver(Claim claim, Route route) {
    Future<Progress> delivered = attempt(claim, route);
    busy = delivered.mapEmpty();
    return delivered;
  }

  @Override
  public Future<Void> rest() {
    SmtpClientSession session = current;
    if (session == null) {
      return Future.succeededFuture();
    }
    session.rest();
    return idle.begin(this::quit);
  }

  @Override
  public Future<Void> stop() {
    stopping = true;
    idle.cancel();
    return busy.eventually(this::quit);
  }

  @Override
  public void abandon() {
    stopping = true;
    if (current != null) {
      current.abandon();
    }
  }

  private Future<Progress> attempt(Claim claim, Route route) {
    Duration pause = health.pause(route.to());
    if (unreachable.contains(route.hop())) {
      String skipped = "skipping message with unconnectable address [" + route.hop() + "]";
      log.verbose("forwarding [" + claim.id() + "]: " + skipped);
      return recorder.released(claim).map(new Progress.PutBack(pause));
    }
    if (stopping || !pause.isZero()) {
      return recorder.released(claim).map(new Progress.PutBack(pause));
    }
    idle.end();
    return Parcel.open(claim)
        .compose(
            parcel -> send(parcel, route).onComplete(p -> parcel.close()),
            e ->
                recorder.record(claim, new Verdict.Unreadable(e), Attempt.NONE).map(Progress.DONE));
  }

  private Future<Progress> send(Parcel parcel, Route route) {
    Future<SmtpClientSession> opened =
        sessions.purpose(route.to()).compose(purpose -> session(parcel.claim(), route, purpose));
    services.sending(parcel.claim());
    return opened.compose(
        session -> carry(session, parcel, route), e -> notOpened(e, parcel.claim(), route));
  }

  private Future<SmtpClientSession> session(Claim claim, Route route, Purpose purpose) {
    SmtpClientSession session = current;
    if (session != null && session.isUsable() && session.isFor(purpose)) {
      return Future.succeededFuture(session);
    }
    String told = route.to().told(route.origin());
    if (session != null && !told.isEmpty()) {
      log.verbose("forwarding [" + claim.id() + "]: new connection for " + told);
    }
    return quit()
        .compose(v -> sessions.open(purpose, claim.id().value()))
        .onSuccess(opened -> current = opened);
  }

  private Future<Progress> carry(SmtpClientSession session, Parcel parcel, Route route) {
    session.announce(parcel.claim().id());
    return session
        .send(parcel)
        .compose(
            verdict -> {
              if (verdict instanceof Verdict.Stale && !stopping) {
                return send(parcel, route);
              }
              if (verdict.isFarewell() && sessions.keepsTroubled()) {
                session.leave();
              }
              return recorder
                  .record(parcel.claim(), verdict, session.attempt(verdict))
                  .map(v -> progress(verdict, route));
            });
  }

  private Progress progress(Verdict verdict, Route route) {
    if (verdict instanceof Verdict.Broken broken) {
      return broken(broken.cause(), route);
    }
    strikes = 0;
    health.works(route.to());
    return Progress.DONE;
  }

  // A message that is kept may be what breaks the connection: the others get their chance.
  private Progress broken(LinkException cause, Route route) {
    strikes++;
    if (sessions.keepsTroubled() && strikes < MOST_STRIKES) {
      log.warn("smtp client error: " + LogText.escape(cause.reason()));
      return Progress.DONE;
    }
    return new Progress.Aborted(cause.reason(), health.failed(route.to()));
  }

  private Future<Progress> notOpened(Throwable e, Claim claim, Route route) {
    if (!(e instanceof LinkException cause)) {
      Progress aborted = new Progress.Aborted(String.valueOf(e), health.failed(route.to()));
      return recorder.released(claim).map(aborted);
    }
    if (cause.kind() != Kind.NOT_CONNECTED) {
      return recorder
          .record(claim, new Verdict.Broken(cause, Optional.empty()), cause.attempt())
          .map(v -> broken(cause, route));
    }
    if (route.origin() == Origin.MESSAGE) {
      log.warn("smtp connection failed: " + LogText.escape(cause.reason()));
      if (unreachable.size() < MOST_UNREACHABLE) {
        unreachable.add(route.hop());
      }
      Progress putBack = new Progress.PutBack(health.failed(route.to()));
      return unconnected(claim, cause).map(putBack);
    }
    Progress aborted = new Progress.Aborted(cause.reason(), health.failed(route.to()));
    return unconnected(claim, cause).map(aborted);
  }

  // It stays ready for the next run, but its trace tells of the attempt.
  private Future<Void> unconnected(Claim claim, LinkException cause) {
    return recorder.putBack(claim, Duration.ZERO, cause.reason(), cause.attempt());
  }

  private Future<Void> quit() {
    SmtpClientSession session = current;
    current = null;
    return session == null ? Future.succeededFuture() : session.quit();
  }
}
