package io.stagepost.smtpserver;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import io.stagepost.events.EventLog;
import io.stagepost.net.AddressRanges;
import io.stagepost.net.tls.TlsFacts;
import io.stagepost.spool.MemorySpool;
import io.stagepost.telemetry.RelayLog;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.SocketAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReceptionTest {

  private final Vertx vertx = Vertx.vertx();
  private final Reception reception =
      new Reception(
          new Profiles(() -> TestSettings.own().build()),
          SmtpIntake.of(vertx, "test"),
          new ContentVerbs.Store(
              new MemorySpool(), new IntakeEvents(vertx.eventBus(), EventLog.none(), "test")),
          RelayLog.of(""));

  @AfterEach
  void close() {
    RunningIntake.await(vertx.close());
  }

  @ParameterizedTest
  @ValueSource(strings = {"203.0.113.9", "172.32.0.1", "2001:db8::1", "fe80:0:0:1::1"})
  void r1AClientFromOutsideIsDroppedWithoutAWord(String address) {
    Line line = new Line();
    try (LogLines log = new LogLines(Level.INFO)) {
      SocketAddress remote = SocketAddress.inetSocketAddress(4321, address);
      assertThat(reception.receive(line, remote, SmtpSecurity.NONE)).isEmpty();
      assertThat(log.lines())
          .containsExactly(
              "WARN configured to reject non-local smtp connection: "
                  + address
                  + " is not in "
                  + AddressRanges.LOCAL,
              "WARN connection rejected from "
                  + address
                  + (address.contains(":") ? "." : ":")
                  + "4321");
    }
    assertThat(line.sent.length()).isZero();
    assertThat(line.closed).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"127.9.9.9", "10.1.2.3", "172.31.255.255", "192.168.0.1", "::1", "fd00::1"})
  void aLocalClientIsGreeted(String address) {
    Line line = new Line();
    reception
        .receive(line, SocketAddress.inetSocketAddress(4321, address), SmtpSecurity.NONE)
        .orElseThrow()
        .start(Security.Entry.CLEAR);
    assertThat(line.sent.toString()).startsWith("220 ");
    assertThat(line.closed).isFalse();
  }

  @Test
  void aUnixDomainClientIsLocal() {
    Line line = new Line();
    SocketAddress remote = SocketAddress.domainSocketAddress("/x");
    assertThat(reception.receive(line, remote, SmtpSecurity.NONE)).isPresent();
  }

  private static final class Line implements Connection {
    private final Buffer sent = Buffer.buffer();
    private boolean closed;

    @Override
    public void send(Buffer octets) {
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
    public void pause() {}

    @Override
    public void resume() {}

    @Override
    public void close() {
      closed = true;
    }

    @Override
    public void closeWith(Buffer lastWords) {
      send(lastWords);
      close();
    }
  }
}
