package io.stagepost.smtpserver;

import io.vertx.core.buffer.Buffer;

/** A session's way to its client. */
interface Connection {

  void send(Buffer octets);

  /** Whether the client reads too slowly; the session is told when that is over. */
  boolean isCongested();

  /** Stops delivering what the client sends. */
  void pause();

  /** Delivers again. */
  void resume();

  /** Closes once everything has been sent. */
  void close();
}
