package io.stagepost.auth;

import io.vertx.core.buffer.Buffer;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Messages of SCRAM (RFC 5802 §7). */
final class ScramText {

  private ScramText() {}

  /** The attributes of a message by their letters; empty when it isn't one. */
  static Optional<Map<Character, String>> attributes(String message) {
    Map<Character, String> found = new HashMap<>();
    for (String attribute : message.split(",", -1)) {
      if (attribute.length() < 2
          || attribute.charAt(1) != '='
          || found.put(attribute.charAt(0), attribute.substring(2)) != null) {
        return Optional.empty();
      }
    }
    return Optional.of(found);
  }

  /** A name with the separators escaped. */
  static String escaped(String name) {
    return name.replace("=", "=3D").replace(",", "=2C");
  }

  /** The reverse; empty for any other use of the equals sign. */
  static Optional<String> unescaped(String name) {
    String without = name.replace("=2C", "").replace("=3D", "");
    return without.indexOf('=') >= 0
        ? Optional.empty()
        : Optional.of(name.replace("=2C", ",").replace("=3D", "="));
  }

  /** 144 random bits. */
  static String nonce() {
    return base64(SlowHash.random(18));
  }

  static String base64(byte[] octets) {
    return Base64.getEncoder().encodeToString(octets);
  }

  static Buffer octets(String message) {
    return Buffer.buffer(message);
  }
}
