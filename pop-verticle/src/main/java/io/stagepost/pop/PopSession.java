package io.stagepost.pop;

import io.stagepost.telemetry.LogText;
import io.stagepost.telemetry.RelayLog;
import io.stagepost.wire.LineInput;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.util.Locale;

/** One client of the POP3 server, before it has logged in. */
final class PopSession {

  // RFC 2449 §4 allows commands of 255 octets.
  private static final int LONGEST_LINE = 255;

  private final NetSocket socket;
  private final RelayLog log;
  private final LineInput input = new LineInput();

  PopSession(NetSocket socket, RelayLog log) {
    this.socket = socket;
    this.log = log;
  }

  void begin() {
    socket.handler(this::receive);
    send("+OK POP3 server ready");
  }

  private void receive(Buffer chunk) {
    input.append(chunk);
    for (String line = input.takeLatin1Line(); line != null; line = input.takeLatin1Line()) {
      if (log.isVerbose()) {
        log.verbose("rx<<: " + LogText.quote(line));
      }
      answer(line);
    }
    if (input.available() > LONGEST_LINE) {
      socket.close();
    }
  }

  private void answer(String line) {
    switch (line.toUpperCase(Locale.ROOT).strip()) {
      case "CAPA" -> send("+OK capability list follows\r\nCAPA\r\n.");
      case "QUIT" -> {
        send("+OK signing off");
        socket.close();
      }
      default -> send("-ERR");
    }
  }

  private void send(String reply) {
    if (log.isVerbose()) {
      reply.lines().forEach(l -> log.verbose("tx>>: " + LogText.quote(l)));
    }
    socket.write(reply + "\r\n");
  }
}
