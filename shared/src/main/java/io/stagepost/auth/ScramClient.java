package io.stagepost.auth;

import io.vertx.core.buffer.Buffer;
import java.security.MessageDigest;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** SCRAM-SHA-256 (RFC 5802, RFC 7677), without channel binding. */
final class ScramClient implements SaslClient {

  private static final String HEADER = "n,,";
  private static final int LEAST_ITERATIONS = 4_096;

  // The derivation runs where the session does; more would keep it busy for long.
  private static final int MOST_ITERATIONS = 100_000;

  private final SecretRecord record;
  private final String nonce;
  private final String first;
  private State state = State.SAY_FIRST;
  private byte @Nullable [] signature;

  ScramClient(SecretRecord record, String nonce) {
    this.record = record;
    this.nonce = nonce;
    this.first = "n=" + ScramText.escaped(record.id()) + ",r=" + nonce;
  }

  private enum State {
    SAY_FIRST,
    SAY_PROOF,
    HEAR_SIGNATURE,
    GENUINE,
    FAILED
  }

  @Override
  public String mechanism() {
    return Mechanisms.SCRAM;
  }

  @Override
  public String id() {
    return record.id();
  }

  @Override
  public Optional<Buffer> initial() {
    state = State.SAY_PROOF;
    return Optional.of(ScramText.octets(HEADER + first));
  }

  @Override
  public Optional<Buffer> respond(Buffer challenge) {
    String message = Octets.text(challenge.getBytes());
    Optional<Buffer> response =
        switch (state) {
          case SAY_FIRST -> initial();
          case SAY_PROOF -> proof(message);
          case HEAR_SIGNATURE -> signature(message);
          case GENUINE, FAILED -> Optional.empty();
        };
    if (response.isEmpty()) {
      state = State.FAILED;
    }
    return response;
  }

  @Override
  public boolean isServerGenuine() {
    return state == State.GENUINE;
  }

  @Override
  public String secret() {
    return record.told();
  }

  private Optional<Buffer> proof(String message) {
    Map<Character, String> parts = ScramText.attributes(message).orElse(Map.of());
    String both = parts.getOrDefault('r', "");
    Optional<byte[]> salt = Octets.ofBase64(parts.getOrDefault('s', ""));
    String count = parts.getOrDefault('i', "");
    if (parts.containsKey('m')
        || !both.startsWith(nonce)
        || both.length() == nonce.length()
        || salt.isEmpty()
        || !count.matches("[1-9]\\d{3,5}")) {
      return Optional.empty();
    }
    int iterations = Integer.parseInt(count);
    if (iterations < LEAST_ITERATIONS || iterations > MOST_ITERATIONS) {
      return Optional.empty();
    }
    byte[] salted = ScramKeys.salted(record.secret().getBytes(), salt.get(), iterations);
    String last = "c=" + ScramText.base64(SlowHash.octets(HEADER)) + ",r=" + both;
    String signed = first + "," + message + "," + last;
    signature = ScramKeys.serverSignature(salted, signed);
    state = State.HEAR_SIGNATURE;
    return Optional.of(
        ScramText.octets(last + ",p=" + ScramText.base64(ScramKeys.proof(salted, signed))));
  }

  private Optional<Buffer> signature(String message) {
    String verifier = ScramText.attributes(message).orElse(Map.of()).getOrDefault('v', "");
    Optional<byte[]> theirs = Octets.ofBase64(verifier);
    if (theirs.isEmpty() || !MessageDigest.isEqual(theirs.get(), signature)) {
      return Optional.empty();
    }
    state = State.GENUINE;
    return Optional.of(Buffer.buffer());
  }
}
