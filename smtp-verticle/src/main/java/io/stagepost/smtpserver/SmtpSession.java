package io.stagepost.smtpserver;

import io.stagepost.config.SmtpSettings.Limits;
import io.stagepost.smtp.Reply;
import io.stagepost.smtp.ReplyCode;
import io.stagepost.smtpserver.CommandLines.Turn;
import io.stagepost.smtpserver.Phase.Authenticating;
import io.stagepost.smtpserver.Phase.BetweenChunks;
import io.stagepost.smtpserver.Phase.ChunksRefused;
import io.stagepost.smtpserver.Phase.Encrypting;
import io.stagepost.smtpserver.Phase.InTransaction;
import io.stagepost.smtpserver.Phase.Outside;
import io.stagepost.smtpserver.Phase.ReceivingChunk;
import io.stagepost.smtpserver.Phase.ReceivingData;
import io.stagepost.smtpserver.Phase.SwallowingChunk;
import io.stagepost.smtpserver.Security.Entry;
import io.stagepost.telemetry.LogText;
import io.stagepost.wire.ChunkCounter;
import io.stagepost.wire.LineInput;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One client's session: cuts what arrives into commands and content, has {@link Verbs} decide, and
 * performs the steps in order. Lives on the event loop of its socket.
 *
 * <p>Bound: while something is awaited, at most {@link #MOST_WAITING} octets and one read of the
 * socket wait here; then the socket is paused.
 */
final class SmtpSession implements Watchdog.Watched {

  private static final int MOST_WAITING = 64 * 1024;
  private static final byte TLS_HANDSHAKE = 0x16;

  private final Connection connection;
  private final Verbs verbs;
  private final Client client;
  private final Limits limits;
  private final DialogueLog dialogue;
  private final LineInput input = new LineInput();
  private final Runnable goOn = this::drained;
  private final CommandLines lines = new CommandLines(input);

  private @Nullable Buffer output;
  private State state = State.OPEN;
  private String closeReason = "peer disconnected";
  private int faults;
  private boolean awaiting;
  private boolean draining;
  private boolean paused;
  private boolean hasReceived;
  private long lastReceived = System.nanoTime();

  private enum State {
    OPEN,
    /** We have said our last word. */
    ENDING,
    CLOSED
  }

  SmtpSession(Connection connection, Verbs verbs, Client client, Limits limits) {
    this.connection = connection;
    this.verbs = verbs;
    this.client = client;
    this.limits = limits;
    this.dialogue = new DialogueLog(client.log());
  }

  Client client() {
    return client;
  }

  /** Greets, after a handshake if that comes first. */
  void start(Entry entry) {
    perform(verbs.begin(entry));
    flush();
  }

  /** Takes what the client sent. */
  void received(Buffer octets) {
    if (state != State.OPEN) {
      return;
    }
    lastReceived = System.nanoTime();
    if (verbs.phase() instanceof Encrypting) {
      // CVE-2011-0411
      client.log().warn("tls error: received something in the clear after starttls");
      abandon(Verbs.DONE + ": starttls was not the last");
      return;
    }
    if (!hasReceived) {
      hasReceived = true;
      lookForHandshake(octets);
    }
    input.append(octets);
    advance();
  }

  /** The client reads again, or the spool takes content again. */
  void drained() {
    if (state == State.OPEN) {
      advance();
    }
  }

  /** The connection is gone. */
  void closed() {
    state = State.CLOSED;
    verbs.resetTransaction();
    input.clear();
    client.log().info("smtp connection closed: " + closeReason + ": " + client.peer());
  }

  /** Ends the session as soon as no message is under way. */
  void drain() {
    draining = true;
    if (state == State.OPEN) {
      advance();
    }
  }

  @Override
  public void expel(Reply reply, String reason) {
    if (state == State.OPEN) {
      hangUp(reply, reason);
      flush();
    }
  }

  @Override
  public boolean isWaitingForClient() {
    return state == State.OPEN
        && !awaiting
        && !isContentFull()
        && !(verbs.phase() instanceof Encrypting);
  }

  @Override
  public long lastReceived() {
    return lastReceived;
  }

  @Override
  public long lineBegun() {
    return lines.begun();
  }

  private void advance() {
    while (mayScan() && scan()) {
      // Each round takes a command or a run of content.
    }
    if (draining && state == State.OPEN && !awaiting && isBetweenMessages()) {
      hangUp(Replies.SHUTTING_DOWN, "service shutting down");
    }
    flush();
    lines.note(isCommandPhase() && !awaiting ? Turn.CLIENT : Turn.NOBODY);
    regulate();
  }

  private boolean mayScan() {
    return state == State.OPEN
        && !awaiting
        && !isContentFull()
        && !(draining && isBetweenMessages());
  }

  /** Takes the next command or run of content; false when more input is needed. */
  private boolean scan() {
    return switch (verbs.phase()) {
      case ReceivingData phase -> input.available() > 0 && data(phase);
      case ReceivingChunk phase -> input.available() > 0 && chunk(phase);
      case SwallowingChunk phase -> input.available() > 0 && swallow(phase);
      case Authenticating phase -> response(phase);
      case Encrypting phase -> false;
      case Outside phase -> command();
      case InTransaction phase -> command();
      case BetweenChunks phase -> command();
      case ChunksRefused phase -> command();
    };
  }

  private boolean command() {
    byte[] line = lines.take(longestLine());
    if (line == null) {
      return false;
    }
    Command command = lines.wasTooLong() ? new Command.Unknown() : CommandParser.parse(line);
    dialogue.received(line, command);
    perform(lines.wasTooLong() ? new Step.Penalise(Replies.LINE_TOO_LONG) : verbs.handle(command));
    return true;
  }

  private boolean response(Authenticating phase) {
    byte[] line = lines.take(SecurityVerbs.LONGEST_RESPONSE);
    if (line == null) {
      return false;
    }
    dialogue.receivedResponse();
    perform(
        lines.wasTooLong()
            ? verbs.securing().tooLong()
            : verbs.securing().response(line, phase.exchange()));
    return true;
  }

  private int longestLine() {
    int limit = limits.commandLength();
    return limit == 0 ? MOST_WAITING : Math.min(limit, MOST_WAITING);
  }

  private boolean data(ReceivingData phase) {
    Buffer content = Buffer.buffer(input.available());
    int from = input.offset();
    int end = phase.decoder().decode(input.array(), from, from + input.available(), content);
    input.consume(end - from);
    phase.content().onDrain(goOn);
    phase.content().write(content);
    if (phase.decoder().isDone()) {
      perform(verbs.content().dataEnded(phase));
    }
    return true;
  }

  private boolean chunk(ReceivingChunk phase) {
    ChunkCounter counter = phase.counter();
    int count = counter.take(input.available());
    phase.chunked().content().onDrain(goOn);
    if (phase.chunked().lineEnds() == null) {
      phase.chunked().content().write(input.take(count));
    } else {
      Buffer content = Buffer.buffer(count + 1);
      int from = input.offset();
      phase.chunked().lineEnds().pass(input.array(), from, from + count, content);
      input.consume(count);
      phase.chunked().content().write(content);
    }
    if (counter.isDone()) {
      perform(verbs.content().chunkEnded(phase));
    }
    return true;
  }

  private boolean swallow(SwallowingChunk phase) {
    input.consume(phase.counter().take(input.available()));
    if (phase.counter().isDone()) {
      perform(verbs.content().swallowed(phase));
    }
    return true;
  }

  private void perform(Step step) {
    switch (step) {
      case Step.Send(Reply reply) -> send(reply);
      case Step.Penalise(Reply reply) -> penalise(reply);
      case Step.HangUp(Reply reply, String reason) -> hangUp(reply, reason);
      case Step.Proceed p -> {}
      case Step.Encrypt(Optional<Reply> lastWords) -> encrypt(lastWords);
      case Step.Await(var next) when next.isComplete() -> perform(outcome(next));
      case Step.Await(var next) -> {
        awaiting = true;
        next.onComplete(
            done -> {
              awaiting = false;
              lastReceived = System.nanoTime(); // the client could do nothing meanwhile
              resume(outcome(next));
            });
      }
    }
  }

  private void encrypt(Optional<Reply> lastWords) {
    if (input.available() > 0) {
      client.log().warn("tls error: received something in the clear after starttls");
      hangUp(Replies.AFTER_START_TLS, Verbs.DONE + ": starttls was not the last");
      return;
    }
    verbs.enter(new Encrypting());
    // What waits behind a pause would be delivered later, as if it had been encrypted.
    paused = false;
    connection.resume();
    if (state != State.OPEN) {
      return;
    }
    lastWords.ifPresent(this::send);
    Buffer last = output == null ? Buffer.buffer() : output;
    output = null;
    connection
        .encrypt(last)
        .onSuccess(
            facts -> {
              if (state == State.OPEN) {
                lastReceived = System.nanoTime();
                hasReceived = true;
                perform(verbs.securing().encrypted(facts));
                advance();
              }
            })
        .onFailure(
            e -> {
              if (state == State.OPEN) {
                client
                    .log()
                    .warn("tls: tls error: " + LogText.escape(String.valueOf(e.getMessage())));
                abandon("peer disconnected: ssl accept");
              }
            });
  }

  /** Closes without a word. */
  private void abandon(String reason) {
    closeReason = reason;
    state = State.ENDING;
    verbs.resetTransaction();
    input.clear();
    connection.close();
  }

  private Step outcome(Future<Step> done) {
    return done.succeeded() ? done.result() : trouble(done.cause());
  }

  /** Goes on after waiting. */
  private void resume(Step step) {
    if (state != State.OPEN) {
      verbs.resetTransaction(); // the client has left
      return;
    }
    perform(step);
    advance();
  }

  private Step trouble(Throwable e) {
    client.log().error("smtp session: " + LogText.escape(String.valueOf(e)));
    return new Step.HangUp(Replies.INTERNAL_ERROR, "internal error");
  }

  private void penalise(Reply reply) {
    faults++;
    if (limits.badCommands() > 0 && faults >= limits.badCommands()) {
      hangUp(reply, Verbs.DONE + ": too many protocol errors from the client");
    } else {
      send(reply);
    }
  }

  private void hangUp(Reply reply, String reason) {
    send(reply);
    closeReason = reason;
    state = State.ENDING;
    verbs.resetTransaction();
    // Who has said goodbye waits for nothing but the answer.
    boolean done = reply.code().equals(ReplyCode.CLOSING_221) && input.available() == 0;
    input.clear();
    Buffer lastWords = output;
    if (done && lastWords != null) {
      output = null;
      connection.closeWith(lastWords);
    } else {
      flush();
      connection.close();
    }
  }

  private void send(Reply reply) {
    dialogue.sent(reply, verbs.statusDisplay());
    Buffer replies = output;
    if (replies == null) {
      replies = Buffer.buffer();
      output = replies;
    }
    replies.appendBytes(Replies.encode(reply, verbs.statusDisplay()));
  }

  private void flush() {
    Buffer replies = output;
    if (replies != null) {
      output = null;
      connection.send(replies);
    }
  }

  /** Reads from the socket only while what comes can be used. */
  private void regulate() {
    if (state != State.OPEN) {
      return;
    }
    if (verbs.phase() instanceof Encrypting) {
      return;
    }
    boolean full = isContentFull();
    boolean choked =
        full || connection.isCongested() || (awaiting && input.available() > MOST_WAITING);
    if (choked != paused) {
      paused = choked;
      if (choked) {
        connection.pause();
      } else {
        connection.resume();
      }
    }
  }

  private boolean isContentFull() {
    return switch (verbs.phase()) {
      case ReceivingData phase -> phase.content().isFull();
      case ReceivingChunk phase -> phase.chunked().content().isFull();
      default -> false;
    };
  }

  private boolean isBetweenMessages() {
    return verbs.phase() instanceof Outside || verbs.phase() instanceof ChunksRefused;
  }

  private boolean isCommandPhase() {
    return switch (verbs.phase()) {
      case ReceivingData p -> false;
      case ReceivingChunk p -> false;
      case SwallowingChunk p -> false;
      case Encrypting p -> false;
      default -> true;
    };
  }

  private void lookForHandshake(Buffer octets) {
    if (octets.getByte(0) == TLS_HANDSHAKE && !verbs.security().isEncrypted()) {
      client
          .log()
          .warn(
              "received unexpected tls handshake packet from remote client: try enabling implicit"
                  + " tls (smtps)");
    }
  }
}
