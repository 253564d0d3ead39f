package io.stagepost.auth;

import io.stagepost.smtp.Xtext;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A form in which a password can be kept in a secrets file. */
public enum SecretForm {
  PLAIN("plain"),
  ARGON2ID("argon2id"),
  BCRYPT("bcrypt"),
  SCRAM_SHA_256("scram-sha-256"),
  CRAM_MD5("md5"),
  CRAM_SHA1("sha1"),
  CRAM_SHA256("sha256"),
  CRAM_SHA512("sha512");

  private final String type;

  SecretForm(String type) {
    this.type = type;
  }

  /** The names of all, as commands take them. */
  public static List<String> names() {
    return Arrays.stream(values()).map(SecretForm::toString).toList();
  }

  /** Finds one by its name, or by the type that a file has for it. */
  public static Optional<SecretForm> named(String name) {
    return Arrays.stream(values())
        .filter(form -> form.toString().equalsIgnoreCase(name) || form.type.equalsIgnoreCase(name))
        .findFirst();
  }

  /** The second field of a record. */
  public String type() {
    return type;
  }

  /**
   * Makes the fourth field of a record from a password; may take many milliseconds.
   *
   * @throws IllegalArgumentException when the password can't be kept in this form
   */
  public String make(byte[] password) {
    return switch (this) {
      case PLAIN -> Xtext.encode(password);
      case ARGON2ID -> SlowHash.argon2id(password);
      case BCRYPT -> {
        if (password.length > SlowHash.BCRYPT_OCTETS) {
          throw new IllegalArgumentException(
              "bcrypt looks at " + SlowHash.BCRYPT_OCTETS + " octets of a password only");
        }
        yield SlowHash.bcrypt(password);
      }
      case SCRAM_SHA_256 -> ScramKeys.of(password).toString();
      case CRAM_MD5 -> HmacKey.of(HmacHash.MD5, password).encoded();
      case CRAM_SHA1 -> HmacKey.of(HmacHash.SHA1, password).encoded();
      case CRAM_SHA256 -> HmacKey.of(HmacHash.SHA256, password).encoded();
      case CRAM_SHA512 -> HmacKey.of(HmacHash.SHA512, password).encoded();
    };
  }

  /** The other form of {@link #CRAM_MD5}: eight decimals. */
  public static String dotted(byte[] password) {
    return HmacKey.of(HmacHash.MD5, password).dotted();
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
