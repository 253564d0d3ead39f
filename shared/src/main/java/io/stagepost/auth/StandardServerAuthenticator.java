package io.stagepost.auth;

import io.stagepost.auth.SaslStep.Decision;
import io.stagepost.auth.ServerAccounts.ScramOffer;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Authenticates clients by a secrets file. */
final class StandardServerAuthenticator implements ServerAuthenticator {

  private static final HexFormat HEX = HexFormat.of();

  private final ServerAuthOptions options;
  private final Attempts attempts;
  private final WatchedFile<ServerAccounts> file;

  StandardServerAuthenticator(LoginGuard guard, Path path, ServerAuthOptions options) {
    this.options = options;
    this.attempts = new Attempts(guard, options);
    this.file =
        new WatchedFile<>(
            path,
            new SecretsContent<>(ServerAccounts::of),
            ServerAccounts.NONE,
            options.log(),
            System::nanoTime);
  }

  @Override
  public Future<Void> open() {
    return attempts.blocking(
        () -> {
          file.open();
          return null;
        });
  }

  @Override
  public Future<Void> refresh() {
    return file.isDue()
        ? attempts
            .<Void>blocking(
                () -> {
                  file.refresh();
                  return null;
                })
            .otherwiseEmpty()
        : Future.succeededFuture();
  }

  @Override
  public List<String> mechanisms(Privacy privacy) {
    ServerAccounts accounts = current();
    if (accounts.isEmpty()) {
      // Nobody can be authenticated, but a client that must be has to see that it could.
      return privacy == Privacy.ENCRYPTED && options.rules().allow(Mechanisms.PLAIN, privacy)
          ? List.of(Mechanisms.PLAIN)
          : List.of();
    }
    return accounts.mechanisms(options.modern()).stream()
        .filter(name -> options.rules().allow(name, privacy))
        .toList();
  }

  @Override
  public boolean offersApop(Privacy privacy) {
    return current().has(SecretType.PLAIN) && options.rules().allow(Mechanisms.APOP, privacy);
  }

  @Override
  public Optional<Trusted> trusted(String address) {
    return current().trusted(address);
  }

  @Override
  public boolean isBanned(String address) {
    return attempts.isBanned(address);
  }

  @Override
  public SaslServer begin(String mechanism, AuthPeer peer) {
    String name = mechanism.toUpperCase(Locale.ROOT);
    if (!mechanisms(peer.privacy()).contains(name)) {
      throw new IllegalArgumentException("not offered: " + mechanism);
    }
    return switch (name) {
      case Mechanisms.PLAIN, Mechanisms.LOGIN -> new PasswordServer(name, passwords(name, peer));
      case Mechanisms.SCRAM -> new ScramServer(ScramText.nonce(), proofs(peer));
      default -> {
        HmacHash hash = HmacHash.ofMechanism(name);
        yield new CramServer(hash, newChallenge(peer.domain()), digests(hash, peer));
      }
    };
  }

  @Override
  public Future<Decision> password(String user, String password, AuthPeer peer) {
    return passwords(Mechanisms.PLAIN, peer).password(user, SlowHash.octets(password));
  }

  @Override
  public Future<Decision> apop(String user, String digest, String challenge, AuthPeer peer) {
    byte[] octets;
    try {
      octets = HEX.parseHex(digest);
    } catch (IllegalArgumentException e) {
      return attempts.nonsense(Mechanisms.APOP, peer);
    }
    byte[] asked = challenge.getBytes(StandardCharsets.UTF_8);
    return attempts.decide(Mechanisms.APOP, user, peer, () -> accounts().apop(user, asked, octets));
  }

  @Override
  public String newChallenge(String domain) {
    long random = Long.parseUnsignedLong(HEX.formatHex(SlowHash.random(7)), 16);
    return "<" + random + "." + Instant.now().getEpochSecond() + "@" + domain + ">";
  }

  // A file that has changed is noticed, but what is asked now gets the old answer.
  private ServerAccounts current() {
    if (file.isDueForMe()) {
      attempts.look(file);
    }
    return file.current();
  }

  // Only on workers.
  private ServerAccounts accounts() {
    file.refresh();
    return file.current();
  }

  private PasswordServer.Check passwords(String mechanism, AuthPeer peer) {
    return new PasswordServer.Check() {
      @Override
      public Future<Decision> password(String user, byte[] password) {
        return attempts.decide(mechanism, user, peer, () -> accounts().password(user, password));
      }

      @Override
      public Future<Decision> nonsense() {
        return attempts.nonsense(mechanism, peer);
      }
    };
  }

  private CramServer.Check digests(HmacHash hash, AuthPeer peer) {
    return new CramServer.Check() {
      @Override
      public Future<Decision> digest(String user, byte[] challenge, byte[] digest) {
        return attempts.decide(
            hash.mechanism(), user, peer, () -> accounts().cram(hash, user, challenge, digest));
      }

      @Override
      public Future<Decision> nonsense() {
        return attempts.nonsense(hash.mechanism(), peer);
      }
    };
  }

  private ScramServer.Check proofs(AuthPeer peer) {
    return new ScramServer.Check() {
      @Override
      public Future<ScramOffer> keys(String user) {
        return attempts.blocking(() -> accounts().scram(user));
      }

      @Override
      public Future<Decision> proof(String user, ScramOffer offer, byte[] proof, String message) {
        return attempts.decide(
            Mechanisms.SCRAM,
            user,
            peer,
            () -> {
              boolean isTrue = offer.keys().proves(proof, message);
              return offer
                  .record()
                  .map(record -> Verdict.of(isTrue, record))
                  .orElseGet(() -> Verdict.missing(user));
            });
      }

      @Override
      public Future<Decision> nonsense() {
        return attempts.nonsense(Mechanisms.SCRAM, peer);
      }
    };
  }
}
