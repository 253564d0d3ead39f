package io.stagepost.smtpserver;

import io.stagepost.auth.SaslServer;
import io.stagepost.smtp.Reply;
import io.stagepost.smtpserver.Command.Position;
import io.stagepost.wire.ChunkCounter;
import io.stagepost.wire.DotDecoder;
import io.stagepost.wire.LineEndFilter;
import org.jspecify.annotations.Nullable;

/** Where a session is. */
sealed interface Phase {

  /** Outside of any transaction. */
  enum Outside implements Phase {
    /** The client has not said who it is. */
    START,
    READY,
    /** Something went wrong that only RSET, EHLO and HELO mend. */
    STUCK
  }

  /** A handshake is under way, so nothing may be taken for a command. */
  record Encrypting() implements Phase {}

  /** The client owes a response (RFC 4954 §4). */
  record Authenticating(SaslServer exchange) implements Phase {}

  /** MAIL was accepted, perhaps RCPT. */
  record InTransaction(Transaction transaction) implements Phase {}

  /** Content arrives after DATA. */
  record ReceivingData(Transaction transaction, ContentReceiver content, DotDecoder decoder)
      implements Phase {}

  /** A chunk arrives after BDAT. */
  record ReceivingChunk(ChunkedContent chunked, ChunkCounter counter, Position position)
      implements Phase {}

  /** A chunk that was not the last has arrived. */
  record BetweenChunks(ChunkedContent chunked) implements Phase {}

  /** A chunk arrives that nobody wants; then it is refused. */
  record SwallowingChunk(ChunkCounter counter, Step.Answer answer, Phase next) implements Phase {}

  /** A chunk of this message was refused, so all the following ones are. */
  record ChunksRefused(Reply reply) implements Phase {}

  /**
   * What arrives in chunks.
   *
   * @param lineEnds watches for bare line ends, null where they are legal (RFC 3030 §3)
   */
  record ChunkedContent(
      Transaction transaction, ContentReceiver content, @Nullable LineEndFilter lineEnds) {}
}
