package io.stagepost.auth;

import java.time.Duration;

/**
 * Hears what others may want to know; called on an event loop, must return quickly. Names of users
 * are as the client sent them.
 */
public interface SecurityEvents {

  /** Nobody listens. */
  SecurityEvents NONE = new SecurityEvents() {};

  /** A client is who it says. */
  default void authenticated(AuthPeer peer, String mechanism, String user) {}

  /** A client is not let in. */
  default void failed(AuthPeer peer, String mechanism, String user) {}

  /** Nobody at the address is let in for a time. */
  default void addressBanned(AuthPeer peer, Duration time) {}

  /** A user is let in for a time only from where it has been before. */
  default void userBanned(AuthPeer peer, String user, Duration time) {}
}
