import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * A POP client that measures: {@code PopLoad <port> <open|step|ahead> <messages> <octets>}.
 *
 * <p>{@code open} logs in and asks for STAT and UIDL, {@code step} retrieves all messages one after
 * the other, {@code ahead} sends up to a hundred RETR before it reads. Prints microseconds from
 * before the connection to after the last octet, and fails when fewer octets came than there are.
 */
public final class PopLoad {

  private static final int WINDOW = 100;
  private static final byte[] END = "\r\n.\r\n".getBytes(StandardCharsets.US_ASCII);

  private final Socket socket;
  private final InputStream in;
  private final byte[] buffer = new byte[1 << 18];
  private int at;
  private int limit;

  private PopLoad(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    in = new BufferedInputStream(socket.getInputStream(), 1);
  }

  public static void main(String[] args) throws IOException {
    int messages = Integer.parseInt(args[2]);
    long octets = Long.parseLong(args[3]);
    long began = System.nanoTime();
    PopLoad client = new PopLoad(Integer.parseInt(args[0]));
    client.line();
    client.send("USER bench\r\n");
    client.line();
    client.send("PASS bench\r\n");
    client.line();
    switch (args[1]) {
      case "open" -> client.open(messages);
      case "step" -> client.retrieve(messages, octets, 1);
      default -> client.retrieve(messages, octets, WINDOW);
    }
    long micros = (System.nanoTime() - began) / 1_000;
    client.send("QUIT\r\n");
    client.line();
    client.socket.close();
    System.out.println(micros);
  }

  private void open(int messages) throws IOException {
    send("STAT\r\n");
    String status = line();
    send("UIDL\r\n");
    line();
    skipToEnd();
    if (!status.startsWith("+OK " + messages + " ")) {
      throw new IOException("expected " + messages + " messages: " + status);
    }
  }

  private void retrieve(int messages, long octets, int window) throws IOException {
    int asked = 0;
    for (int got = 0; got < messages; got++) {
      if (asked == got) {
        StringBuilder ahead = new StringBuilder();
        for (int i = 0; i < window && asked < messages; i++) {
          ahead.append("RETR ").append(++asked).append("\r\n");
        }
        send(ahead.toString());
      }
      line();
      long count = skipToEnd();
      if (count < octets) {
        throw new IOException("message " + (got + 1) + " has " + count + " octets");
      }
    }
  }

  private void send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int b = read(); b != '\n'; b = read()) {
      line.append((char) b);
    }
    if (line.isEmpty() || line.charAt(0) != '+') {
      throw new IOException("refused: " + line);
    }
    return line.toString();
  }

  private int read() throws IOException {
    if (at == limit) {
      fill();
    }
    return buffer[at++];
  }

  private void fill() throws IOException {
    limit = in.read(buffer, 0, buffer.length);
    at = 0;
    if (limit <= 0) {
      throw new IOException("the connection was closed");
    }
  }

  /** Skips to behind the end mark, after a line; gives the octets before it. */
  private long skipToEnd() throws IOException {
    long count = -END.length;
    int matched = 2; // the line before ended with CRLF
    while (matched < END.length) {
      if (at == limit) {
        fill();
      }
      int from = at;
      while (at < limit && matched < END.length) {
        byte b = buffer[at++];
        matched = b == END[matched] ? matched + 1 : b == '\r' ? 1 : 0;
      }
      count += at - from;
    }
    return count + 2;
  }
}
