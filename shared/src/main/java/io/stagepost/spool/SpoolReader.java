package io.stagepost.spool;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;

/** Reads a message's content piece by piece; the reader sets the pace. */
public interface SpoolReader {

  /**
   * The next piece, of up to 64 KiB; an empty buffer at the end. To be called again only after the
   * future has completed.
   */
  Future<Buffer> read();

  /** Lets go of the file; may be called at any time and more than once. */
  Future<Void> close();
}
