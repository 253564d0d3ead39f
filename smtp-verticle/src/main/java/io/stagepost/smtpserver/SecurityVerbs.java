package io.stagepost.smtpserver;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.stagepost.auth.AuthPeer;
import io.stagepost.auth.Privacy;
import io.stagepost.auth.SaslServer;
import io.stagepost.auth.SaslStep;
import io.stagepost.auth.ServerAuthenticator;
import io.stagepost.net.tls.TlsFacts;
import io.stagepost.smtp.Reply;
import io.stagepost.smtpserver.Phase.Outside;
import io.stagepost.smtpserver.Step.HangUp;
import io.stagepost.smtpserver.Step.Penalise;
import io.stagepost.smtpserver.Step.Send;
import io.stagepost.telemetry.LogText;
import io.vertx.core.buffer.Buffer;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** STARTTLS (RFC 3207) and AUTH (RFC 4954). */
final class SecurityVerbs {

  /** The longest line of an exchange (RFC 4954 §4.4). */
  static final int LONGEST_RESPONSE = 12_288;

  private static final String CANCEL = "*";
  private static final String EMPTY = "=";
  private static final int LOGGED_CHARACTERS = 40;

  private final Profile profile;
  private final Client client;
  private final Security security;
  private final Verbs session;

  SecurityVerbs(Profile profile, Client client, Security security, Verbs session) {
    this.profile = profile;
    this.client = client;
    this.security = security;
    this.session = session;
  }

  Step startTls() {
    if (!security.knowsStartTls()) {
      return new Penalise(Replies.UNRECOGNIZED);
    }
    if (session.phase() != Outside.READY || security.isEncrypted()) {
      return new Penalise(Replies.OUT_OF_SEQUENCE);
    }
    return new Step.Encrypt(Optional.of(Replies.START_TLS));
  }

  /** The handshake is over. */
  Step encrypted(TlsFacts facts) {
    security.encrypted(facts);
    client.log().info(facts.established(client.peer()));
    return session.encrypted();
  }

  Step auth(String argument) {
    if (session.phase() != Outside.READY) {
      return new Penalise(Replies.OUT_OF_SEQUENCE);
    }
    if (security.isAuthenticated()) {
      client.log().warn("too many AUTH requests");
      return new Penalise(Replies.OUT_OF_SEQUENCE);
    }
    Optional<ServerAuthenticator> accounts = security.rules().accounts();
    if (accounts.isEmpty()) {
      client.log().warn("client protocol error: AUTH requested but not advertised");
      return new Send(Replies.NOT_IMPLEMENTED);
    }
    String[] words = argument.split("[ \t]+", 2);
    String mechanism = words[0].toUpperCase(Locale.ROOT);
    if (!security.mechanisms().contains(mechanism)) {
      return new Send(unsupported(words[0]));
    }
    SaslServer exchange = accounts.get().begin(mechanism, peer());
    return words.length < 2 ? ask(exchange, exchange.start()) : begin(exchange, words[1]);
  }

  /** A line within an exchange. */
  Step response(byte[] line, SaslServer exchange) {
    session.enter(Outside.READY);
    String text = new String(line, ISO_8859_1);
    if (text.equals(CANCEL)) {
      return new Send(Replies.AUTHENTICATION_CANCELLED);
    }
    Buffer response = decode(text);
    if (response == null) {
      client.log().warn("invalid base64 encoding of authentication response");
      return new Send(Replies.AUTHENTICATION_FAILED);
    }
    return next(exchange, response);
  }

  /** A line within an exchange was too long, which ends it. */
  Step tooLong() {
    session.enter(Outside.READY);
    return new Penalise(Replies.LINE_TOO_LONG);
  }

  private Step begin(SaslServer exchange, String initial) {
    if (exchange.isServerFirst()) {
      client.log().warn("unexpected initial-response with a server-first AUTH mechanism");
      return new Send(Replies.INVALID_ARGUMENT);
    }
    Buffer response = initial.equals(EMPTY) ? Buffer.buffer() : decode(initial);
    if (response == null) {
      client.log().warn("invalid base64 encoding of AUTH parameter");
      return new Send(Replies.INVALID_ARGUMENT);
    }
    return next(exchange, response);
  }

  private Reply unsupported(String mechanism) {
    boolean nothing = security.mechanisms().isEmpty();
    if (nothing && !security.rules().mechanisms(Privacy.ENCRYPTED).isEmpty()) {
      client.log().warn("rejecting authentication attempt without encryption");
      return security.canStartTls()
          ? Replies.UNSUPPORTED_MECHANISM_STARTTLS
          : Replies.UNSUPPORTED_MECHANISM;
    }
    if (nothing) {
      client.log().warn("client protocol error: AUTH requested but not advertised");
    } else {
      String shown = mechanism.substring(0, Math.min(mechanism.length(), LOGGED_CHARACTERS));
      client.log().warn("request for unsupported server AUTH mechanism: " + LogText.escape(shown));
    }
    return Replies.UNSUPPORTED_MECHANISM;
  }

  private Step ask(SaslServer exchange, Buffer challenge) {
    session.enter(new Phase.Authenticating(exchange));
    return new Send(Replies.challenge(challenge));
  }

  private Step next(SaslServer exchange, Buffer response) {
    return new Step.Await(exchange.next(response).map(step -> performed(exchange, step)));
  }

  private Step performed(SaslServer exchange, SaslStep step) {
    return switch (step) {
      case SaslStep.Challenge(Buffer octets) -> ask(exchange, octets);
      case SaslStep.Accepted accepted -> {
        security.authenticated(accepted);
        yield new Send(Replies.AUTHENTICATED);
      }
      case SaslStep.Refused(SaslStep.Reason reason) ->
          switch (reason) {
            case WRONG -> new Send(Replies.AUTHENTICATION_FAILED);
            case UNAVAILABLE -> new Send(Replies.AUTHENTICATION_UNAVAILABLE);
            case BANNED ->
                new HangUp(Replies.TOO_MANY_FAILURES, Verbs.DONE + ": too many failures");
          };
    };
  }

  private AuthPeer peer() {
    return new AuthPeer(
        "smtp", client.address(), security.privacy(), profile.settings().domain(), client.log());
  }

  private static @Nullable Buffer decode(String base64) {
    try {
      return Buffer.buffer(Base64.getDecoder().decode(base64));
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
