package io.stagepost.auth;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * A password that has become the two states from which HMAC resumes (RFC 2104 §4), so that it need
 * not be kept itself. Who has it can do whatever HMAC does with the password.
 */
final class HmacKey {

  private static final int DOTTED_WORDS = 8;

  private final HmacHash hash;
  private final byte[] inner;
  private final byte[] outer;

  private HmacKey(HmacHash hash, byte[] inner, byte[] outer) {
    this.hash = hash;
    this.inner = inner;
    this.outer = outer;
  }

  /** Makes the states of a password. */
  static HmacKey of(HmacHash hash, byte[] password) {
    byte[] key = password.length > hash.block() ? hash.hash(password) : password;
    return new HmacKey(
        hash, hash.stateAfter(padded(hash, key, 0x36)), hash.stateAfter(padded(hash, key, 0x5c)));
  }

  /** Reads what {@link #encoded} or {@link #dotted} wrote; empty when it is neither. */
  static Optional<HmacKey> parse(HmacHash hash, String text) {
    Optional<byte[]> both = hash == HmacHash.MD5 ? undotted(text) : Optional.empty();
    if (both.isEmpty()) {
      both = Octets.ofBase64(text);
    }
    return both.filter(octets -> octets.length == 2 * hash.size())
        .map(
            octets ->
                new HmacKey(
                    hash,
                    Arrays.copyOf(octets, hash.size()),
                    Arrays.copyOfRange(octets, hash.size(), octets.length)));
  }

  /** HMAC of a message (RFC 2104 §2). */
  byte[] mac(byte[] message) {
    return hash.resume(outer, hash.resume(inner, message));
  }

  /** Inner and outer state in base64. */
  String encoded() {
    return Base64.getEncoder().encodeToString(both());
  }

  /** Inner and outer state as little-endian decimals. */
  String dotted() {
    ByteBuffer words = ByteBuffer.wrap(both()).order(ByteOrder.LITTLE_ENDIAN);
    List<String> decimals = new ArrayList<>();
    while (words.hasRemaining()) {
      decimals.add(Integer.toUnsignedString(words.getInt()));
    }
    return String.join(".", decimals);
  }

  private byte[] both() {
    byte[] both = Arrays.copyOf(inner, inner.length + outer.length);
    System.arraycopy(outer, 0, both, inner.length, outer.length);
    return both;
  }

  private static Optional<byte[]> undotted(String text) {
    String[] decimals = text.split("\\.", -1);
    if (decimals.length != DOTTED_WORDS) {
      return Optional.empty();
    }
    ByteBuffer words = ByteBuffer.allocate(4 * DOTTED_WORDS).order(ByteOrder.LITTLE_ENDIAN);
    try {
      for (String decimal : decimals) {
        words.putInt(Integer.parseUnsignedInt(decimal));
      }
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
    return Optional.of(words.array());
  }

  private static byte[] padded(HmacHash hash, byte[] key, int pad) {
    byte[] block = Arrays.copyOf(key, hash.block());
    for (int i = 0; i < block.length; i++) {
      block[i] ^= (byte) pad;
    }
    return block;
  }
}
