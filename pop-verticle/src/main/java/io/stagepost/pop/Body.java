package io.stagepost.pop;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;

/** The rest of a reply of several lines, in pieces made when they can be sent. */
interface Body {

  /**
   * The next piece; empty when there is none left. The last one holds the end mark. To be called
   * again only after the future has completed.
   */
  Future<Buffer> next();

  /** What the log says of it when all has been sent. */
  String logged();

  /** Lets go of what it needs; may be called at any time, more than once. */
  void close();
}
