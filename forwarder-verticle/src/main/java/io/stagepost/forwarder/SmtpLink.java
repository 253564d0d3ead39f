package io.stagepost.forwarder;

import io.stagepost.forwarder.LinkException.Kind;
import io.stagepost.net.AddressText;
import io.stagepost.smtp.Reply;
import io.stagepost.smtp.Reply.StatusDisplay;
import io.stagepost.telemetry.LogText;
import io.stagepost.telemetry.RelayLog;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A connection as a stream of requests and replies, on the event loop of its socket.
 *
 * <p>Replies answer requests in order. What waits for a reply is bounded by the requests sent; a
 * reply that nobody waits for breaks the link.
 */
final class SmtpLink {

  private final Vertx vertx;
  private final NetSocket socket;
  private final Duration patience;
  private final RelayLog peerLog;
  private final String peer;
  private final ReplyParser parser = new ReplyParser();
  private final Deque<Promise<Reply>> awaited = new ArrayDeque<>();
  private final Promise<LinkException> closed = Promise.promise();
  private @Nullable LinkException failure;
  private @Nullable Promise<Void> drained;
  private long deadline;
  private long timer = -1;
  private RelayLog log;

  SmtpLink(Vertx vertx, NetSocket socket, Duration patience, RelayLog log) {
    this.vertx = vertx;
    this.socket = socket;
    this.patience = patience;
    SocketAddress remote = socket.remoteAddress();
    this.peer = AddressText.of(remote);
    this.peerLog = log.withPeer(AddressText.host(remote), Math.max(0, remote.port()));
    this.log = peerLog;
    socket.handler(this::received);
    socket.exceptionHandler(e -> fail(new LinkException(Kind.BROKEN, "peer disconnected")));
    socket.closeHandler(v -> fail(new LinkException(Kind.BROKEN, "peer disconnected")));
  }

  /** The peer's address and port as the log shows them. */
  String peer() {
    return peer;
  }

  RelayLog log() {
    return log;
  }

  /** From now on the log's lines are about this message. */
  void about(String message) {
    log = peerLog.withMessage(message);
  }

  /** Our own address on this connection. */
  String localHost() {
    return AddressText.host(socket.localAddress());
  }

  boolean isOpen() {
    return failure == null;
  }

  /** Completes when the link is broken or closed, whoever did it. */
  Future<LinkException> closed() {
    return closed.future();
  }

  /** The next reply that nobody else waits for. Fails with {@link LinkException}. */
  Future<Reply> expect() {
    if (failure != null) {
      return Future.failedFuture(failure);
    }
    Promise<Reply> reply = Promise.promise();
    awaited.add(reply);
    if (awaited.size() == 1) {
      progress();
    }
    return reply.future();
  }

  /** The same without a limit of time until something else is expected. */
  Future<Reply> expectGreeting() {
    if (failure != null) {
      return Future.failedFuture(failure);
    }
    Promise<Reply> reply = Promise.promise();
    awaited.add(reply);
    return reply.future();
  }

  /** Sends octets at once; what can't be sent is noticed by who waits for the reply. */
  void write(Buffer octets) {
    if (failure == null) {
      socket.write(octets);
    }
  }

  /** Completes when there is room for more to be written. Fails with {@link LinkException}. */
  Future<Void> drained() {
    if (failure != null) {
      return Future.failedFuture(failure);
    }
    progress();
    if (!socket.writeQueueFull()) {
      return Future.succeededFuture();
    }
    Promise<Void> room = Promise.promise();
    drained = room;
    socket.drainHandler(
        v -> {
          drained = null;
          progress();
          room.tryComplete();
        });
    return room.future();
  }

  /** Breaks the link; who waits for a reply gets this reason. */
  void fail(LinkException reason) {
    if (failure != null) {
      return;
    }
    failure = reason;
    if (timer >= 0) {
      vertx.cancelTimer(timer);
      timer = -1;
    }
    socket.close();
    if (drained != null) {
      drained.tryFail(reason);
    }
    while (!awaited.isEmpty()) {
      awaited.poll().fail(reason);
    }
    closed.complete(reason);
  }

  private void received(Buffer chunk) {
    parser.append(chunk);
    while (failure == null) {
      switch (parser.next()) {
        case ReplyParser.Result.Complete c -> deliver(c.reply());
        case ReplyParser.Result.Incomplete i -> {
          return;
        }
        case ReplyParser.Result.Invalid i ->
            fail(new LinkException(Kind.BROKEN, "smtp error: " + i.reason()));
      }
    }
  }

  private void deliver(Reply reply) {
    if (log.isVerbose()) {
      reply
          .wireLines(StatusDisplay.HIDDEN)
          .forEach(line -> log.verbose("rx<<: " + LogText.quote(line)));
    }
    Promise<Reply> next = awaited.poll();
    if (next == null) {
      fail(new LinkException(Kind.BROKEN, Protocol.unexpected(reply)));
      return;
    }
    if (!awaited.isEmpty()) {
      progress();
    }
    next.complete(reply);
  }

  /** Begins the limit of time anew. */
  void progress() {
    // One timer serves many replies: when it fires too early it is set again for the rest.
    deadline = System.nanoTime() + patience.toNanos();
    if (timer < 0) {
      timer = vertx.setTimer(Math.max(1, patience.toMillis()), this::check);
    }
  }

  private void check(long id) {
    timer = -1;
    if (awaited.isEmpty() || failure != null) {
      return;
    }
    long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
    if (left > 0) {
      timer = vertx.setTimer(left, this::check);
    } else {
      String text = "smtp error: response timeout after " + patience.toSeconds() + "s";
      fail(new LinkException(Kind.BROKEN, text));
    }
  }
}
