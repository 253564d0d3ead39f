package io.stagepost.auth;

import io.stagepost.auth.SaslStep.Accepted;
import io.stagepost.auth.SaslStep.Challenge;
import io.stagepost.auth.SaslStep.Decision;
import io.stagepost.auth.SaslStep.Reason;
import io.stagepost.auth.SaslStep.Refused;
import io.stagepost.auth.ServerAccounts.ScramOffer;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.Map;
import java.util.Optional;

/** SCRAM-SHA-256 (RFC 5802, RFC 7677), without channel binding. */
final class ScramServer implements SaslServer {

  private static final int LONGEST = 4_096;

  private final String nonce;
  private final Check check;
  private State state = new Begun();

  ScramServer(String nonce, Check check) {
    this.nonce = nonce;
    this.check = check;
  }

  /** Knows keys, and decides about what has been said. */
  interface Check {

    Future<ScramOffer> keys(String user);

    Future<Decision> proof(String user, ScramOffer offer, byte[] proof, String message);

    Future<Decision> nonsense();
  }

  private sealed interface State {}

  private record Begun() implements State {}

  private record Offered(String user, ScramOffer offer, String nonce, String header, String said)
      implements State {}

  private record Decided(Decision decision) implements State {}

  @Override
  public String mechanism() {
    return Mechanisms.SCRAM;
  }

  @Override
  public boolean isServerFirst() {
    return false;
  }

  @Override
  public Buffer start() {
    return Buffer.buffer();
  }

  @Override
  public Future<SaslStep> next(Buffer response) {
    if (response.length() > LONGEST) {
      return wrong();
    }
    String message = Octets.text(response.getBytes());
    return switch (state) {
      case Begun begun -> first(message);
      case Offered offered -> last(offered, message);
      case Decided decided -> Future.succeededFuture(decided.decision);
    };
  }

  // gs2-header = "n,," or "y,,", the latter by a client that could bind to the channel.
  private Future<SaslStep> first(String message) {
    int comma = message.indexOf(',');
    int end = message.indexOf(',', comma + 1) + 1;
    if (comma != 1 || end < 3 || "ny".indexOf(message.charAt(0)) < 0) {
      return wrong();
    }
    String bare = message.substring(end);
    Optional<Map<Character, String>> parts = ScramText.attributes(bare);
    Optional<String> user = parts.map(p -> p.getOrDefault('n', "")).flatMap(ScramText::unescaped);
    String theirs = parts.map(p -> p.getOrDefault('r', "")).orElse("");
    String asked = message.substring(2, end - 1);
    if (user.isEmpty()
        || user.get().isEmpty()
        || theirs.isEmpty()
        || parts.get().containsKey('m')
        || !(asked.isEmpty() || asked.equals("a=" + ScramText.escaped(user.get())))) {
      return wrong();
    }
    return check
        .keys(user.get())
        .transform(
            found -> {
              if (found.failed()) {
                return Future.succeededFuture(new Refused(Reason.UNAVAILABLE));
              }
              return Future.succeededFuture(
                  offer(
                      user.get(), found.result(), theirs + nonce, message.substring(0, end), bare));
            });
  }

  private Challenge offer(String user, ScramOffer offer, String both, String header, String bare) {
    String reply =
        "r="
            + both
            + ",s="
            + ScramText.base64(offer.keys().salt().getBytes())
            + ",i="
            + offer.keys().iterations();
    state = new Offered(user, offer, both, header, bare + "," + reply);
    return new Challenge(ScramText.octets(reply));
  }

  private Future<SaslStep> last(Offered offered, String message) {
    Map<Character, String> parts = ScramText.attributes(message).orElse(Map.of());
    Optional<byte[]> proof = Octets.ofBase64(parts.getOrDefault('p', ""));
    String binding = ScramText.base64(SlowHash.octets(offered.header));
    int end = message.lastIndexOf(",p=");
    if (end < 0
        || proof.isEmpty()
        || !parts.getOrDefault('r', "").equals(offered.nonce)
        || !parts.getOrDefault('c', "").equals(binding)) {
      return wrong();
    }
    String signed = offered.said + "," + message.substring(0, end);
    return check
        .proof(offered.user, offered.offer, proof.get(), signed)
        .map(
            decision -> {
              state = new Decided(decision);
              // The client answers the server's signature with nothing (RFC 4954 §4).
              return decision instanceof Accepted
                  ? new Challenge(
                      ScramText.octets(
                          "v=" + ScramText.base64(offered.offer.keys().serverSignature(signed))))
                  : decision;
            });
  }

  private Future<SaslStep> wrong() {
    return check
        .nonsense()
        .map(
            decision -> {
              state = new Decided(decision);
              return decision;
            });
  }
}
