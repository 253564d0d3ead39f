package io.stagepost.auth;

import java.util.Locale;
import java.util.Optional;

/** What a secret of the file is good for, besides its address trust. */
enum SecretType {
  PLAIN("plaintext", Use.BOTH),
  MD5("md5", Use.BOTH),
  SHA1("sha1", Use.BOTH),
  SHA256("sha256", Use.BOTH),
  SHA512("sha512", Use.BOTH),
  OAUTH("oauth", Use.CLIENTS),
  ARGON2ID("argon2id", Use.SERVERS),
  BCRYPT("bcrypt", Use.SERVERS),
  SCRAM_SHA_256("scram-sha-256", Use.SERVERS);

  private final String kind;
  private final Use use;

  SecretType(String kind, Use use) {
    this.kind = kind;
    this.use = use;
  }

  private enum Use {
    BOTH,
    CLIENTS,
    SERVERS;

    boolean includes(Side side) {
      return this == BOTH || (this == CLIENTS) == (side == Side.CLIENT);
    }
  }

  /** Whom a secret is for. */
  enum Side {
    CLIENT,
    SERVER;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The type of a record's second field, with the spellings of former times. */
  static Optional<SecretType> named(String field, Side side) {
    Optional<SecretType> type =
        switch (field.toLowerCase(Locale.ROOT)) {
          case "plain", "login", "plain:b" -> Optional.of(PLAIN);
          case "md5", "cram-md5", "apop" -> Optional.of(MD5);
          case "sha1" -> Optional.of(SHA1);
          case "sha256" -> Optional.of(SHA256);
          case "sha512" -> Optional.of(SHA512);
          case "oauth" -> Optional.of(OAUTH);
          case "argon2id" -> Optional.of(ARGON2ID);
          case "bcrypt" -> Optional.of(BCRYPT);
          case "scram-sha-256" -> Optional.of(SCRAM_SHA_256);
          default -> Optional.empty();
        };
    return type.filter(found -> found.use.includes(side));
  }

  /** For the log: {@code plaintext}, {@code md5} and so on. */
  String kind() {
    return kind;
  }

  /** Whether the password can't be had from it, and checking one is meant to be slow. */
  boolean isSlow() {
    return this == ARGON2ID || this == BCRYPT || this == SCRAM_SHA_256;
  }
}
