package io.stagepost.auth;

import io.stagepost.auth.SaslStep.Decision;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The accounts of those who come to us: from a secrets file, or of the host by PAM.
 *
 * <p>One serves all connections of a relay's server for as long as any has use for it; it may be
 * called on any event loop. Nothing here blocks: files, PAM and slow hashes are on workers, of
 * which a bounded number waits; beyond that, the answer is {@link SaslStep.Reason#UNAVAILABLE}.
 *
 * <p>A file that has changed is read again; it is looked at when an account is needed, at most once
 * a second. While it is broken, the accounts stay as they were.
 */
public interface ServerAuthenticator {

  /** The accounts of the host. */
  String PAM = "pam:";

  /**
   * Makes one.
   *
   * @param guard of the process; opened and closed by others
   * @param accounts a secrets file, or {@link #PAM}
   */
  static ServerAuthenticator create(LoginGuard guard, String accounts, ServerAuthOptions options) {
    return accounts.equals(PAM)
        ? new PamAuthenticator(guard, options)
        : new StandardServerAuthenticator(guard, Path.of(accounts), options);
  }

  /** Reads the accounts; fails with {@link AccountsException}. Logs warnings about them. */
  Future<Void> open();

  /** Looks whether the file has changed, unless that was done just now; to be called at connect. */
  Future<Void> refresh();

  /** What is offered now, in upper case and in order; without APOP. */
  List<String> mechanisms(Privacy privacy);

  /** Whether POP's APOP works (RFC 1939 §7): there are accounts for it, and the rules allow it. */
  boolean offersApop(Privacy privacy);

  /** Whether an address is trusted without authentication. Logs nothing. */
  Optional<Trusted> trusted(String address);

  /** Whether nobody at an address is let in now, so that its connections may be refused. */
  boolean isBanned(String address);

  /**
   * Begins an exchange.
   *
   * @param mechanism one of those offered, without regard to case
   * @throws IllegalArgumentException for one that is not
   */
  SaslServer begin(String mechanism, AuthPeer peer);

  /** Checks a user's password: POP's USER and PASS, the console. Never fails. */
  Future<Decision> password(String user, String password, AuthPeer peer);

  /**
   * Checks POP's APOP (RFC 1939 §7). Never fails.
   *
   * @param challenge the timestamp of the greeting with its angle brackets
   * @param digest 32 hexadecimal digits
   */
  Future<Decision> apop(String user, String digest, String challenge, AuthPeer peer);

  /** A new challenge for {@link #apop}: {@code <random.seconds@domain>}. */
  String newChallenge(String domain);
}
