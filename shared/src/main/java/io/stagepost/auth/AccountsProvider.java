package io.stagepost.auth;

import io.stagepost.auth.SaslStep.Accepted;
import io.stagepost.auth.SaslStep.Refused;
import io.vertx.core.Future;
import io.vertx.ext.auth.User;
import io.vertx.ext.auth.authentication.AuthenticationProvider;
import io.vertx.ext.auth.authentication.CredentialValidationException;
import io.vertx.ext.auth.authentication.Credentials;
import io.vertx.ext.auth.authentication.UsernamePasswordCredentials;

/**
 * The accounts of a relay for Vert.x's own ways of authentication, for one peer; takes {@link
 * UsernamePasswordCredentials}. The message of a failure says no more than {@link SaslStep.Reason}.
 */
public final class AccountsProvider implements AuthenticationProvider {

  private final ServerAuthenticator authenticator;
  private final AuthPeer peer;

  /** For one peer, since failures count for its address. */
  public AccountsProvider(ServerAuthenticator authenticator, AuthPeer peer) {
    this.authenticator = authenticator;
    this.peer = peer;
  }

  @Override
  public Future<User> authenticate(Credentials credentials) {
    if (!(credentials instanceof UsernamePasswordCredentials words)) {
      return Future.failedFuture(
          new CredentialValidationException("a user name and a password are needed"));
    }
    try {
      words.checkValid(null);
    } catch (CredentialValidationException e) {
      return Future.failedFuture(e);
    }
    return authenticator
        .password(words.getUsername(), words.getPassword(), peer)
        .compose(
            decision ->
                switch (decision) {
                  case Accepted accepted ->
                      Future.succeededFuture(User.fromName(accepted.identity()));
                  case Refused refused -> Future.failedFuture(refused.reason().name());
                });
  }
}
