package io.stagepost.pop;

import io.stagepost.pop.maildrop.MaildropWorkers;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;

/**
 * A message on its way to the client. While one piece is sent, the next is read; so there are two
 * in memory.
 */
final class Content implements Body {

  private static final Future<Buffer> END = Future.succeededFuture(Buffer.buffer());

  private final ContentReader reader;
  private final MaildropWorkers workers;
  private Future<Buffer> coming;

  /**
   * A message whose first piece has been read.
   *
   * @param first the piece
   */
  Content(ContentReader reader, Buffer first, MaildropWorkers workers) {
    this.reader = reader;
    this.workers = workers;
    this.coming = Future.succeededFuture(first);
  }

  /** The octets of its file. */
  long size() {
    return reader.size();
  }

  @Override
  public Future<Buffer> next() {
    return coming.map(
        piece -> {
          coming = reader.isDone() ? END : workers.run(reader::next);
          return piece;
        });
  }

  @Override
  public String logged() {
    return "[" + reader.lines() + " line(s) of content]";
  }

  @Override
  public void close() {
    if (!reader.isDone()) {
      Future<Void> closed =
          workers.run(
              () -> {
                reader.close();
                return null;
              });
      coming = Future.failedFuture("closed");
      closed.otherwiseEmpty();
    }
  }
}
