package io.stagepost.admin.webhook;

import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A secret that a receiver knows too.
 *
 * @param secret as it is shown: {@code whsec_} and the key in base64
 * @param until when it signs no more; empty for the one in use
 */
record SigningKey(String secret, Optional<Instant> until) {

  private static final String PREFIX = "whsec_";
  private static final String ALGORITHM = "HmacSHA256";
  private static final int OCTETS = 32;
  private static final SecureRandom RANDOM = new SecureRandom();

  /** A new one. */
  static SigningKey next() {
    byte[] key = new byte[OCTETS];
    RANDOM.nextBytes(key);
    return new SigningKey(PREFIX + Base64.getEncoder().encodeToString(key), Optional.empty());
  }

  /** The same for a limited time. */
  SigningKey until(Instant end) {
    return new SigningKey(secret, Optional.of(end));
  }

  boolean isGood(Instant now) {
    return until.isEmpty() || until.get().isAfter(now);
  }

  /** The signature of a request, as Standard Webhooks 1.0.0 has it: {@code v1,<base64>}. */
  String sign(String id, long timestamp, String body) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(
          new SecretKeySpec(
              Base64.getDecoder().decode(secret.substring(PREFIX.length())), ALGORITHM));
      String signed = id + '.' + timestamp + '.' + body;
      return "v1,"
          + Base64.getEncoder()
              .encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  JsonObject toFile() {
    JsonObject json = JsonObject.of("secret", secret);
    until.ifPresent(time -> json.put("until", time.toString()));
    return json;
  }

  static SigningKey ofFile(JsonObject json) {
    return new SigningKey(
        json.getString("secret"), Optional.ofNullable(json.getString("until")).map(Instant::parse));
  }
}
