package io.stagepost.forwarder;

import io.stagepost.config.ForwardSettings;
import io.stagepost.forwarder.LinkException.Kind;
import io.stagepost.net.NextHop;
import io.stagepost.smtp.PeerCapabilities;
import io.stagepost.smtp.Reply;
import io.stagepost.spool.MessageId;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Optional;

/** A session with a next hop (RFC 5321 §3.1): greeting, EHLO, then message after message. */
final class SmtpClientSession {

  // RFC 5321 §4.5.3.2 has no limit for QUIT; its answer changes nothing.
  private static final long QUIT_MILLIS = 1000;

  private final Vertx vertx;
  private final ForwardSettings settings;
  private final NextHop hop;
  private final SmtpLink link;
  private MessageRules rules;
  private boolean leaving;
  private boolean ungreeted;
  private boolean used;
  private boolean doubtful;

  SmtpClientSession(Vertx vertx, ForwardSettings settings, NextHop hop, SmtpLink link) {
    this.vertx = vertx;
    this.settings = settings;
    this.hop = hop;
    this.link = link;
    this.rules = new MessageRules(settings.features(), PeerCapabilities.NONE, link);
  }

  NextHop hop() {
    return hop;
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

  /** Greeting and EHLO; completes with this session. */
  Future<SmtpClientSession> greet() {
    Future<Reply> first = link.expectGreeting();
    Duration patience = settings.timeouts().greeting();
    if (patience.isZero()) {
      return first.compose(this::greeted);
    }
    long timer = vertx.setTimer(Math.max(1, patience.toMillis()), id -> goOnUngreeted(patience));
    return first
        .eventually(() -> Future.succeededFuture(vertx.cancelTimer(timer)))
        .compose(reply -> ungreeted ? answeredUngreeted(reply) : greeted(reply));
  }

  /** Sends a message. Never fails; nothing else may be sent meanwhile. */
  Future<Verdict> send(Parcel parcel) {
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
    Future<Reply> answer = write("QUIT");
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

  private void goOnUngreeted(Duration patience) {
    ungreeted = true;
    String waited = patience.toSeconds() + "s";
    link.log().warn("timeout: no greeting from remote server after " + waited + ": continuing");
    link.write(Protocol.command("EHLO " + ownName(), Buffer.buffer(64), link.log()));
    link.progress();
  }

  // Either the greeting after all, or the answer to EHLO from a server that never greets.
  private Future<SmtpClientSession> answeredUngreeted(Reply reply) {
    return reply.code().value() == 220
        ? link.expect().compose(this::helloAnswered)
        : helloAnswered(reply);
  }

  private Future<SmtpClientSession> greeted(Reply reply) {
    if (reply.code().value() != 220) {
      return unexpected(reply);
    }
    return write("EHLO " + ownName()).compose(this::helloAnswered);
  }

  private Future<SmtpClientSession> helloAnswered(Reply reply) {
    int code = reply.code().value();
    if (code == 250) {
      PeerCapabilities peer = PeerCapabilities.of(reply);
      rules = new MessageRules(settings.features(), peer, link);
      return Future.succeededFuture(this);
    }
    if (code == 500 || code == 501 || code == 502) {
      return write("HELO " + ownName())
          .compose(
              answer ->
                  answer.code().value() == 250 ? Future.succeededFuture(this) : unexpected(answer));
    }
    return unexpected(reply);
  }

  private Future<SmtpClientSession> unexpected(Reply reply) {
    LinkException reason = new LinkException(Kind.BROKEN, Protocol.unexpected(reply));
    link.fail(reason);
    return Future.failedFuture(reason);
  }

  // A name without a dot would be refused by many; the address is what the original sends then.
  private String ownName() {
    if (settings.domain().indexOf('.') >= 0) {
      return settings.domain();
    }
    String address = link.localHost();
    // Bare for IPv4 by custom; RFC 5321 §4.1.3 for IPv6, where bare ones are refused widely.
    return address.indexOf(':') < 0 ? address : "[IPv6:" + address + "]";
  }

  private Future<Reply> write(String line) {
    Future<Reply> reply = link.expect();
    link.write(Protocol.command(line, Buffer.buffer(64), link.log()));
    return reply;
  }
}
