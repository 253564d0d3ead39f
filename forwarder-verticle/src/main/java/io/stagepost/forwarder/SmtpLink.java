package io.stagepost.forwarder;

import io.netty.handler.codec.DecoderException;
import io.stagepost.forwarder.Connector.Connection;
import io.stagepost.forwarder.LinkException.Kind;
import io.stagepost.net.AddressText;
import io.stagepost.net.tls.ClientTls;
import io.stagepost.net.tls.TlsException;
import io.stagepost.net.tls.TlsFacts;
import io.stagepost.net.tls.TlsUpgrade;
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
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * A connection as a stream of requests and replies, on the event loop of its socket.
 *
 * <p>Replies answer requests in order. What waits for a reply is bounded by the requests sent; a
 * reply that nobody waits for breaks the link.
 */
final class SmtpLink {

  private static final String IN_THE_CLEAR = "tls/ssl error: unexpected data before the handshake";

  private static final int CHALLENGE = 334;

  private final Vertx vertx;
  private final NetSocket socket;
  private final Duration patience;
  private final RelayLog peerLog;
  private final String peer;
  private final Dialogue dialogue;
  private final ReplyParser parser = new ReplyParser();
  private final Deque<Promise<Reply>> awaited = new ArrayDeque<>();
  private final Unspeakable unspeakable = new Unspeakable();
  private final Promise<LinkException> closed = Promise.promise();
  private Buffer early;
  private boolean encrypting;
  private @Nullable LinkException failure;
  private @Nullable Promise<Void> drained;
  private long deadline;
  private long timer = -1;
  private RelayLog log;

  SmtpLink(Vertx vertx, Connection connection, Duration patience, Dialogue dialogue, RelayLog log) {
    this.vertx = vertx;
    this.socket = connection.socket();
    this.early = connection.early();
    this.patience = patience;
    this.dialogue = dialogue;
    SocketAddress remote = socket.remoteAddress();
    this.peer = AddressText.of(remote);
    this.peerLog = log.withPeer(AddressText.host(remote), Math.max(0, remote.port()));
    this.log = peerLog;
    socket.handler(this::received);
    socket.exceptionHandler(this::lost);
    socket.closeHandler(v -> lost("peer disconnected"));
  }

  /** The peer's address and port as the log shows them. */
  String peer() {
    return peer;
  }

  RelayLog log() {
    return log;
  }

  /** What has been said about the message under way. */
  Dialogue dialogue() {
    return dialogue;
  }

  /** Notes a line that is sent, as it may be shown. */
  void sent(String shown) {
    if (log.isVerbose()) {
      log.verbose("tx>>: " + LogText.quote(shown));
    }
    dialogue.sent(shown);
  }

  /** Notes the sending of a chunk of content. */
  void sentChunk(String command, long size) {
    if (log.isVerbose()) {
      log.verbose("tx>>: \"" + command + "\" [" + size + " bytes]");
    }
    dialogue.sent(command + " [" + size + " bytes]");
  }

  /** Notes the sending of content. */
  void sentContent(long lines) {
    if (log.isVerbose()) {
      log.verbose("tx>>: [" + lines + " line(s) of content]");
    }
    dialogue.sent("[" + lines + " line(s) of content]");
  }

  /** Protocol and cipher suite, or empty when the connection is not encrypted. */
  String tls() {
    SSLSession session = socket.isSsl() ? socket.sslSession() : null;
    return session == null ? "" : session.getProtocol() + ' ' + session.getCipherSuite();
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
    Buffer octets = early;
    early = Buffer.buffer();
    received(octets);
    return reply.future();
  }

  /** Sends a command and gives the reply to it. Fails with {@link LinkException}. */
  Future<Reply> request(String line) {
    Future<Reply> reply = expect();
    send(line);
    return reply;
  }

  /**
   * The same for a line that must not be in the log, nor in a trace, nor in a reply as that is
   * shown.
   *
   * @param name what may be shown of it
   */
  Future<Reply> requestSilently(String line, String logged, String name) {
    Future<Reply> reply = expect();
    log.verbose("tx>>: " + logged);
    dialogue.sent(logged.replace("\"", ""));
    unspeakable.add(line, name);
    write(Buffer.buffer(line + "\r\n"));
    return reply;
  }

  /** Sends a command. */
  void send(String line) {
    write(Protocol.command(line, Buffer.buffer(64), this));
  }

  /**
   * Encrypts the connection; to be called in the handler of the reply that allows it. Fails with
   * {@link LinkException} when anything comes in the clear meanwhile, which breaks the link
   * (CVE-2011-0411), and otherwise with the reason why there is no encryption.
   */
  Future<TlsFacts> encrypt(ClientTls.Peer with) {
    if (parser.hasRemainder() || early.length() > 0) {
      fail(new LinkException(Kind.BROKEN, IN_THE_CLEAR));
    }
    if (failure != null) {
      return Future.failedFuture(failure);
    }
    encrypting = true;
    return TlsUpgrade.connect(socket, with)
        .onComplete(
            r -> {
              encrypting = false;
              dialogue.note(r.succeeded() ? "encrypted: " + tls() : "not encrypted");
            })
        .compose(
            facts -> failure == null ? Future.succeededFuture(facts) : Future.failedFuture(failure),
            e -> Future.failedFuture(failure == null ? e : failure));
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
    dialogue.note(reason.reason());
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

  // In TLS 1.3 a server refuses our certificate when the handshake is over for us.
  private void lost(Throwable e) {
    if (!isAboutTls(e) || encrypting) {
      lost("peer disconnected");
      return;
    }
    String detail = LogText.escape(String.valueOf(TlsException.of(e).getMessage()));
    log.warn("tls: tls error: SSL_read(): [" + detail + "]");
    lost("peer disconnected: ssl read: " + detail);
  }

  // Netty wraps what its decoders throw.
  private static boolean isAboutTls(Throwable e) {
    return e instanceof SSLException
        || (e instanceof DecoderException && e.getCause() instanceof SSLException);
  }

  private void lost(String reason) {
    if (!encrypting) { // a handshake has a better reason to fail
      fail(new LinkException(Kind.BROKEN, reason));
    }
  }

  private void received(Buffer chunk) {
    if (encrypting) {
      fail(new LinkException(Kind.BROKEN, IN_THE_CLEAR));
      return;
    }
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

  /** Replies are no longer looked through for what was sent silently. */
  void speakFreely() {
    unspeakable.clear();
  }

  private void deliver(Reply said) {
    Reply reply = unspeakable.strike(said);
    dialogue.received(reply);
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
    next.complete(said.code().value() == CHALLENGE ? said : reply);
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
