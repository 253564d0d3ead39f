package io.stagepost.forwarder;

import io.stagepost.forwarder.LinkException.Kind;
import io.stagepost.forwarder.Loop.Next;
import io.stagepost.smtp.Reply;
import io.stagepost.wire.DotEncoder;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.io.EOFException;

/** Sends the content of a message piece by piece, as the connection takes it. */
final class ContentSender {

  /** The largest chunk; each chunk's reply is awaited. */
  private static final long CHUNK = 1_000_000;

  // Made once: each failure is an exception of its own.
  private static final Future<Reply> NOTHING_SENT = Future.failedFuture("nothing sent");

  private final SmtpLink link;
  private final Parcel parcel;
  private boolean sent;
  private long left;
  private long chunkLeft;
  private Buffer piece;
  private Future<Reply> lastReply = NOTHING_SENT;

  ContentSender(SmtpLink link, Parcel parcel) {
    this.link = link;
    this.parcel = parcel;
    this.piece = parcel.first();
  }

  /** Whether everything has been given to the connection. */
  boolean isSent() {
    return sent;
  }

  /**
   * Whether the content is at hand and may go as it is: BDAT has no transparency, so content with a
   * bare line end, or without one at the end, has to go by DATA.
   */
  boolean fitsOneChunk() {
    Buffer all = parcel.first();
    int length = all.length();
    if (!parcel.isWhole() || length < 2 || all.getByte(length - 1) != '\n') {
      return false;
    }
    byte before = 0;
    for (int i = 0; i < length; i++) {
      byte b = all.getByte(i);
      if ((b == '\n') != (before == '\r')) {
        return false;
      }
      before = b;
    }
    return true;
  }

  /** Adds all content as one last chunk to what is to be written. */
  Future<Reply> chunk(Buffer out) {
    announceChunk(parcel.first().length(), " LAST", out);
    out.appendBuffer(parcel.first());
    sent = true;
    return link.expect();
  }

  /** Sends the content as it is, in chunks (RFC 3030), each reply awaited. */
  Future<Reply> sendChunks() {
    left = parcel.claim().size();
    return Loop.repeat(this::nextChunk).compose(v -> lastReply);
  }

  private Future<Next> nextChunk() {
    long size = Math.min(CHUNK, left);
    boolean last = size == left;
    Buffer out = Buffer.buffer();
    announceChunk(size, last ? " LAST" : "", out);
    link.write(out);
    left -= size;
    chunkLeft = size;
    Future<Reply> reply = link.expect();
    lastReply = reply;
    return Loop.repeat(() -> nextPiece(reply))
        .compose(v -> reply, e -> refusalOr(e, reply))
        .map(r -> last || !r.code().isPositive() ? Next.DONE : Next.AGAIN);
  }

  /** Sends what fits into the chunk; what was read beyond it waits for the next. */
  private Future<Next> nextPiece(Future<Reply> reply) {
    int fits = (int) Math.min(chunkLeft, piece.length());
    if (fits > 0) {
      link.write(piece.slice(0, fits));
    }
    chunkLeft -= fits;
    piece = piece.slice(fits, piece.length());
    if (chunkLeft == 0) {
      return Future.succeededFuture(Next.DONE);
    }
    return nextRead(reply)
        .compose(
            next -> {
              piece = next;
              return next.length() == 0
                  ? Future.failedFuture(new EOFException("content ends early"))
                  : Future.succeededFuture(Next.AGAIN);
            });
  }

  private Future<Buffer> nextRead(Future<Reply> reply) {
    return reply.isComplete()
        ? Future.failedFuture(interrupted())
        : link.drained().compose(v -> parcel.read());
  }

  private void announceChunk(long size, String last, Buffer out) {
    String line = "BDAT " + size + last;
    link.sentChunk(line, size);
    out.appendString(line).appendString("\r\n");
  }

  /** Sends the content with dot transparency after a 354. */
  Future<Reply> sendData() {
    Future<Reply> reply = link.expect();
    DotEncoder encoder = new DotEncoder();
    return Loop.repeat(() -> nextEncoded(encoder, reply))
        .compose(v -> reply, e -> refusalOr(e, reply));
  }

  private Future<Next> nextEncoded(DotEncoder encoder, Future<Reply> reply) {
    boolean last = parcel.isWhole() || piece.length() == 0;
    Buffer out = Buffer.buffer(piece.length() + piece.length() / 16 + 16);
    encoder.encode(piece.getBytes(), 0, piece.length(), out);
    if (last) {
      encoder.finish(out);
      link.sentContent(encoder.lines());
    }
    link.write(out);
    if (last) {
      return Future.succeededFuture(Next.DONE);
    }
    return nextRead(reply)
        .map(
            next -> {
              piece = next;
              return Next.AGAIN;
            });
  }

  // A server may refuse before it has seen everything, and hang up.
  private static Future<Reply> refusalOr(Throwable trouble, Future<Reply> reply) {
    boolean positive = reply.succeeded() && reply.result().code().isPositive();
    return reply.isComplete() && !positive ? reply : Future.failedFuture(trouble);
  }

  // A reply before the end: the server is no longer listening, and its stream is out of step.
  private LinkException interrupted() {
    LinkException reason =
        new LinkException(Kind.BROKEN, "smtp error: reply before end of content");
    link.fail(reason);
    return reason;
  }
}
