package io.stagepost.spool;

import io.stagepost.smtp.BodyType;
import io.stagepost.spool.Envelope.Origin;
import io.stagepost.spool.Envelope.Recipients;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.List;

/** Messages for tests. */
public final class SampleMail {

  private SampleMail() {}

  /** An envelope for one remote recipient. */
  public static Envelope envelope() {
    return Envelope.received(
        BodyType.EIGHT_BIT,
        "sender@example.com",
        Recipients.remote(List.of("rcpt@example.net")),
        Origin.of("127.0.0.1"),
        DsnRequest.NONE);
  }

  /** Stores a message. */
  public static Future<MessageId> store(Spool spool, Buffer content) {
    return store(spool, envelope(), content);
  }

  /** Stores a message with an envelope. */
  public static Future<MessageId> store(Spool spool, Envelope envelope, Buffer content) {
    MessageId id = spool.newId();
    return spool
        .create(id, envelope)
        .compose(writer -> writer.write(content).compose(v -> writer.commit()))
        .map(id);
  }

  /** All of a claimed message's content. */
  public static Future<Buffer> content(Claim claim) {
    return claim.content().compose(reader -> rest(reader, Buffer.buffer()));
  }

  private static Future<Buffer> rest(SpoolReader reader, Buffer sofar) {
    return reader
        .read()
        .compose(
            piece ->
                piece.length() == 0
                    ? reader.close().map(sofar)
                    : rest(reader, sofar.appendBuffer(piece)));
  }
}
