package io.stagepost.auth;

import io.vertx.core.buffer.Buffer;
import java.util.Optional;

/** The client's side of one exchange (RFC 4422 §3). Octets are without base64. */
public interface SaslClient {

  /** The mechanism, in upper case. */
  String mechanism();

  /** The account's name, for MAIL's AUTH parameter (RFC 4954 §5). */
  String id();

  /** What goes with the command; empty where the server speaks first or it would be too long. */
  Optional<Buffer> initial();

  /** The response to a challenge; empty to give up, with {@code *}. */
  Optional<Buffer> respond(Buffer challenge);

  /**
   * Whether the server has shown, where the mechanism lets it, that it knows the secret as well; to
   * be asked when it has accepted us.
   */
  default boolean isServerGenuine() {
    return true;
  }

  /** For the log: {@code <kind> secret for [<id>] from line <n>}. */
  String secret();
}
