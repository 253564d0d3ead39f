package io.stagepost.auth;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;

/**
 * The server's side of one exchange (RFC 4422 §3).
 *
 * <p>An initial response is given to {@link #next} without calling {@link #start}; a cancelled
 * exchange is simply dropped. Octets are without base64.
 */
public interface SaslServer {

  /** The mechanism, in upper case. */
  String mechanism();

  /** Whether there must be no initial response. */
  boolean isServerFirst();

  /** The first challenge, for a client that sent no initial response; maybe empty. */
  Buffer start();

  /** Takes a response; never fails, not even for nonsense. */
  Future<SaslStep> next(Buffer response);
}
