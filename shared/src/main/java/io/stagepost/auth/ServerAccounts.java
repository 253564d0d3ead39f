package io.stagepost.auth;

import io.stagepost.auth.ServerAuthOptions.Modern;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The accounts of clients as a file has them; never changes. The checks take up to many
 * milliseconds, and as long for an unknown user as for a known one with a wrong password.
 */
final class ServerAccounts {

  static final ServerAccounts NONE = new ServerAccounts(List.of(), List.of());

  private static final List<SecretType> FOR_PASSWORDS =
      List.of(SecretType.PLAIN, SecretType.ARGON2ID, SecretType.BCRYPT, SecretType.SCRAM_SHA_256);
  private static final byte[] DECOY = SlowHash.random(16);

  private final Map<SecretType, Map<String, SecretRecord>> secrets =
      new EnumMap<>(SecretType.class);
  private final List<TrustRecord> trusts;
  private final @Nullable SecretRecord slow;
  private final @Nullable ScramKeys scram;

  private ServerAccounts(List<SecretRecord> records, List<TrustRecord> trusts) {
    this.trusts = trusts;
    for (SecretRecord record : records) {
      secrets.computeIfAbsent(record.type(), type -> new HashMap<>()).put(record.id(), record);
    }
    this.slow = records.stream().filter(r -> r.type().isSlow()).findFirst().orElse(null);
    this.scram =
        records.stream()
            .filter(r -> r.type() == SecretType.SCRAM_SHA_256)
            .findFirst()
            .flatMap(r -> ScramKeys.parse(r.secret().toString()))
            .orElse(null);
  }

  static ServerAccounts of(SecretsFile file) {
    return new ServerAccounts(file.server(), file.trusts());
  }

  boolean isEmpty() {
    return secrets.isEmpty();
  }

  boolean has(SecretType type) {
    return secrets.containsKey(type);
  }

  Optional<Trusted> trusted(String address) {
    return TrustRecord.find(trusts, address);
  }

  /** All that the secrets are good for, in the order in which they are offered. */
  List<String> mechanisms(Modern modern) {
    List<String> names = new ArrayList<>();
    boolean hasPlain = has(SecretType.PLAIN);
    if (has(SecretType.SCRAM_SHA_256) || (hasPlain && modern == Modern.OFFERED)) {
      names.add(Mechanisms.SCRAM);
    }
    for (String cram : Mechanisms.CRAM) {
      if (hasPlain || has(HmacHash.ofMechanism(cram).type())) {
        names.add(cram);
      }
    }
    if (FOR_PASSWORDS.stream().anyMatch(this::has)) {
      names.add(Mechanisms.PLAIN);
      names.add(Mechanisms.LOGIN);
    }
    return names;
  }

  /** Checks a password. */
  Verdict password(String user, byte[] password) {
    @Nullable SecretRecord decisive = null;
    boolean isTrue = false;
    boolean wasSlow = false;
    for (SecretType type : FOR_PASSWORDS) {
      Optional<SecretRecord> record = find(type, user);
      if (record.isPresent() && !isTrue) {
        decisive = record.get();
        isTrue = matches(decisive, password);
        wasSlow |= type.isSlow();
      }
    }
    if (!wasSlow && slow != null) {
      matches(slow, DECOY);
    }
    return decisive == null ? Verdict.missing(user) : Verdict.of(isTrue, decisive);
  }

  /** Checks the digest of a challenge (RFC 2195). */
  Verdict cram(HmacHash hash, String user, byte[] challenge, byte[] digest) {
    Optional<SecretRecord> record = find(SecretType.PLAIN, user).or(() -> find(hash.type(), user));
    HmacKey key = record.map(found -> key(hash, found)).orElseGet(() -> HmacKey.of(hash, DECOY));
    boolean isTrue = MessageDigest.isEqual(key.mac(challenge), digest);
    return record.map(found -> Verdict.of(isTrue, found)).orElseGet(() -> Verdict.missing(user));
  }

  /** Checks the digest of APOP (RFC 1939 §7). */
  Verdict apop(String user, byte[] challenge, byte[] digest) {
    Optional<SecretRecord> record = find(SecretType.PLAIN, user);
    byte[] secret = record.map(found -> found.secret().getBytes()).orElse(DECOY);
    byte[] both = new byte[challenge.length + secret.length];
    System.arraycopy(challenge, 0, both, 0, challenge.length);
    System.arraycopy(secret, 0, both, challenge.length, secret.length);
    boolean isTrue = MessageDigest.isEqual(HmacHash.MD5.hash(both), digest);
    return record.map(found -> Verdict.of(isTrue, found)).orElseGet(() -> Verdict.missing(user));
  }

  /**
   * The keys with which SCRAM can be done: made up for an unknown user, but the same each time, so
   * that it can't be told from a known one.
   */
  ScramOffer scram(String user) {
    Optional<SecretRecord> stored = find(SecretType.SCRAM_SHA_256, user);
    if (stored.isPresent()) {
      return new ScramOffer(
          ScramKeys.parse(stored.get().secret().toString()).orElseThrow(), stored);
    }
    Optional<SecretRecord> plain = find(SecretType.PLAIN, user);
    byte[] seed = scram == null ? DECOY : scram.serverKey().getBytes();
    byte[] password = plain.map(found -> found.secret().getBytes()).orElse(DECOY);
    byte[] salt = Arrays.copyOf(ScramKeys.hmac(seed, user), 16);
    int iterations = scram == null ? ScramKeys.ITERATIONS : scram.iterations();
    return new ScramOffer(ScramKeys.of(password, salt, iterations), plain);
  }

  /**
   * Keys for an exchange.
   *
   * @param record they come from; empty when they are made up
   */
  record ScramOffer(ScramKeys keys, Optional<SecretRecord> record) {}

  private Optional<SecretRecord> find(SecretType type, String user) {
    return Optional.ofNullable(secrets.getOrDefault(type, Map.of()).get(user));
  }

  private static HmacKey key(HmacHash hash, SecretRecord record) {
    return record.type() == SecretType.PLAIN
        ? HmacKey.of(hash, record.secret().getBytes())
        : HmacKey.parse(hash, record.secret().toString()).orElseThrow();
  }

  private static boolean matches(SecretRecord record, byte[] password) {
    return switch (record.type()) {
      case PLAIN -> MessageDigest.isEqual(record.secret().getBytes(), password);
      case ARGON2ID, BCRYPT ->
          SlowHash.matches(record.type(), record.secret().toString(), password);
      case SCRAM_SHA_256 ->
          ScramKeys.parse(record.secret().toString()).orElseThrow().matches(password);
      default -> false;
    };
  }
}
