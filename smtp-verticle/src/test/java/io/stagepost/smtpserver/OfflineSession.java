package io.stagepost.smtpserver;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.stagepost.bus.BusMessages;
import io.stagepost.config.SmtpSettings;
import io.stagepost.events.EventLog;
import io.stagepost.net.tls.TlsFacts;
import io.stagepost.spool.MemorySpool;
import io.stagepost.telemetry.RelayLog;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.List;

/** A session without a socket. */
final class OfflineSession implements Connection {

  private static final Vertx VERTX = vertx();

  final MemorySpool spool = new MemorySpool();
  final SmtpSession session;
  private Buffer sent = Buffer.buffer();
  private int writes;
  private boolean paused;
  private boolean closed;

  OfflineSession(TestSettings settings) {
    SmtpSettings built = settings.build();
    Profile profile = new Profile(built);
    Client client =
        new Client(
            "127.0.0.1",
            "127.0.0.1:1234",
            "1",
            profile.bareLineEndsFor("127.0.0.1"),
            RelayLog.of(""));
    IntakeEvents events = new IntakeEvents(VERTX.eventBus(), EventLog.none(), "offline");
    Verbs verbs =
        new Verbs(
            profile,
            new Security(SmtpSecurity.NONE, client),
            client,
            () -> false,
            new ContentVerbs.Store(spool, events));
    session = new SmtpSession(this, verbs, client, built.limits());
    session.start(Security.Entry.CLEAR);
  }

  /** Delivers octets that are written as ISO-8859-1. */
  OfflineSession feed(String octets) {
    return feed(octets.getBytes(ISO_8859_1));
  }

  OfflineSession feed(byte[] octets) {
    if (!closed) {
      session.received(Buffer.buffer(octets));
    }
    return this;
  }

  /** What was sent since the last call, line by line. */
  List<String> replies() {
    List<String> lines = sent.toString(UTF_8).lines().toList();
    sent = Buffer.buffer();
    return lines;
  }

  /** How many writes were made. */
  int writes() {
    return writes;
  }

  boolean isPaused() {
    return paused;
  }

  boolean isClosed() {
    return closed;
  }

  @Override
  public void send(Buffer octets) {
    writes++;
    sent.appendBuffer(octets);
  }

  @Override
  public boolean isCongested() {
    return false;
  }

  @Override
  public Future<TlsFacts> encrypt(Buffer lastWords) {
    throw new UnsupportedOperationException("no TLS without a socket");
  }

  @Override
  public void pause() {
    paused = true;
  }

  @Override
  public void resume() {
    paused = false;
  }

  @Override
  public void close() {
    closed = true;
  }

  @Override
  public void closeWith(Buffer lastWords) {
    send(lastWords);
    close();
  }

  private static Vertx vertx() {
    Vertx vertx = Vertx.vertx();
    BusMessages.registerCodecs(vertx.eventBus());
    return vertx;
  }
}
