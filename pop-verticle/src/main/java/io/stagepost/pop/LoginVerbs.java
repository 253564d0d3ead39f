package io.stagepost.pop;

import io.stagepost.auth.AuthPeer;
import io.stagepost.auth.Privacy;
import io.stagepost.auth.SaslServer;
import io.stagepost.auth.SaslStep;
import io.stagepost.auth.ServerAuthenticator;
import io.stagepost.pop.Phase.Exchanging;
import io.stagepost.pop.Phase.Named;
import io.stagepost.pop.Phase.Transaction;
import io.stagepost.pop.Phase.Unknown;
import io.stagepost.pop.Phase.Upgrading;
import io.stagepost.pop.Step.Await;
import io.stagepost.pop.Step.Send;
import io.stagepost.pop.maildrop.Maildrop;
import io.stagepost.pop.maildrop.MaildropException;
import io.stagepost.telemetry.LogText;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The commands by which a client says who it is (RFC 1939 §4, §7, RFC 5034, RFC 2595 §4). */
final class LoginVerbs {

  private static final String APOP = "APOP";
  private static final String NO_INITIAL = "";
  private static final String EMPTY_INITIAL = "=";
  private static final String CANCEL = "*";

  private final Profile profile;
  private final Client client;
  private final Desk desk;
  private final Verbs verbs;
  private @Nullable String challenge;

  /** Opens maildrops for those who are let in. */
  interface Desk {
    Future<Maildrop> open(String account);

    Retrieval.Reading reading();
  }

  LoginVerbs(Profile profile, Client client, Desk desk, Verbs verbs) {
    this.profile = profile;
    this.client = client;
    this.desk = desk;
    this.verbs = verbs;
  }

  /** The first step of a session. */
  Step greet() {
    if (!profile.offersApop(verbs.privacy())) {
      return new Send(Replies.READY);
    }
    String fresh = accounts().newChallenge(profile.settings().domain());
    challenge = fresh;
    return new Send(Replies.READY + " " + fresh);
  }

  Step user(String name) {
    if (!profile.offersPassword(verbs.privacy())) {
      return new Send(Replies.NO_PASSWORD);
    }
    verbs.enter(new Named(name));
    return new Send("+OK user: " + name);
  }

  Step pass(String password) {
    if (!(verbs.phase() instanceof Named named)) {
      return new Send(Replies.ERR);
    }
    verbs.enter(new Unknown());
    return decide(accounts().password(named.user(), password, peer()), How.COMMAND);
  }

  Step apop(String name, String digest) {
    String shown = challenge;
    challenge = null; // it is good for one attempt
    boolean offered = profile.offersApop(verbs.privacy());
    if (shown == null || !offered || name.isEmpty() || digest.isEmpty()) {
      return new Send(Replies.ERR);
    }
    return decide(accounts().apop(name, digest, shown, peer()), How.COMMAND);
  }

  Step auth(String mechanism, String initial) {
    challenge = null;
    if (mechanism.isEmpty()) {
      return new Step.SendLines(Lines.of(Replies.OK, profile.mechanisms(verbs.privacy())));
    }
    boolean encryptionHelps =
        verbs.privacy() == Privacy.CLEAR && profile.access().tls().isPresent();
    if (profile.mechanisms(verbs.privacy()).isEmpty() && encryptionHelps) {
      client.log().warn("rejecting authentication attempt without encryption");
      return new Send(Replies.NEEDS_STLS);
    }
    boolean offered =
        profile.mechanisms(verbs.privacy()).stream().anyMatch(mechanism::equalsIgnoreCase);
    if (!offered || mechanism.equalsIgnoreCase(APOP)) {
      client
          .log()
          .warn("request for unsupported server AUTH mechanism: " + LogText.escape(mechanism));
      return new Send(Replies.INVALID_MECHANISM);
    }
    return begin(accounts().begin(mechanism, peer()), initial);
  }

  private Step begin(SaslServer server, String initial) {
    if (initial.equals(NO_INITIAL)) {
      verbs.enter(new Exchanging(server));
      return new Send(challenge(server.start()));
    }
    if (server.isServerFirst()) {
      client.log().warn("unexpected initial-response with a server-first AUTH mechanism");
      return new Send(Replies.INVALID_INITIAL);
    }
    return decode(initial.equals(EMPTY_INITIAL) ? "" : initial)
        .map(response -> exchange(server, response))
        .orElseGet(
            () -> {
              client.log().warn("invalid base64 encoding of AUTH parameter");
              return new Send(Replies.INVALID_INITIAL);
            });
  }

  /** A line that is a response in an exchange. */
  Step response(Exchanging exchanging, String line) {
    verbs.enter(new Unknown());
    if (line.equals(CANCEL)) {
      return new Send(Replies.ERR);
    }
    Optional<Buffer> response = decode(line);
    if (response.isEmpty()) {
      client.log().warn("invalid base64 encoding of authentication response");
      return new Send(Replies.ERR);
    }
    return exchange(exchanging.server(), response.get());
  }

  private Step exchange(SaslServer server, Buffer response) {
    return new Await(
        server
            .next(response)
            .map(
                step ->
                    switch (step) {
                      case SaslStep.Challenge(Buffer octets) -> {
                        verbs.enter(new Exchanging(server));
                        yield new Send(challenge(octets));
                      }
                      case SaslStep.Decision decision ->
                          decide(Future.succeededFuture(decision), How.MECHANISM);
                    }));
  }

  Step stls() {
    boolean possible = profile.access().tls().isPresent() && verbs.privacy() == Privacy.CLEAR;
    if (!possible) {
      return new Send(Replies.ERR);
    }
    verbs.enter(new Upgrading());
    return new Step.Upgrade(Replies.OK);
  }

  private enum How {
    COMMAND,
    MECHANISM
  }

  private Step decide(Future<? extends SaslStep.Decision> decided, How how) {
    return new Await(
        decided.compose(
            decision ->
                switch (decision) {
                  case SaslStep.Accepted accepted -> {
                    if (how == How.MECHANISM) {
                      client
                          .log()
                          .info(
                              "pop authentication of "
                                  + LogText.escape(accepted.identity())
                                  + " connected from "
                                  + client.peer());
                    }
                    yield enter(accepted.identity());
                  }
                  case SaslStep.Refused refused ->
                      Future.succeededFuture(refusal(refused.reason()));
                }));
  }

  private Future<Step> enter(String account) {
    return desk.open(account)
        .<Step>map(
            maildrop -> {
              verbs.enter(new Transaction(new Mailbox(account, maildrop, desk.reading())));
              return new Send(Replies.OK);
            })
        .otherwise(
            e -> {
              client.log().warn("pop: no maildrop: " + LogText.escape(String.valueOf(e)));
              return new Send(profile.refusal(reason(e)));
            });
  }

  private static String reason(Throwable e) {
    if (e instanceof MaildropException no) {
      return switch (no.reason()) {
        case IN_USE -> Replies.IN_USE;
        case BAD_NAME -> Replies.PERMANENT;
      };
    }
    return Replies.TEMPORARY;
  }

  private Step refusal(SaslStep.Reason reason) {
    return switch (reason) {
      case WRONG -> new Send(profile.refusal(Replies.AUTH));
      case UNAVAILABLE -> new Send(profile.refusal(Replies.TEMPORARY));
      case BANNED ->
          new Step.HangUp(profile.refusal(Replies.AUTH), "too many failed authentications");
    };
  }

  private ServerAuthenticator accounts() {
    return profile.access().accounts();
  }

  private AuthPeer peer() {
    return new AuthPeer(
        "pop", client.address(), verbs.privacy(), profile.settings().domain(), client.log());
  }

  private static String challenge(Buffer octets) {
    return "+ " + Base64.getEncoder().encodeToString(octets.getBytes());
  }

  private static Optional<Buffer> decode(String base64) {
    try {
      byte[] octets = Base64.getDecoder().decode(base64.getBytes(StandardCharsets.ISO_8859_1));
      return Optional.of(Buffer.buffer(octets));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
