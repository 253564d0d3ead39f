package io.stagepost.forwarder;

import io.stagepost.auth.ClientSelection;
import io.stagepost.config.ForwardSettings;
import io.stagepost.config.ForwardSettings.TemporaryFailures.Outcome;
import io.stagepost.config.SecuritySettings.Author;
import io.stagepost.config.SecuritySettings.Need;
import io.stagepost.config.SecuritySettings.Tls;
import io.stagepost.forwarder.Authentication.Protection;
import io.stagepost.forwarder.LinkException.Kind;
import io.stagepost.net.tls.ClientTls;
import io.stagepost.net.tls.TlsException;
import io.stagepost.smtp.PeerCapabilities;
import io.stagepost.smtp.PeerCapabilities.Extension;
import io.stagepost.smtp.Reply;
import io.stagepost.telemetry.LogText;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Optional;

/**
 * The beginning of a session with a next hop: TLS, greeting, EHLO, STARTTLS (RFC 3207), EHLO again,
 * AUTH. Fails with {@link LinkException}, and the link is broken then.
 */
final class Handshake {

  private static final String MANDATED = "smtp error: tls is mandated but the server cannot do ";

  /**
   * What both sides know afterwards.
   *
   * @param identity the account that we are authenticated as
   * @param author whom to name as a message's author then
   */
  record Agreement(PeerCapabilities peer, Optional<String> identity, Author author) {}

  /**
   * What a session is for.
   *
   * @param security how it is protected; another one makes another purpose
   */
  record Purpose(Destination to, ClientSelection identity, ClientSecurity security) {}

  private final Vertx vertx;
  private final ForwardSettings settings;
  private final ClientSecurity security;
  private final Purpose purpose;
  private final SmtpLink link;
  private boolean ungreeted;
  private boolean encrypted;

  Handshake(Vertx vertx, ForwardSettings settings, Purpose purpose, SmtpLink link) {
    this.vertx = vertx;
    this.settings = settings;
    this.purpose = purpose;
    this.security = purpose.security;
    this.link = link;
  }

  Future<Agreement> run() {
    return isConfigured(Tls.IMPLICIT) ? encrypt().compose(v -> greeting()) : greeting();
  }

  private Future<Agreement> greeting() {
    Future<Reply> first = link.expectGreeting();
    Duration patience = settings.timeouts().greeting();
    if (patience.isZero()) {
      return first.compose(this::greeted);
    }
    long timer = vertx.setTimer(Math.max(1, patience.toMillis()), id -> goOnUngreeted(patience));
    return first
        .onComplete(r -> vertx.cancelTimer(timer))
        .compose(reply -> ungreeted ? answeredUngreeted(reply) : greeted(reply));
  }

  private void goOnUngreeted(Duration patience) {
    ungreeted = true;
    String waited = patience.toSeconds() + "s";
    link.log().warn("timeout: no greeting from remote server after " + waited + ": continuing");
    link.send("EHLO " + ownName());
    link.progress();
  }

  // Either the greeting after all, or the answer to EHLO from a server that never greets.
  private Future<Agreement> answeredUngreeted(Reply reply) {
    return reply.code().value() == 220
        ? link.expect().compose(this::helloAnswered)
        : helloAnswered(reply);
  }

  private Future<Agreement> greeted(Reply reply) {
    return reply.code().value() == 220 ? hello() : unexpected(reply);
  }

  private Future<Agreement> hello() {
    return link.request("EHLO " + ownName()).compose(this::helloAnswered);
  }

  private Future<Agreement> helloAnswered(Reply reply) {
    int code = reply.code().value();
    if (code == 250) {
      return introduced(PeerCapabilities.of(reply));
    }
    if (code != 500 && code != 501 && code != 502) {
      return unexpected(reply);
    }
    if (mustEncrypt()) {
      return fail(MANDATED + "esmtp");
    }
    return link.request("HELO " + ownName())
        .compose(
            answer ->
                answer.code().value() == 250
                    ? introduced(PeerCapabilities.NONE)
                    : unexpected(answer));
  }

  private Future<Agreement> introduced(PeerCapabilities peer) {
    if (!isConfigured(Tls.STARTTLS) || encrypted) {
      return authenticate(peer);
    }
    if (peer.offers(Extension.STARTTLS)) {
      return link.request("STARTTLS").compose(this::startTls);
    }
    if (mustEncrypt()) {
      return fail(MANDATED + "starttls");
    }
    link.log().warn("tls: not offered by " + link.peer() + ": continuing in the clear");
    return authenticate(peer);
  }

  // RFC 3207 §4.2: what was said before is forgotten.
  private Future<Agreement> startTls(Reply reply) {
    return switch (reply.code().value()) {
      case 220 -> encrypt().compose(v -> hello());
      case 454 -> fail("tls/ssl error: " + reply.text("\n"));
      default -> unexpected(reply);
    };
  }

  private Future<Void> encrypt() {
    ClientTls.Peer peer;
    try {
      peer = security.tls().to(purpose.to.hop().host());
    } catch (TlsException e) {
      return fail("tls/ssl error: " + e.getMessage());
    }
    return link.encrypt(peer)
        .compose(
            facts -> {
              encrypted = true;
              link.log().info(facts.established(link.peer()));
              return Future.succeededFuture();
            },
            this::notEncrypted);
  }

  private Future<Void> notEncrypted(Throwable e) {
    if (e instanceof LinkException) {
      return Future.failedFuture(e);
    }
    String detail = String.valueOf(e.getMessage());
    link.log().warn("tls: tls error: SSL_connect(): [" + LogText.escape(detail) + "]");
    String reason = "peer disconnected: ssl connect";
    // Where it is kept for long, its reason is looked at without the log at hand.
    return fail(
        settings.temporaryFailures().outcome() == Outcome.KEEP ? reason + ": " + detail : reason);
  }

  private Future<Agreement> authenticate(PeerCapabilities peer) {
    Protection protection =
        !encrypted
            ? Protection.NONE
            : security.isVerifying() ? Protection.VERIFIED : Protection.ENCRYPTED;
    return new Authentication(link, security.settings().passwords(), protection)
        .run(purpose.identity, peer.mechanisms())
        .map(identity -> new Agreement(peer, identity, security.settings().author()));
  }

  private boolean isConfigured(Tls how) {
    return security.settings().tls() == how;
  }

  private boolean mustEncrypt() {
    return security.settings().need() == Need.REQUIRED && !encrypted;
  }

  private <T> Future<T> unexpected(Reply reply) {
    return fail(Protocol.unexpected(reply));
  }

  private <T> Future<T> fail(String reason) {
    LinkException cause = new LinkException(Kind.BROKEN, reason);
    link.fail(cause);
    return Future.failedFuture(cause);
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
}
