package io.stagepost.auth;

import io.stagepost.auth.SaslStep.Decision;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Authenticates clients by the host's PAM: passwords only. */
final class PamAuthenticator implements ServerAuthenticator {

  private final ServerAuthOptions options;
  private final Attempts attempts;
  private volatile @Nullable Pam pam;

  PamAuthenticator(LoginGuard guard, ServerAuthOptions options) {
    this.options = options;
    this.attempts = new Attempts(guard, options);
  }

  @Override
  public Future<Void> open() {
    return attempts.blocking(
        () -> {
          pam = Pam.load();
          return null;
        });
  }

  @Override
  public Future<Void> refresh() {
    return Future.succeededFuture();
  }

  @Override
  public List<String> mechanisms(Privacy privacy) {
    return options.rules().allow(Mechanisms.PLAIN, privacy) ? List.of(Mechanisms.PLAIN) : List.of();
  }

  @Override
  public boolean offersApop(Privacy privacy) {
    return false;
  }

  @Override
  public Optional<Trusted> trusted(String address) {
    return Optional.empty();
  }

  @Override
  public boolean isBanned(String address) {
    return attempts.isBanned(address);
  }

  @Override
  public SaslServer begin(String mechanism, AuthPeer peer) {
    if (!mechanism.equalsIgnoreCase(Mechanisms.PLAIN) || mechanisms(peer.privacy()).isEmpty()) {
      throw new IllegalArgumentException("not offered: " + mechanism);
    }
    return new PasswordServer(
        Mechanisms.PLAIN,
        new PasswordServer.Check() {
          @Override
          public Future<Decision> password(String user, byte[] password) {
            return check(user, password, peer);
          }

          @Override
          public Future<Decision> nonsense() {
            return attempts.nonsense(Mechanisms.PLAIN, peer);
          }
        });
  }

  @Override
  public Future<Decision> password(String user, String password, AuthPeer peer) {
    return password.indexOf('\0') >= 0 || user.indexOf('\0') >= 0
        ? attempts.nonsense(Mechanisms.PLAIN, peer)
        : check(user, SlowHash.octets(password), peer);
  }

  @Override
  public Future<Decision> apop(String user, String digest, String challenge, AuthPeer peer) {
    return attempts.nonsense(Mechanisms.APOP, peer);
  }

  @Override
  public String newChallenge(String domain) {
    throw new IllegalStateException("there is nothing to challenge with");
  }

  private Future<Decision> check(String user, byte[] password, AuthPeer peer) {
    return attempts.decide(
        Mechanisms.PLAIN,
        user,
        peer,
        () -> {
          Pam loaded = pam;
          if (loaded == null) {
            throw new IllegalStateException("accounts are not open");
          }
          return loaded.password(user, password, peer);
        });
  }
}
