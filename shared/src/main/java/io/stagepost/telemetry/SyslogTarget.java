package io.stagepost.telemetry;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;

/**
 * The system's log: each line is a datagram to a socket of the file system, so nothing is kept open
 * and a restart of the system's log goes unnoticed.
 *
 * <p>Nobody listening there, or too slowly, is a failure to write.
 */
final class SyslogTarget implements LogTarget {

  /** A longer line is cut; one from {@link TextLines} is far shorter. */
  static final int LONGEST = 8_192;

  private final byte[] path;
  private final Socket socket;
  private final ByteBuffer datagram = ByteBuffer.allocateDirect(LONGEST);

  SyslogTarget(Path path) {
    this.path = path.toString().getBytes(StandardCharsets.UTF_8);
    Epoll.ensureAvailability(); // loads the library that the socket is made with
    this.socket = Socket.newSocketDomainDgram();
  }

  @Override
  public boolean turnsAt(Instant time) {
    return false;
  }

  @Override
  public void turn(Instant time) {}

  @Override
  public void write(byte[] lines, int length) throws IOException {
    int start = 0;
    for (int i = 0; i < length; i++) {
      if (lines[i] == '\n') {
        send(lines, start, i);
        start = i + 1;
      }
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private void send(byte[] lines, int start, int end) throws IOException {
    datagram.clear().put(lines, start, Math.min(end - start, LONGEST)).flip();
    if (socket.sendToDomainSocket(datagram, 0, datagram.limit(), path) <= 0) {
      throw new IOException("the system's log takes no more now");
    }
  }
}
