package io.stagepost.pop;

import static org.assertj.core.api.Assertions.assertThat;

import io.stagepost.net.ListenAddress;
import io.stagepost.telemetry.RelayLog;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class PopVerticleTest {

  @Test
  void tellsWhatItCanDoAndLetsNobodyIn(Vertx vertx) throws Exception {
    int port = start(vertx);
    assertThat(converse(port, "CAPA\r\nUSER alice\r\nSTAT\r\nquit\r\n"))
        .isEqualTo(
            """
            +OK POP3 server ready
            +OK capability list follows
            CAPA
            .
            -ERR
            -ERR
            +OK signing off
            """
                .replace("\n", "\r\n"));
  }

  @Test
  void aLineWithoutEndClosesTheConnection(Vertx vertx) throws Exception {
    int port = start(vertx);
    assertThat(converse(port, "x".repeat(300))).isEqualTo("+OK POP3 server ready\r\n");
  }

  private static String converse(int port, String commands) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.getOutputStream().write(commands.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }
  }

  private static int start(Vertx vertx) {
    PopVerticle server = new PopVerticle(new ListenAddress.Inet("127.0.0.1", 0), RelayLog.of(""));
    vertx.deployVerticle(server).await();
    return server.actualPort();
  }
}
