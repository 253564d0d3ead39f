package io.stagepost.pop;

import io.netty.buffer.ByteBuf;
import io.stagepost.net.tls.ServerTls;
import io.stagepost.net.tls.TlsFacts;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;

/** A session's way to its client. */
interface Connection {

  /** Sends octets and releases them, now or later. */
  void send(ByteBuf octets);

  /** Whether the client reads too slowly; the session is told when that is over. */
  boolean isCongested();

  /** Stops delivering what the client sends. */
  void pause();

  /** Delivers again. */
  void resume();

  /** Sends last words and encrypts the connection. */
  Future<TlsFacts> encrypt(ServerTls tls, Buffer lastWords);

  /** Closes once everything has been sent. */
  void close();

  /** Closes at once. */
  void abort();
}
