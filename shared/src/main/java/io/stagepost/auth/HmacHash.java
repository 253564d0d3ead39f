package io.stagepost.auth;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.bouncycastle.crypto.ExtendedDigest;
import org.bouncycastle.crypto.digests.EncodableDigest;
import org.bouncycastle.crypto.digests.MD5Digest;
import org.bouncycastle.crypto.digests.SHA1Digest;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.digests.SHA512Digest;

/** A hash function whose computation can be interrupted, for HMAC (RFC 2104 §4). */
enum HmacHash {
  MD5(SecretType.MD5, 16, 64, 16, WordOrder.LITTLE),
  SHA1(SecretType.SHA1, 20, 64, 16, WordOrder.BIG),
  SHA256(SecretType.SHA256, 32, 64, 16, WordOrder.BIG),
  SHA512(SecretType.SHA512, 64, 128, 28, WordOrder.BIG);

  private final SecretType type;
  private final int size;
  private final int block;
  private final int offset;
  private final WordOrder order;

  /**
   * Describes a function.
   *
   * @param offset of the chaining words in the library's encoded state
   * @param order of octets in words where secrets are kept; the library's is big-endian
   */
  HmacHash(SecretType type, int size, int block, int offset, WordOrder order) {
    this.type = type;
    this.size = size;
    this.block = block;
    this.offset = offset;
    this.order = order;
  }

  private enum WordOrder {
    BIG,
    LITTLE
  }

  static Optional<HmacHash> of(SecretType type) {
    for (HmacHash hash : values()) {
      if (hash.type == type) {
        return Optional.of(hash);
      }
    }
    return Optional.empty();
  }

  /** The hash of a mechanism as {@code CRAM-MD5}. */
  static HmacHash ofMechanism(String mechanism) {
    return valueOf(mechanism.substring("CRAM-".length()).toUpperCase(Locale.ROOT));
  }

  SecretType type() {
    return type;
  }

  String mechanism() {
    return "CRAM-" + name();
  }

  /** Octets of a result, and of the state within one. */
  int size() {
    return size;
  }

  /** Octets that are hashed at a time. */
  int block() {
    return block;
  }

  byte[] hash(byte[] input) {
    ExtendedDigest digest = fresh();
    digest.update(input, 0, input.length);
    return result(digest);
  }

  /** The chaining state after one block. */
  byte[] stateAfter(byte[] firstBlock) {
    ExtendedDigest digest = fresh();
    digest.update(firstBlock, 0, firstBlock.length);
    return state(digest);
  }

  /** The hash of what led to a state after one block, followed by the input. */
  byte[] resume(byte[] state, byte[] input) {
    ExtendedDigest digest = fresh();
    digest.update(new byte[block], 0, block);
    byte[] encoded = ((EncodableDigest) digest).getEncodedState();
    ByteBuffer.wrap(encoded).put(offset, ordered(state));
    ExtendedDigest resumed = restored().apply(encoded);
    resumed.update(input, 0, input.length);
    return result(resumed);
  }

  private byte[] state(ExtendedDigest digest) {
    byte[] encoded = ((EncodableDigest) digest).getEncodedState();
    return ordered(Arrays.copyOfRange(encoded, offset, offset + size));
  }

  private byte[] ordered(byte[] words) {
    if (order == WordOrder.BIG) {
      return words;
    }
    byte[] swapped = new byte[words.length];
    for (int i = 0; i < words.length; i++) {
      swapped[i] = words[i ^ 3];
    }
    return swapped;
  }

  private ExtendedDigest fresh() {
    Supplier<ExtendedDigest> maker =
        switch (this) {
          case MD5 -> MD5Digest::new;
          case SHA1 -> SHA1Digest::new;
          case SHA256 -> SHA256Digest::new;
          case SHA512 -> SHA512Digest::new;
        };
    return maker.get();
  }

  private Function<byte[], ExtendedDigest> restored() {
    return switch (this) {
      case MD5 -> MD5Digest::new;
      case SHA1 -> SHA1Digest::new;
      case SHA256 -> SHA256Digest::new;
      case SHA512 -> SHA512Digest::new;
    };
  }

  private byte[] result(ExtendedDigest digest) {
    byte[] out = new byte[size];
    digest.doFinal(out, 0);
    return out;
  }
}
