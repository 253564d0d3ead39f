package io.stagepost.smtpserver;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.stagepost.config.SmtpSettings.Limits;
import io.stagepost.smtp.Reply;
import io.stagepost.smtpserver.Phase.BetweenChunks;
import io.stagepost.smtpserver.Phase.ChunksRefused;
import io.stagepost.smtpserver.Phase.InTransaction;
import io.stagepost.smtpserver.Phase.Outside;
import io.stagepost.smtpserver.Phase.ReceivingChunk;
import io.stagepost.smtpserver.Phase.ReceivingData;
import io.stagepost.smtpserver.Phase.SwallowingChunk;
import io.stagepost.telemetry.LogText;
import io.stagepost.wire.ChunkCounter;
import io.stagepost.wire.LineInput;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
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
  private static final int LOGGED_OCTETS = 1_000;

  private final Connection connection;
  private final Verbs verbs;
  private final Client client;
  private final Limits limits;
  private final LineInput input = new LineInput();

  private @Nullable Buffer output;
  private State state = State.OPEN;
  private String closeReason = "peer disconnected";
  private int faults;
  private boolean awaiting;
  private boolean draining;
  private boolean paused;
  private boolean skippingLine;
  private long lastReceived = System.nanoTime();
  private long lineBegun = NO_LINE;

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
  }

  Client client() {
    return client;
  }

  /** Greets. */
  void start() {
    perform(verbs.greet());
    flush();
  }

  /** Takes what the client sent. */
  void received(Buffer octets) {
    if (state != State.OPEN) {
      return;
    }
    lastReceived = System.nanoTime();
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
    return state == State.OPEN && !awaiting && !isContentFull();
  }

  @Override
  public long lastReceived() {
    return lastReceived;
  }

  @Override
  public long lineBegun() {
    return lineBegun;
  }

  private void advance() {
    while (mayScan() && scan()) {
      // Each round takes a command or a run of content.
    }
    if (draining && state == State.OPEN && !awaiting && isBetweenMessages()) {
      hangUp(Replies.SHUTTING_DOWN, "service shutting down");
    }
    flush();
    noteLine();
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
      case Outside phase -> command();
      case InTransaction phase -> command();
      case BetweenChunks phase -> command();
      case ChunksRefused phase -> command();
    };
  }

  private boolean command() {
    if (skippingLine && !skipLine()) {
      return false;
    }
    byte[] line = input.takeLine();
    if (line == null) {
      // One octet more than the longest line may be the CR of its end.
      skippingLine = input.available() > longestLine() + 1;
      return skippingLine && skipLine();
    }
    lineBegun = NO_LINE;
    logReceived(line);
    perform(
        line.length > longestLine()
            ? new Step.Penalise(Replies.LINE_TOO_LONG)
            : verbs.handle(CommandParser.parse(line)));
    return true;
  }

  /** Drops a line that is too long as it comes; true when its end was there. */
  private boolean skipLine() {
    byte[] end = input.takeLine();
    if (end == null) {
      // A CR at the end may belong to the line end.
      input.consume(Math.max(0, input.available() - 1));
      return false;
    }
    skippingLine = false;
    lineBegun = NO_LINE;
    perform(new Step.Penalise(Replies.LINE_TOO_LONG));
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
    phase.content().write(content);
    if (phase.decoder().isDone()) {
      perform(verbs.content().dataEnded(phase));
    }
    return true;
  }

  private boolean chunk(ReceivingChunk phase) {
    ChunkCounter counter = phase.counter();
    int count = counter.take(input.available());
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
    input.clear();
    flush();
    connection.close();
  }

  private void send(Reply reply) {
    if (client.log().isVerbose()) {
      for (String line : reply.wireLines(verbs.statusDisplay())) {
        client.log().verbose("tx>>: " + LogText.quote(line));
      }
    }
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

  private void noteLine() {
    boolean inLine = isCommandPhase() && !awaiting && (skippingLine || input.available() > 0);
    if (!inLine) {
      lineBegun = NO_LINE;
    } else if (lineBegun == NO_LINE) {
      lineBegun = System.nanoTime();
    }
  }

  /** Reads from the socket only while what comes can be used. */
  private void regulate() {
    if (state != State.OPEN) {
      return;
    }
    boolean full = isContentFull();
    if (full && verbs.phase() instanceof ReceivingData phase) {
      phase.content().onDrain(this::drained);
    } else if (full && verbs.phase() instanceof ReceivingChunk phase) {
      phase.chunked().content().onDrain(this::drained);
    }
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
      default -> true;
    };
  }

  private void logReceived(byte[] line) {
    if (client.log().isVerbose()) {
      int shown = Math.min(line.length, LOGGED_OCTETS);
      client.log().verbose("rx<<: " + LogText.quote(new String(line, 0, shown, UTF_8)));
    }
  }
}
