package io.stagepost.smtpserver;

import io.stagepost.net.tls.TlsException;
import io.stagepost.net.tls.TlsFacts;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;

/** A session's way to its client. */
interface Connection {

  void send(Buffer octets);

  /** Whether the client reads too slowly; the session is told when that is over. */
  boolean isCongested();

  /**
   * Sends last words in the clear and encrypts. What is received before the future completes came
   * in the clear. Fails with {@link TlsException}.
   */
  Future<TlsFacts> encrypt(Buffer lastWords);

  /** Stops delivering what the client sends. */
  void pause();

  /** Delivers again. */
  void resume();

  /** Closes once everything has been sent, with patience for what the client may still send. */
  void close();

  /** Sends last words and closes; for a client that has nothing more to say. */
  void closeWith(Buffer lastWords);
}
