package io.stagepost.auth;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * Hashes of passwords that are made to be slow: Argon2id (RFC 9106) and bcrypt. Everything here
 * takes many milliseconds, and Argon2id tens of MiB.
 */
final class SlowHash {

  /** Octets of a password that bcrypt looks at. */
  static final int BCRYPT_OCTETS = 72;

  // Costs that OWASP's Password Storage Cheat Sheet recommends.
  private static final int MEMORY = 19_456;
  private static final int PASSES = 2;
  private static final int BCRYPT_COST = 10;
  private static final int SALT = 16;
  private static final int HASH = 32;
  private static final Pattern BCRYPT =
      Pattern.compile("\\$2[aby]\\$(0[4-9]|1[0-6])\\$[./A-Za-z0-9]{53}");
  private static final SecureRandom RANDOM = new SecureRandom();

  private SlowHash() {}

  static boolean isBcrypt(String text) {
    return BCRYPT.matcher(text).matches();
  }

  static String argon2id(byte[] password) {
    Argon2Text empty =
        new Argon2Text(
            MEMORY, PASSES, 1, Buffer.buffer(random(SALT)), Buffer.buffer(new byte[HASH]));
    return new Argon2Text(MEMORY, PASSES, 1, empty.salt(), Buffer.buffer(argon2id(password, empty)))
        .toString();
  }

  static String bcrypt(byte[] password) {
    return OpenBSDBCrypt.generate("2b", password, random(SALT), BCRYPT_COST);
  }

  /** Whether a password is that of a hash which has been found to be well-formed. */
  static boolean matches(SecretType type, String hash, byte[] password) {
    if (type == SecretType.BCRYPT) {
      return OpenBSDBCrypt.checkPassword(hash, password);
    }
    Argon2Text text = Argon2Text.parse(hash).orElseThrow();
    return MessageDigest.isEqual(text.hash().getBytes(), argon2id(password, text));
  }

  private static byte[] argon2id(byte[] password, Argon2Text text) {
    Argon2BytesGenerator generator = new Argon2BytesGenerator();
    generator.init(
        new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
            .withVersion(Argon2Parameters.ARGON2_VERSION_13)
            .withMemoryAsKB(text.memory())
            .withIterations(text.passes())
            .withParallelism(text.lanes())
            .withSalt(text.salt().getBytes())
            .build());
    byte[] hash = new byte[text.hash().length()];
    generator.generateBytes(password, hash);
    return hash;
  }

  static byte[] random(int octets) {
    byte[] random = new byte[octets];
    RANDOM.nextBytes(random);
    return random;
  }

  static byte[] octets(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
