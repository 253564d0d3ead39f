package io.stagepost.pop;

import io.stagepost.auth.ServerAuthenticator;
import io.stagepost.net.tls.ServerTls;
import java.util.Optional;

/**
 * Who may do what.
 *
 * @param accounts checks passwords
 * @param tls encrypts, where it is configured
 * @param clear what may be used on a connection that others can read
 */
public record Access(ServerAuthenticator accounts, Optional<ServerTls> tls, Clear clear) {

  /** What may be used on a connection that others can read. */
  public enum Clear {
    ANYTHING,
    /** What does not show the password. */
    NO_PASSWORDS,
    NOTHING
  }
}
