package io.stagepost.forwarder;

import io.stagepost.forwarder.Delivery.Progress;
import io.stagepost.forwarder.Handshake.Purpose;
import io.stagepost.forwarder.LinkException.Kind;
import io.stagepost.forwarder.Route.Origin;
import io.stagepost.telemetry.LogText;
import io.stagepost.telemetry.RelayLog;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The connections to one next hop and the messages that wait for one of them.
 *
 * <p>Connections are made as messages need them, up to the configured number; when the next hop
 * refuses more than it already serves, those have to do. Its user bounds what waits.
 */
final class HopPool {

  // After so many messages one more connection is tried where some were refused.
  private static final int GOOD_FOR_MORE = 100;

  private record Job(Parcel parcel, Route route, Purpose purpose, Promise<Progress> done) {}

  private final Destination to;
  private final Services services;
  private final SessionFactory sessions;
  private final Recorder recorder;
  private final HopHealth health;
  private final IdleTimer idleTimer;
  private final RelayLog log;
  private final Deque<Job> waiting = new ArrayDeque<>();
  private final Deque<SmtpClientSession> idle = new ArrayDeque<>();
  private final Set<SmtpClientSession> open = new HashSet<>();
  private int opening;
  private int limit;
  private int strikes;
  private int good;
  private boolean stopping;
  private final Promise<Void> allClosed = Promise.promise();

  HopPool(Destination to, Services services) {
    this.to = to;
    this.services = services;
    this.sessions = services.sessions();
    this.recorder = services.recorder();
    this.health = services.health();
    this.idleTimer = services.idleTimer();
    this.log = services.log();
    this.limit = sessions.settings().connections();
  }

  Destination to() {
    return to;
  }

  /** How many messages wait for a connection. */
  int waiting() {
    return waiting.size();
  }

  /** Whether it may be forgotten: nothing waits, and no connection is at work. */
  boolean isUnused() {
    return waiting.isEmpty() && opening == 0 && open.size() == idle.size();
  }

  /** Sends a message when a connection is free. Never fails. */
  Future<Progress> submit(Parcel parcel, Route route, Purpose purpose) {
    Promise<Progress> done = Promise.promise();
    waiting.add(new Job(parcel, route, purpose, done));
    pump();
    return done.future();
  }

  /** There is nothing to send for now. */
  Future<Void> rest() {
    idle.forEach(SmtpClientSession::rest);
    return idleTimer.begin(this::quitIdle);
  }

  /** Gives back what waits, and completes when transfers are done and connections closed. */
  Future<Void> stop() {
    stopping = true;
    idleTimer.cancel();
    putBackAll(Duration.ZERO, "stopping", Attempt.NONE);
    quitIdle();
    closedOne();
    return allClosed.future();
  }

  void abandon() {
    stopping = true;
    List.copyOf(open).forEach(SmtpClientSession::abandon);
  }

  private void pump() {
    while (!waiting.isEmpty() && !stopping) {
      SmtpClientSession session = freeSession(waiting.element().purpose);
      if (session != null) {
        serve(session, waiting.remove());
      } else if (open.size() + opening < mostConnections() && opening < waiting.size()) {
        openOne();
      } else {
        return;
      }
    }
  }

  private int mostConnections() {
    return Math.min(limit, sessions.settings().connections());
  }

  // Sessions that were authenticated with other secrets have served.
  private @Nullable SmtpClientSession freeSession(Purpose purpose) {
    SmtpClientSession session = idle.pollLast();
    while (session != null && !(session.isUsable() && session.isFor(purpose))) {
      session.quit();
      session = idle.pollLast();
    }
    idleTimer.end();
    return session;
  }

  private void serve(SmtpClientSession session, Job job) {
    services.sending(job.parcel.claim());
    session
        .send(job.parcel)
        .onComplete(
            sent -> {
              Verdict verdict = sent.result();
              if (verdict instanceof Verdict.Stale && !stopping) {
                waiting.addFirst(job);
              } else {
                conclude(job, verdict, session.attempt(verdict));
              }
              // The next message goes at once; the record of this one is written meanwhile.
              reuse(session, verdict);
            });
  }

  private void conclude(Job job, Verdict verdict, Attempt attempt) {
    Progress progress = Progress.DONE;
    if (!(verdict instanceof Verdict.Broken broken)) {
      strikes = 0;
      health.works(to);
      if (limit < sessions.settings().connections() && ++good % GOOD_FOR_MORE == 0) {
        limit++;
      }
    } else if (broken.cause().kind() == Kind.BROKEN && ++strikes >= mostConnections()) {
      progress = new Progress.PutBack(health.failed(to));
      report(job.route, broken.cause().reason());
    } else if (broken.cause().kind() == Kind.BROKEN) {
      log.warn("smtp client error: " + LogText.escape(broken.cause().reason()));
    }
    finish(job, recorder.record(job.parcel.claim(), verdict, attempt), progress);
  }

  private void reuse(SmtpClientSession session, Verdict verdict) {
    if (verdict.isFarewell() && sessions.keepsTroubled()) {
      session.leave();
    }
    if (session.isUsable() && !stopping && open.size() <= sessions.settings().connections()) {
      idle.add(session);
    } else {
      session.quit();
    }
    Duration pause = health.pause(to);
    if (!pause.isZero()) {
      putBackAll(pause, "next hop in trouble", Attempt.NONE);
    }
    pump();
    if (!stopping && isUnused() && idleTimer.isPatient()) {
      rest();
    }
  }

  private void openOne() {
    opening++;
    sessions
        .open(waiting.element().purpose, waiting.element().parcel.claim().id().value())
        .onComplete(
            opened -> {
              opening--;
              if (opened.succeeded()) {
                opened(opened.result());
              } else {
                notOpened(opened.cause());
              }
              closedOne();
            });
  }

  private void opened(SmtpClientSession session) {
    open.add(session);
    log.info("smtp connection to " + session.peer());
    session
        .closed()
        .onComplete(
            v -> {
              open.remove(session);
              idle.remove(session);
              closedOne();
              pump();
            });
    if (stopping) {
      session.quit();
    } else {
      idle.add(session);
      pump();
    }
  }

  private void notOpened(Throwable e) {
    LinkException cause =
        e instanceof LinkException known
            ? known
            : new LinkException(Kind.NOT_CONNECTED, String.valueOf(e));
    if (!open.isEmpty()) {
      limit = Math.max(1, open.size()); // it serves that many, and no more
      pump();
      return;
    }
    Job first = waiting.peek();
    if (opening > 0 || first == null) {
      return; // the last attempt decides
    }
    Duration pause = health.failed(to);
    report(first.route, cause.reason());
    if (cause.kind() == Kind.BROKEN && !stopping) {
      // The next hop spoke: that is this message's verdict, as it would be at any later command.
      Verdict verdict = new Verdict.Broken(cause, Optional.empty());
      Job job = waiting.remove();
      finish(
          job,
          recorder.record(job.parcel.claim(), verdict, cause.attempt()),
          new Progress.PutBack(pause));
    }
    putBackAll(pause, cause.reason(), cause.attempt());
  }

  private void report(Route route, String reason) {
    String text = LogText.escape(reason);
    if (route.origin() == Origin.MESSAGE) {
      log.warn("smtp connection failed: " + text);
    } else {
      log.warn("smtp client error: " + text);
      log.error("forwarding: " + text);
    }
  }

  private void putBackAll(Duration pause, String reason, Attempt attempt) {
    List<Job> jobs = new ArrayList<>(waiting);
    waiting.clear();
    for (Job job : jobs) {
      Future<Void> recorded = recorder.putBack(job.parcel.claim(), pause, reason, attempt);
      finish(job, recorded, new Progress.PutBack(pause));
    }
  }

  private void finish(Job job, Future<Void> recorded, Progress progress) {
    job.parcel.close();
    recorded.onComplete(v -> job.done.complete(progress));
  }

  private Future<Void> quitIdle() {
    List<Future<Void>> quitting = idle.stream().map(SmtpClientSession::quit).toList();
    idle.clear();
    limit = sessions.settings().connections();
    return Future.join(quitting).mapEmpty();
  }

  private void closedOne() {
    if (stopping && open.isEmpty() && opening == 0) {
      allClosed.tryComplete();
    }
  }
}
