package io.stagepost.auth;

import io.vertx.core.buffer.Buffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.generators.PKCS5S2ParametersGenerator;
import org.bouncycastle.crypto.params.KeyParameter;

/**
 * What a server keeps for SCRAM-SHA-256 instead of the password (RFC 5802 §3, RFC 7677), written as
 * in RFC 5803: {@code SCRAM-SHA-256$<iterations>:<salt>$<stored key>:<server key>}.
 */
record ScramKeys(int iterations, Buffer salt, Buffer storedKey, Buffer serverKey) {

  /** RFC 7677 §4 asks for more than 4,096. */
  static final int ITERATIONS = 15_000;

  private static final int LEAST_ITERATIONS = 4_096;
  private static final int MOST_ITERATIONS = 1_000_000;
  private static final int SALT = 16;
  private static final int KEY = 32;
  private static final String HMAC = "HmacSHA256";
  private static final Pattern SYNTAX =
      Pattern.compile("SCRAM-SHA-256\\$(\\d{1,7}):([^$:]{1,128})\\$([^$:]+):([^$:]+)");

  static Optional<ScramKeys> parse(String text) {
    Matcher parts = SYNTAX.matcher(text);
    if (!parts.matches()) {
      return Optional.empty();
    }
    int iterations = Integer.parseInt(parts.group(1));
    Optional<byte[]> salt = Octets.ofBase64(parts.group(2));
    Optional<byte[]> stored = Octets.ofBase64(parts.group(3)).filter(key -> key.length == KEY);
    Optional<byte[]> server = Octets.ofBase64(parts.group(4)).filter(key -> key.length == KEY);
    return iterations >= LEAST_ITERATIONS
            && iterations <= MOST_ITERATIONS
            && salt.isPresent()
            && stored.isPresent()
            && server.isPresent()
        ? Optional.of(
            new ScramKeys(
                iterations,
                Buffer.buffer(salt.get()),
                Buffer.buffer(stored.get()),
                Buffer.buffer(server.get())))
        : Optional.empty();
  }

  /** Makes the keys of a new password; takes milliseconds. */
  static ScramKeys of(byte[] password) {
    return of(password, SlowHash.random(SALT), ITERATIONS);
  }

  static ScramKeys of(byte[] password, byte[] salt, int iterations) {
    byte[] salted = salted(password, salt, iterations);
    return new ScramKeys(
        iterations,
        Buffer.buffer(salt),
        Buffer.buffer(sha256(hmac(salted, "Client Key"))),
        Buffer.buffer(hmac(salted, "Server Key")));
  }

  /** Whether the keys are those of a password; takes milliseconds. */
  boolean matches(byte[] password) {
    ScramKeys made = of(password, salt.getBytes(), iterations);
    return MessageDigest.isEqual(made.storedKey.getBytes(), storedKey.getBytes());
  }

  /** Whether a proof shows that the client has the key (RFC 5802 §3). */
  boolean proves(byte[] proof, String message) {
    byte[] signature = hmac(storedKey.getBytes(), message);
    return proof.length == KEY
        && MessageDigest.isEqual(sha256(xor(signature, proof)), storedKey.getBytes());
  }

  byte[] serverSignature(String message) {
    return hmac(serverKey.getBytes(), message);
  }

  /** The proof of a client that knows the password (RFC 5802 §3). */
  static byte[] proof(byte[] salted, String message) {
    byte[] clientKey = hmac(salted, "Client Key");
    return xor(clientKey, hmac(sha256(clientKey), message));
  }

  static byte[] serverSignature(byte[] salted, String message) {
    return hmac(hmac(salted, "Server Key"), message);
  }

  /** {@code Hi()} of RFC 5802 §2.2, which is PBKDF2 with one block. */
  static byte[] salted(byte[] password, byte[] salt, int iterations) {
    PKCS5S2ParametersGenerator generator = new PKCS5S2ParametersGenerator(new SHA256Digest());
    generator.init(SaslPrep.prepared(password), salt, iterations);
    return ((KeyParameter) generator.generateDerivedMacParameters(8 * KEY)).getKey();
  }

  static byte[] hmac(byte[] key, String message) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(key.length == 0 ? new byte[1] : key, HMAC));
      return mac.doFinal(SlowHash.octets(message));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] sha256(byte[] input) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(input);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] xor(byte[] left, byte[] right) {
    byte[] out = left.clone();
    for (int i = 0; i < out.length; i++) {
      out[i] ^= right[i];
    }
    return out;
  }

  @Override
  public String toString() {
    Base64.Encoder base64 = Base64.getEncoder();
    return "SCRAM-SHA-256$"
        + iterations
        + ":"
        + base64.encodeToString(salt.getBytes())
        + "$"
        + base64.encodeToString(storedKey.getBytes())
        + ":"
        + base64.encodeToString(serverKey.getBytes());
  }
}
