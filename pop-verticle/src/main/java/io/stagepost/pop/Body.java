package io.stagepost.pop;

import io.netty.buffer.ByteBuf;
import io.vertx.core.Future;

/** A reply of several lines, in pieces made when they can be sent. */
interface Body {

  /** The first line, which the first piece begins with, for the log. */
  String head();

  /**
   * The next piece, which the caller has to release; empty when there is none left. The last one
   * holds the end mark. To be called again only after the future has completed.
   */
  Future<ByteBuf> next();

  /** What the log says of it when all has been sent. */
  String logged();

  /** Lets go of what it needs; may be called at any time, more than once. */
  void close();
}
