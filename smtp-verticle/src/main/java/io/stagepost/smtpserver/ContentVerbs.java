package io.stagepost.smtpserver;

import io.stagepost.bus.BusMessages.ImmediateReply;
import io.stagepost.config.AnonymousScope;
import io.stagepost.config.SmtpSettings.Submission;
import io.stagepost.smtp.BodyType;
import io.stagepost.smtp.MailArguments;
import io.stagepost.smtp.Reply;
import io.stagepost.smtpserver.Command.Position;
import io.stagepost.smtpserver.IntakeEvents.Stage;
import io.stagepost.smtpserver.Phase.Authenticating;
import io.stagepost.smtpserver.Phase.BetweenChunks;
import io.stagepost.smtpserver.Phase.ChunkedContent;
import io.stagepost.smtpserver.Phase.ChunksRefused;
import io.stagepost.smtpserver.Phase.Encrypting;
import io.stagepost.smtpserver.Phase.InTransaction;
import io.stagepost.smtpserver.Phase.Outside;
import io.stagepost.smtpserver.Phase.ReceivingChunk;
import io.stagepost.smtpserver.Phase.ReceivingData;
import io.stagepost.smtpserver.Phase.SwallowingChunk;
import io.stagepost.smtpserver.Step.Answer;
import io.stagepost.smtpserver.Step.Await;
import io.stagepost.smtpserver.Step.Penalise;
import io.stagepost.smtpserver.Step.Proceed;
import io.stagepost.smtpserver.Step.Send;
import io.stagepost.spool.Spool;
import io.stagepost.spool.SpoolWriter;
import io.stagepost.telemetry.LogText;
import io.stagepost.wire.BareLineEnds;
import io.stagepost.wire.ChunkCounter;
import io.stagepost.wire.DotDecoder;
import io.stagepost.wire.LineEndFilter;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.function.Function;

/** How content comes in with DATA (RFC 5321 §4.1.1.4) and BDAT (RFC 3030), and what ends it. */
final class ContentVerbs {

  private final Profile profile;
  private final Client client;
  private final Store store;
  private final Verbs session;

  /** Where messages go and who is told. */
  record Store(Spool spool, IntakeEvents events) {}

  ContentVerbs(Profile profile, Client client, Store store, Verbs session) {
    this.profile = profile;
    this.client = client;
    this.store = store;
    this.session = session;
  }

  /** Begins a message at MAIL. */
  Transaction begin(MailArguments mail) {
    Transaction transaction = new Transaction(store.spool.newId(), mail);
    if (client.log().isVerbose()) {
      client.log().verbose("new content file [" + transaction.id() + ".content]");
    }
    return transaction;
  }

  /** Refuses, and says so on the event bus. */
  Answer reject(String id, Reply reply, Stage stage) {
    store.events.rejected(id, client.address(), reply, stage);
    return new Send(reply);
  }

  /** Removes what was stored of an unfinished message. */
  void abandon(Phase phase) {
    switch (phase) {
      case ReceivingData p -> p.content().refuse(Replies.RESET);
      case ReceivingChunk p -> p.chunked().content().refuse(Replies.RESET);
      case BetweenChunks p -> p.chunked().content().refuse(Replies.RESET);
      case Outside p -> {}
      case InTransaction p -> {}
      case Encrypting p -> {}
      case Authenticating p -> {}
      case SwallowingChunk p -> {}
      case ChunksRefused p -> {}
    }
  }

  /** DATA within a transaction. */
  Step data(Transaction transaction) {
    if (transaction.mail().body() == BodyType.BINARY_MIME) {
      session.enter(Outside.STUCK); // RFC 3030 §3
      return new Penalise(Replies.DATA_WITH_BINARYMIME);
    }
    if (transaction.recipients().isEmpty()) {
      session.enter(Outside.READY);
      return reject(transaction.id().value(), Replies.NO_RECIPIENTS, Stage.DATA);
    }
    return open(
        transaction,
        content -> {
          if (client.log().isVerbose()) {
            client.log().verbose("rx<<: [message content not logged]");
          }
          session.enter(
              new ReceivingData(transaction, content, new DotDecoder(client.bareLineEnds())));
          return new Send(Replies.START_INPUT);
        },
        e -> {
          session.enter(Outside.READY);
          return storageTrouble(transaction, e);
        });
  }

  /** The end mark after DATA was seen. */
  Step dataEnded(ReceivingData received) {
    if (client.log().isVerbose()) {
      client.log().verbose("rx<<: \".\"");
    }
    if (received.decoder().sawBareLineEnd() && client.bareLineEnds() == BareLineEnds.REJECT) {
      received.content().refuse(Replies.BARE_LINE_END);
    }
    return finish(received.transaction(), received.content());
  }

  /** BDAT, when it is offered. */
  Step bdat(Command.Bdat command) {
    boolean nothing = command.size() == 0 && command.position() == Position.MORE;
    return switch (session.phase()) {
      case Outside p -> swallow(command, new Penalise(Replies.OUT_OF_SEQUENCE), stuckFrom(p));
      case ChunksRefused(Reply reply) -> refuseChunk(command, new Send(reply));
      case InTransaction p when command.size() < 0 || nothing -> invalidSize(p, command);
      case BetweenChunks p when command.size() < 0 || nothing -> invalidSize(p, command);
      case InTransaction(Transaction transaction) -> firstChunk(transaction, command);
      case BetweenChunks(ChunkedContent chunked) -> nextChunk(chunked, command);
      default -> throw new IllegalStateException("a command within content");
    };
  }

  /** All octets of a chunk have been read. */
  Step chunkEnded(ReceivingChunk received) {
    ChunkedContent chunked = received.chunked();
    if (received.position() == Position.LAST) {
      return lastChunkEnded(chunked);
    }
    Reply refusal = chunked.content().refusal().orElse(null);
    if (refusal != null) {
      session.enter(new ChunksRefused(refusal));
      return reject(chunked.transaction().id().value(), refusal, Stage.DATA);
    }
    session.enter(new BetweenChunks(chunked));
    return new Send(Replies.chunkReceived(received.counter().size()));
  }

  /** All octets of an unwanted chunk have been read. */
  Step swallowed(SwallowingChunk chunk) {
    session.enter(chunk.next());
    return chunk.answer();
  }

  private static Phase stuckFrom(Outside phase) {
    return phase == Outside.START ? Outside.START : Outside.STUCK;
  }

  private Step invalidSize(Phase phase, Command.Bdat command) {
    abandon(phase);
    return swallow(command, new Send(Replies.INVALID_ARGUMENT), Outside.STUCK);
  }

  private Step firstChunk(Transaction transaction, Command.Bdat command) {
    String id = transaction.id().value();
    if (transaction.recipients().isEmpty()) {
      return refuseChunk(command, reject(id, Replies.NO_RECIPIENTS, Stage.DATA));
    }
    if (exceedsLimit(command.size())) {
      client.log().warn("message content too big");
      return refuseChunk(command, reject(id, Replies.TOO_BIG, Stage.DATA));
    }
    return open(
        transaction,
        content -> {
          // RFC 3030 §3: binary content needs no line ends at all.
          boolean binary = transaction.mail().body() == BodyType.BINARY_MIME;
          LineEndFilter lineEnds = binary ? null : new LineEndFilter(client.bareLineEnds());
          return chunk(new ChunkedContent(transaction, content, lineEnds), command);
        },
        e -> refuseChunk(command, storageTrouble(transaction, e)));
  }

  private Step nextChunk(ChunkedContent chunked, Command.Bdat command) {
    if (exceedsLimit(chunked.content().size() + command.size())) {
      client.log().warn("message content too big");
      chunked.content().refuse(Replies.TOO_BIG);
      String id = chunked.transaction().id().value();
      return refuseChunk(command, reject(id, Replies.TOO_BIG, Stage.DATA));
    }
    return chunk(chunked, command);
  }

  private Step chunk(ChunkedContent chunked, Command.Bdat command) {
    ReceivingChunk phase =
        new ReceivingChunk(chunked, new ChunkCounter(command.size()), command.position());
    session.enter(phase);
    return command.size() == 0 ? chunkEnded(phase) : new Proceed();
  }

  private Step lastChunkEnded(ChunkedContent chunked) {
    LineEndFilter lineEnds = chunked.lineEnds();
    if (lineEnds != null) {
      Buffer rest = Buffer.buffer();
      lineEnds.finish(rest);
      chunked.content().write(rest);
      if (lineEnds.sawBareLineEnd() && client.bareLineEnds() == BareLineEnds.REJECT) {
        chunked.content().refuse(Replies.BARE_LINE_END);
      }
    }
    return finish(chunked.transaction(), chunked.content());
  }

  /** Refuses a chunk and, unless it was the last, all that follow it in its message. */
  private Step refuseChunk(Command.Bdat command, Answer answer) {
    Phase next =
        command.position() == Position.LAST || !(answer instanceof Send(Reply reply))
            ? Outside.READY
            : new ChunksRefused(reply);
    return swallow(command, answer, next);
  }

  /** RFC 3030 §2: the octets of a refused chunk still come; they must not be read as commands. */
  private Step swallow(Command.Bdat command, Answer answer, Phase next) {
    if (command.size() <= 0) {
      session.enter(next);
      return answer;
    }
    session.enter(new SwallowingChunk(new ChunkCounter(command.size()), answer, next));
    return new Proceed();
  }

  private boolean exceedsLimit(long size) {
    long limit = profile.settings().limits().messageSize();
    return limit > 0 && size > limit;
  }

  private Step open(
      Transaction transaction,
      Function<ContentReceiver, Step> opened,
      Function<Throwable, Step> failed) {
    return new Await(
        store
            .spool
            .create(transaction.id(), transaction.envelope(session.security().origin()))
            .map(writer -> opened.apply(receiver(writer)))
            .recover(e -> Future.succeededFuture(failed.apply(e))));
  }

  private ContentReceiver receiver(SpoolWriter writer) {
    Buffer top =
        profile.hides(AnonymousScope.CONTENT)
            ? Buffer.buffer()
            : ReceivedLine.of(
                session.greeted(),
                session.security().transport(),
                client.address(),
                profile.settings().domain(),
                Instant.now());
    return new ContentReceiver(writer, profile.settings().limits(), top);
  }

  private Step finish(Transaction transaction, ContentReceiver content) {
    session.enter(Outside.READY);
    Reply refusal = content.refusal().orElse(null);
    if (refusal != null) {
      if (refusal.equals(Replies.TOO_BIG)) {
        client.log().warn("message content too big");
      }
      Answer answer = reject(transaction.id().value(), refusal, Stage.DATA);
      return new Await(content.removed().map(v -> answer));
    }
    if (client.log().isVerbose()) {
      client.log().verbose("new envelope file [" + transaction.id() + ".envelope.new]");
    }
    return new Await(
        content
            .commit()
            .transform(
                committed ->
                    committed.succeeded()
                        ? accepted(transaction, content.size())
                        : Future.succeededFuture(storageTrouble(transaction, committed.cause()))));
  }

  private Future<Step> accepted(Transaction transaction, long size) {
    Future<Void> noted = store.events.received(transaction, client.address(), size);
    if (profile.settings().submission() == Submission.STORED) {
      store.events.stored(transaction, client.session());
      return noted.map(new Send(Replies.PROCESSED));
    }
    return store
        .events
        .forward(transaction, client.session())
        .map(this::verdict)
        .recover(
            e -> {
              client.log().warn("immediate forwarding: " + LogText.escape(String.valueOf(e)));
              return Future.succeededFuture(new Send(Replies.FORWARDING_FAILED));
            });
  }

  private Step verdict(ImmediateReply reply) {
    return new Send(Replies.fromNextHop(reply.code(), reply.text()));
  }

  private Answer storageTrouble(Transaction transaction, Throwable e) {
    client.log().error("cannot store message: " + LogText.escape(String.valueOf(e.getMessage())));
    return reject(transaction.id().value(), Replies.forStorage(e), Stage.DATA);
  }
}
