package io.stagepost.pop;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.stagepost.net.tls.TlsFacts;
import io.stagepost.telemetry.LogText;
import io.stagepost.wire.LineInput;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import org.jspecify.annotations.Nullable;

/**
 * One client's session: cuts what arrives into commands, has {@link Verbs} decide, and performs the
 * steps in order. Lives on the event loop of its socket.
 *
 * <p>Bound: while something is awaited or the client does not read, at most {@link #MOST_WAITING}
 * octets and one read of the socket wait here; then the socket is paused.
 */
final class PopSession {

  private static final int MOST_WAITING = 64 * 1024;
  // RFC 5034 §4: responses of mechanisms may be long, whatever commands are.
  private static final int LONGEST_LINE = 16 * 1024;
  private static final int LOGGED_OCTETS = 1_000;

  private final Connection connection;
  private final Profile profile;
  private final Verbs verbs;
  private final Client client;
  private final Outbox outbox;
  private final LineInput input = new LineInput();

  private @Nullable Body body;
  private @Nullable Lines lines;
  private int nextLine;
  private State state = State.OPEN;
  private String closeReason = "peer disconnected";
  private boolean awaiting;
  private boolean receiving;
  private boolean paused;
  private boolean mayBeResponse;
  private long lastActivity = System.nanoTime();

  private enum State {
    OPEN,
    /** We have said our last word. */
    ENDING,
    CLOSED
  }

  PopSession(Connection connection, Profile profile, Verbs verbs, Client client) {
    this.connection = connection;
    this.profile = profile;
    this.verbs = verbs;
    this.client = client;
    this.outbox = new Outbox(connection);
  }

  Client client() {
    return client;
  }

  /** Greets. */
  void start() {
    perform(verbs.greet());
    outbox.flush();
  }

  /** Takes what the client sent. */
  void received(Buffer octets) {
    if (state != State.OPEN) {
      return;
    }
    lastActivity = System.nanoTime();
    if (verbs.phase() instanceof Phase.Upgrading) {
      // It came in the clear, where somebody else may have put it (CVE-2011-0411).
      abortUpgrade();
      return;
    }
    input.append(octets);
    receiving = true;
    advance();
    receiving = false;
  }

  /** The client reads again. */
  void drained() {
    lastActivity = System.nanoTime();
    if (state == State.OPEN) {
      advance();
    }
  }

  /** The connection is gone: nothing is removed (RFC 1939 §6). */
  void closed() {
    state = State.CLOSED;
    letGo();
    client.log().info("pop connection closed: " + closeReason + ": " + client.peer());
  }

  /** When the client last did anything, by {@link System#nanoTime()}. */
  long lastActivity() {
    return awaiting ? System.nanoTime() : lastActivity;
  }

  /** Ends the session without a word. */
  void abort(String reason) {
    if (state == State.OPEN) {
      closeReason = reason;
      state = State.ENDING;
      letGo();
      connection.abort();
    }
  }

  private void letGo() {
    verbs.abandon();
    input.clear();
    if (body != null) {
      body.close();
      body = null;
    }
    lines = null;
  }

  private void advance() {
    while (state == State.OPEN && !awaiting && !connection.isCongested() && go()) {
      // Each round adds a piece or takes a command.
      if (outbox.isFull()) {
        outbox.flush();
      }
    }
    outbox.flush();
    regulate();
  }

  /** Sends the next piece or takes the next command; false when there is nothing to do. */
  private boolean go() {
    if (body != null) {
      pump(body);
      return true;
    }
    if (lines != null) {
      list(lines);
      return true;
    }
    return command();
  }

  private boolean command() {
    byte[] line = input.takeLine();
    if (line == null && input.available() <= LONGEST_LINE) {
      return false;
    }
    if (line == null || line.length > LONGEST_LINE) {
      hangUp(Replies.LINE_TOO_LONG, "line too long");
      return false;
    }
    logReceived(line);
    perform(verbs.handle(line));
    return true;
  }

  private void perform(Step step) {
    switch (step) {
      case Step.Send(String line) -> send(line);
      case Step.SendBody(Body whole) -> {
        logSent(whole.head());
        body = whole;
      }
      case Step.SendLines(Lines several) -> {
        lines = several;
        nextLine = 0;
      }
      case Step.HangUp(String line, String reason) -> hangUp(line, reason);
      case Step.Upgrade(String line) -> upgrade(line);
      case Step.Await(var next) -> await(next, this::perform);
    }
  }

  private <T> void await(Future<T> next, Taker<T> then) {
    if (next.isComplete()) {
      settle(next, then);
      return;
    }
    awaiting = true;
    next.onComplete(
        done -> {
          awaiting = false;
          lastActivity = System.nanoTime(); // the client could do nothing meanwhile
          if (state == State.OPEN) {
            settle(next, then);
            advance();
          } else {
            late(next);
          }
        });
  }

  private interface Taker<T> {
    void take(T result);
  }

  private <T> void settle(Future<T> done, Taker<T> then) {
    if (done.succeeded()) {
      then.take(done.result());
    } else {
      client.log().error("pop session: " + LogText.escape(String.valueOf(done.cause())));
      abort("internal error");
    }
  }

  /** Lets go of what was made for a client that has gone meanwhile. */
  private void late(Future<?> done) {
    verbs.abandon();
    if (done.failed()) {
      return;
    }
    switch (done.result()) {
      case Step.SendBody(Body late) -> late.close();
      case ByteBuf piece -> piece.release();
      default -> {}
    }
  }

  private void pump(Body from) {
    await(
        from.next(),
        piece -> {
          if (!piece.isReadable()) {
            body = null;
            if (client.log().isVerbose()) {
              client.log().verbose("tx>>: " + from.logged());
              client.log().verbose("tx>>: \".\"");
            }
          } else {
            outbox.piece(piece);
          }
        });
  }

  private void list(Lines several) {
    int from = nextLine;
    nextLine = several.append(from, BufferInternal.buffer(outbox.text()));
    if (nextLine == several.count()) {
      lines = null;
      if (client.log().isVerbose()) {
        several.log(client.log());
      }
    }
  }

  private void upgrade(String line) {
    // What waits here, or may wait in a paused socket, came in the clear.
    if (input.available() > 0 || !receiving || paused) {
      abortUpgrade();
      return;
    }
    outbox.flush();
    logSent(line);
    connection
        .encrypt(profile.access().tls().orElseThrow(), Buffer.buffer(line + "\r\n"))
        .onSuccess(this::upgraded)
        .onFailure(e -> failed(client, e));
  }

  private void abortUpgrade() {
    client.log().warn("tls error: received something in the clear after stls");
    abort("peer disconnected: ssl accept");
  }

  private void upgraded(TlsFacts facts) {
    if (state == State.OPEN) {
      lastActivity = System.nanoTime();
      client.log().info(facts.established(client.peer()));
      verbs.encrypted();
    }
  }

  private void failed(Client peer, Throwable e) {
    peer.log().warn("tls: tls error: " + LogText.escape(String.valueOf(e.getMessage())));
    if (state == State.OPEN) {
      abort("peer disconnected: ssl accept");
    }
  }

  private void hangUp(String line, String reason) {
    send(line);
    closeReason = reason;
    state = State.ENDING;
    letGo();
    outbox.flush();
    connection.close();
  }

  private void send(String line) {
    logSent(line);
    outbox.line(line);
  }

  private void logSent(String line) {
    if (client.log().isVerbose()) {
      client.log().verbose("tx>>: " + LogText.quote(line));
    }
  }

  /** Reads from the socket only while what comes can be used. */
  private void regulate() {
    if (state != State.OPEN) {
      return;
    }
    boolean choked = input.available() > MOST_WAITING;
    if (choked != paused) {
      paused = choked;
      if (choked) {
        connection.pause();
      } else {
        connection.resume();
      }
    }
  }

  /** What is no command and follows AUTH may be a response that the client was not asked for. */
  private void logReceived(byte[] line) {
    if (!client.log().isVerbose()) {
      return;
    }
    Command command = CommandParser.parse(line);
    boolean isResponse = verbs.phase() instanceof Phase.Exchanging;
    if (isResponse || (mayBeResponse && command instanceof Command.Unknown)) {
      mayBeResponse = true;
      client.log().verbose("rx<<: [authentication response not logged]");
      return;
    }
    mayBeResponse = command instanceof Command.Auth;
    int shown = Math.min(line.length, LOGGED_OCTETS);
    String text =
        CommandParser.hasSecret(line)
            ? CommandParser.withoutSecret(line)
            : new String(line, 0, shown, UTF_8);
    client.log().verbose("rx<<: " + LogText.quote(text));
  }
}
