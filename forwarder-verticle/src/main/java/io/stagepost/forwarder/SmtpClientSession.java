package io.stagepost.forwarder;

import io.stagepost.config.ForwardSettings;
import io.stagepost.forwarder.Dialogue.Form;
import io.stagepost.forwarder.Handshake.Agreement;
import io.stagepost.forwarder.Handshake.Purpose;
import io.stagepost.forwarder.LinkException.Kind;
import io.stagepost.smtp.Reply;
import io.stagepost.spool.MessageId;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Optional;

/** A session with a next hop (RFC 5321 §3.1) after its beginning: message after message. */
final class SmtpClientSession {

  // RFC 5321 §4.5.3.2 has no limit for QUIT; its answer changes nothing.
  private static final long QUIT_MILLIS = 1000;

  private final Vertx vertx;
  private final ForwardSettings settings;
  private final Purpose purpose;
  private final SmtpLink link;
  private final MessageRules rules;
  private boolean leaving;
  private boolean used;
  private boolean doubtful;

  /** A session that has begun; settings are those of the forwarder. */
  SmtpClientSession(
      Vertx vertx, ForwardSettings settings, Purpose purpose, SmtpLink link, Agreement agreement) {
    this.vertx = vertx;
    this.settings = settings;
    this.purpose = purpose;
    this.link = link;
    this.rules = new MessageRules(settings.features(), agreement, link);
  }

  /** Whether it may be used for this: changed secrets make another purpose. */
  boolean isFor(Purpose other) {
    return purpose.equals(other);
  }

  String peer() {
    return link.peer();
  }

  /** Whether another message may be sent. */
  boolean isUsable() {
    return link.isOpen() && !leaving;
  }

  /** Completes when the connection has gone. */
  Future<LinkException> closed() {
    return link.closed();
  }

  /** Says in the log that a message goes over this connection. */
  void announce(MessageId id) {
    link.about(id.value());
    link.log().info("smtp connection to " + link.peer());
  }

  /** Sends a message. Never fails; nothing else may be sent meanwhile. */
  Future<Verdict> send(Parcel parcel) {
    // The first message's attempt has begun with the connection.
    if (used) {
      link.dialogue().begin();
      link.dialogue().note("on the same connection to " + link.peer());
    }
    link.about(parcel.claim().id().value());
    Optional<Verdict.Unsendable> objection = rules.objection(parcel.claim());
    if (objection.isPresent()) {
      return Future.succeededFuture(objection.get());
    }
    boolean mayBeGone = used && doubtful;
    used = true;
    doubtful = false;
    Transfer transfer = new Transfer(link, rules, settings.recipients(), parcel);
    return transfer
        .run()
        .map(
            verdict -> {
              doubtful = verdict.isFarewell();
              boolean stale =
                  verdict instanceof Verdict.Broken b
                      && b.cause().kind() == Kind.BROKEN
                      && !transfer.isAnswered();
              return stale && mayBeGone ? new Verdict.Stale() : verdict;
            });
  }

  /** How the attempt with the last message went, in short when all was well. */
  Attempt attempt(Verdict verdict) {
    boolean well = verdict instanceof Verdict.Accepted a && a.refused().isEmpty();
    return Attempt.of(purpose.to().hop(), link, well ? Form.SHORT : Form.FULL);
  }

  /** The connection is not used for a while, and may be closed by the peer meanwhile. */
  void rest() {
    doubtful = true;
  }

  /** No further message goes over this session. */
  void leave() {
    leaving = true;
  }

  /** Ends the session politely. Never fails. */
  Future<Void> quit() {
    leaving = true;
    if (!link.isOpen()) {
      return Future.succeededFuture();
    }
    long timer = vertx.setTimer(QUIT_MILLIS, id -> abandon());
    Future<Reply> answer = link.request("QUIT");
    return answer.transform(
        r -> {
          vertx.cancelTimer(timer);
          abandon();
          return Future.succeededFuture();
        });
  }

  /** Ends the session at once; a message under way is without a verdict. */
  void abandon() {
    leaving = true;
    link.fail(new LinkException(Kind.ABANDONED, "forwarding stopped"));
  }
}
