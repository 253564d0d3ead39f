package io.stagepost.pop;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.stagepost.pop.maildrop.MaildropWorkers;
import io.vertx.core.Future;

/**
 * A message on its way to the client. While one piece is sent, the next is read; so there are two
 * in memory.
 */
final class Content implements Body {

  private static final Future<ByteBuf> END = Future.succeededFuture(Unpooled.EMPTY_BUFFER);

  private final ContentReader reader;
  private final MaildropWorkers workers;
  private Future<ByteBuf> coming;
  private boolean promised;
  private boolean closed;

  /**
   * A message whose first piece has been read.
   *
   * @param first the piece
   */
  Content(ContentReader reader, ByteBuf first, MaildropWorkers workers) {
    this.reader = reader;
    this.workers = workers;
    this.coming = Future.succeededFuture(first);
  }

  @Override
  public String head() {
    return reader.head();
  }

  @Override
  public Future<ByteBuf> next() {
    promised = true;
    return coming.map(
        piece -> {
          promised = false;
          coming = closed || reader.isDone() ? END : workers.run(reader::next);
          return piece;
        });
  }

  @Override
  public String logged() {
    return "[" + reader.lines() + " line(s) of content]";
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    if (!promised) {
      coming.onSuccess(ByteBuf::release);
      coming = END;
    }
    if (!reader.isDone()) {
      Future<Void> ended =
          workers.run(
              () -> {
                reader.close();
                return null;
              });
      ended.otherwiseEmpty();
    }
  }
}
