package io.stagepost.spool;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.WriteStream;

/**
 * A message being written. Content goes in as octets of any size, with back-pressure; nothing of it
 * is held beyond the write queue.
 *
 * <p>Exactly one of {@link #commit()} and {@link #abort()} ends it. {@link #end()} is the same as
 * {@code commit()}.
 */
public interface SpoolWriter extends WriteStream<Buffer> {

  MessageId id();

  /** The octets written so far. */
  long size();

  /**
   * Makes the message durable and ready. When the future succeeds the message is safe; when it
   * fails nothing of the message remains.
   *
   * <p>Fails with {@link SpoolException.NoSpace} or {@link SpoolException.Io}; a write that failed
   * earlier is reported here too.
   */
  Future<Void> commit();

  /** Removes what was written. Does not fail: what can't be removed now goes at the next start. */
  Future<Void> abort();

  @Override
  default Future<Void> end() {
    return commit();
  }
}
