package io.stagepost.forwarder;

import io.stagepost.spool.Claim;
import io.stagepost.spool.SpoolReader;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;

/**
 * A claimed message with its content opened and the first piece of it at hand, so that nothing has
 * to be waited for when the peer says go on.
 */
final class Parcel {

  private final Claim claim;
  private final SpoolReader reader;
  private final Buffer first;

  private Parcel(Claim claim, SpoolReader reader, Buffer first) {
    this.claim = claim;
    this.reader = reader;
    this.first = first;
  }

  /** Opens the content; fails as the spool does. */
  static Future<Parcel> open(Claim claim) {
    return claim
        .content()
        .compose(
            reader ->
                reader
                    .read()
                    .map(first -> new Parcel(claim, reader, first))
                    .recover(e -> reader.close().transform(v -> Future.failedFuture(e))));
  }

  Claim claim() {
    return claim;
  }

  /** The first piece. */
  Buffer first() {
    return first;
  }

  /** Whether the first piece is everything. */
  boolean isWhole() {
    return first.length() >= claim.size();
  }

  /** The next piece after the first; empty at the end. */
  Future<Buffer> read() {
    return reader.read();
  }

  /** Lets go of the content. */
  void close() {
    reader.close();
  }
}
