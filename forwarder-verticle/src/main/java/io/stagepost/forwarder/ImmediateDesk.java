package io.stagepost.forwarder;

import io.stagepost.bus.BusMessages.ImmediateReply;
import io.stagepost.bus.BusMessages.ImmediateRequest;
import io.stagepost.forwarder.Handshake.Purpose;
import io.stagepost.forwarder.LinkException.Kind;
import io.stagepost.net.NextHop;
import io.stagepost.smtp.Reply;
import io.stagepost.smtp.ReplyCode;
import io.stagepost.spool.Claim;
import io.stagepost.spool.Spool;
import io.stagepost.telemetry.LogText;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Sends messages on while their sender waits, each submitting session's over a connection of its
 * own.
 *
 * <p>Keeps 1,000 connections; beyond that the one that was opened first and is not at work ends,
 * and a further message of its session goes over a new one.
 */
final class ImmediateDesk {

  private static final int MOST = 1000;
  private static final ImmediateReply PROCESSED =
      new ImmediateReply(ReplyCode.OK_250, "message processed");
  private static final ImmediateReply FAILED = refusal("forwarding failed");

  // A submitting session that waits longer gets a new connection.
  private static final Duration IDLE = Duration.ofMinutes(5);

  /** One submitting session's connection. */
  private static final class Line {
    private final IdleTimer idle;
    private Future<?> last = Future.succeededFuture();
    private Optional<SmtpClientSession> session = Optional.empty();

    private Line(IdleTimer idle) {
      this.idle = idle;
    }
  }

  private final Services services;
  private final Spool spool;
  private final Map<String, Line> lines = new LinkedHashMap<>();
  private boolean stopping;

  ImmediateDesk(Services services, Spool spool) {
    this.services = services;
    this.spool = spool;
  }

  /** Sends a message on and tells what to answer the sender. Never fails. */
  Future<ImmediateReply> send(ImmediateRequest request) {
    if (stopping) {
      return Future.succeededFuture(FAILED);
    }
    Line line = lines.computeIfAbsent(request.session(), s -> newLine());
    line.idle.end();
    limit();
    Future<ImmediateReply> reply =
        line.last.transform(
            before -> spool.claim(request.id()).compose(claim -> forward(line, claim)));
    Future<ImmediateReply> safe = reply.recover(e -> trouble(request, e));
    line.last = safe;
    return safe.onSuccess(r -> line.idle.begin(() -> dropSession(line)));
  }

  private Line newLine() {
    return new Line(new IdleTimer(services.vertx(), () -> IDLE));
  }

  private static Future<Void> dropSession(Line line) {
    Future<Void> quit =
        line.session.map(SmtpClientSession::quit).orElseGet(Future::succeededFuture);
    line.session = Optional.empty();
    return quit;
  }

  /** The submitting session has ended. */
  void closed(String session) {
    Line line = lines.remove(session);
    if (line != null) {
      quit(line);
    }
  }

  /** Lets what is under way finish, and ends all connections. */
  Future<Void> stop() {
    stopping = true;
    List<Future<Void>> quits = lines.values().stream().map(this::quit).toList();
    lines.clear();
    return Future.join(quits).mapEmpty();
  }

  void abandon() {
    lines.values().forEach(line -> line.session.ifPresent(SmtpClientSession::abandon));
  }

  private Future<ImmediateReply> forward(Line line, Claim claim) {
    Recorder recorder = services.recorder();
    if (claim.envelope().recipients().remote().isEmpty()) {
      return recorder.released(claim).map(PROCESSED);
    }
    String own = claim.envelope().routing().forwardToAddress();
    Optional<NextHop> hop =
        own.isEmpty() ? services.sessions().settings().nextHop() : HopParser.parse(own);
    if (hop.isEmpty()) {
      return recorder.discarded(claim, "no next hop", Attempt.NONE).map(FAILED);
    }
    return Parcel.open(claim)
        .compose(
            parcel ->
                forward(line, parcel, destination(claim, hop.get()))
                    .onComplete(r -> parcel.close()),
            e -> recorder.record(claim, new Verdict.Unreadable(e), Attempt.NONE).map(FAILED));
  }

  private static Destination destination(Claim claim, NextHop hop) {
    return new Destination(hop, claim.envelope().routing().accountSelector());
  }

  private Future<ImmediateReply> forward(Line line, Parcel parcel, Destination to) {
    Future<SmtpClientSession> opened =
        services.sessions().purpose(to).compose(purpose -> session(line, parcel.claim(), purpose));
    services.sending(parcel.claim());
    return opened.compose(
        session -> {
          session.announce(parcel.claim().id());
          return session
              .send(parcel)
              .compose(
                  verdict ->
                      verdict instanceof Verdict.Stale
                          ? forward(line, parcel, to)
                          : answer(line, session, parcel, verdict));
        },
        e -> notOpened(parcel.claim(), e));
  }

  private Future<SmtpClientSession> session(Line line, Claim claim, Purpose purpose) {
    Optional<SmtpClientSession> kept = line.session.filter(s -> s.isUsable() && s.isFor(purpose));
    if (kept.isPresent()) {
      return Future.succeededFuture(kept.get());
    }
    line.session.ifPresent(SmtpClientSession::quit);
    line.session = Optional.empty();
    return services
        .sessions()
        .open(purpose, claim.id().value())
        .onSuccess(session -> line.session = Optional.of(session));
  }

  private Future<ImmediateReply> answer(
      Line line, SmtpClientSession session, Parcel parcel, Verdict verdict) {
    line.session.ifPresent(verdict.isFarewell() ? SmtpClientSession::leave : s -> s.rest());
    return services
        .recorder()
        .record(parcel.claim(), verdict, session.attempt(verdict))
        .map(reply(verdict));
  }

  private static ImmediateReply reply(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Accepted v when v.refused().isEmpty() -> PROCESSED;
      case Verdict.Accepted v -> refusal("one or more recipients rejected");
      case Verdict.RecipientsRefused v -> refusal("one or more recipients rejected");
      case Verdict.Refused v -> passedOn(v.reply());
      case Verdict.Unsendable v -> FAILED;
      case Verdict.Broken v -> FAILED;
      case Verdict.Stale v -> FAILED;
      case Verdict.Unreadable v -> FAILED;
    };
  }

  // A 3xx would leave the sender waiting for something.
  private static ImmediateReply passedOn(Reply reply) {
    return reply.code().value() < 400 ? FAILED : new ImmediateReply(reply.code(), reply.text(" "));
  }

  // The sender was told, and will come again: what was not tried must not be sent by a later run.
  private Future<ImmediateReply> notOpened(Claim claim, Throwable e) {
    services.log().warn("smtp client error: " + LogText.escape(String.valueOf(e.getMessage())));
    String reason = String.valueOf(e.getMessage());
    Attempt attempt = e instanceof LinkException known ? known.attempt() : Attempt.NONE;
    boolean spoke = e instanceof LinkException cause && cause.kind() == Kind.BROKEN;
    Future<Void> recorded =
        spoke
            ? services.recorder().failed(claim, reason, Optional.empty(), attempt)
            : services.recorder().discarded(claim, reason, attempt);
    return recorded.map(FAILED);
  }

  private Future<ImmediateReply> trouble(ImmediateRequest request, Throwable e) {
    String reason = LogText.escape(String.valueOf(e.getMessage()));
    services.log().warn("forwarding [" + request.id() + "]: " + reason);
    return Future.succeededFuture(FAILED);
  }

  private void limit() {
    if (lines.size() <= MOST) {
      return;
    }
    lines.entrySet().stream()
        .filter(e -> e.getValue().last.isComplete())
        .map(Map.Entry::getKey)
        .findFirst()
        .ifPresent(this::closed);
  }

  private Future<Void> quit(Line line) {
    return line.last.transform(
        done -> {
          line.idle.cancel();
          return dropSession(line);
        });
  }

  private static ImmediateReply refusal(String text) {
    return new ImmediateReply(ReplyCode.INSUFFICIENT_STORAGE_452, text);
  }
}
