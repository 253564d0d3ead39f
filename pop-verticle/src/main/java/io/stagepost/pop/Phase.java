package io.stagepost.pop;

import io.stagepost.auth.SaslServer;

/** Where a session is (RFC 1939 §3). */
sealed interface Phase {

  /** The client has not said who it is. */
  record Unknown() implements Phase {}

  /** The client has given a name and no password yet. */
  record Named(String user) implements Phase {}

  /** The next line is a response. */
  record Exchanging(SaslServer server) implements Phase {}

  /** Whatever arrives ends the session, until the connection is encrypted. */
  record Upgrading() implements Phase {}

  /** The client has its maildrop. */
  record Transaction(Mailbox mailbox) implements Phase {}
}
