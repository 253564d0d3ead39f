package io.stagepost.auth;

import io.vertx.core.buffer.Buffer;

/** What a server does next in an exchange: it asks, or it has decided (RFC 4422 §3). */
public sealed interface SaslStep {

  /** To be sent, in base64. */
  record Challenge(Buffer octets) implements SaslStep {}

  /** A decision. Log lines and events about it have been written. */
  sealed interface Decision extends SaslStep {}

  /**
   * The client is who it says.
   *
   * @param identity the account's name
   * @param mechanism in upper case, {@code APOP} and {@code PLAIN} for POP's own commands
   */
  record Accepted(String identity, String mechanism) implements Decision {}

  /** The client is not let in; the time that it has to wait has passed already. */
  record Refused(Reason reason) implements Decision {}

  /** Why a client is not let in. */
  enum Reason {
    /** Unknown user, wrong secret, or nonsense: nobody outside may know which. */
    WRONG,
    /** Too many failures: the connection is best closed. */
    BANNED,
    /** Too many others are being looked at, or the accounts can't be asked: try again later. */
    UNAVAILABLE
  }
}
