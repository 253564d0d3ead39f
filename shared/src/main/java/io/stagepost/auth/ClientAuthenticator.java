package io.stagepost.auth;

import io.stagepost.telemetry.RelayLog;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Optional;

/**
 * Our accounts with next hops: from a secrets file, or one written in the option itself.
 *
 * <p>Files are read on workers; one that has changed is read again when an account is needed, at
 * most once a second. While it is broken, the accounts stay as they were.
 */
public interface ClientAuthenticator {

  /**
   * Makes one.
   *
   * @param accounts a secrets file, {@code plain:<base64 id>:<base64 password>}, or nothing
   */
  static ClientAuthenticator create(
      Vertx vertx, Optional<String> accounts, MechanismRules rules, RelayLog log) {
    return new StandardClientAuthenticator(vertx, accounts, rules, log);
  }

  /** Reads the accounts; fails with {@link AccountsException}. Logs warnings about them. */
  Future<Void> open();

  /**
   * Finds an account. Never fails.
   *
   * @param selector of the account; empty for the usual one
   */
  Future<ClientSelection> select(String selector);

  /** Lets go of what it holds. */
  Future<Void> close();
}
