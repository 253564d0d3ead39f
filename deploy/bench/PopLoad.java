import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A POP client that measures servers in turns, so that what else the machine does hits them alike:
 * {@code PopLoad <open|step|ahead> <messages> <octets> <warm-ups> <rounds> <port>:<pid>...}.
 *
 * <p>{@code open} logs in and asks for STAT and UIDL, {@code step} retrieves all messages one after
 * the other, {@code ahead} sends up to a hundred RETR before it reads. Prints a line for each server:
 * the median of the rounds' microseconds from before the connection to after the last octet, the
 * microseconds of processor time that the process and its children took for a round, and all rounds.
 * Fails when a message has not so many octets, which must have no line that begins with a dot.
 */
public final class PopLoad {

  private static final int WINDOW = 100;
  private static final long MICROS_OF_TICK = 10_000;

  private final Socket socket;
  private final InputStream in;
  private final byte[] buffer = new byte[1 << 18];
  private int at;
  private int limit;

  /** A server, and what was measured. */
  private record Server(int port, long pid, List<Long> micros, List<Long> busy) {

    static Server of(String text) {
      String[] parts = text.split(":");
      return new Server(
          Integer.parseInt(parts[0]),
          Long.parseLong(parts[1]),
          new ArrayList<>(),
          new ArrayList<>());
    }

    void print(int rounds) {
      List<Long> counted = micros.subList(micros.size() - rounds, micros.size());
      long processor = busy.getLast() - busy.get(busy.size() - 1 - rounds);
      String all = counted.stream().map(String::valueOf).collect(Collectors.joining(" "));
      long median = counted.stream().sorted().toList().get(rounds / 2);
      System.out.println(median + " " + processor / rounds + " " + all);
    }
  }

  private PopLoad(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    in = socket.getInputStream();
  }

  public static void main(String[] args) throws IOException {
    int messages = Integer.parseInt(args[1]);
    long octets = Long.parseLong(args[2]);
    int warmUps = Integer.parseInt(args[3]);
    int rounds = Integer.parseInt(args[4]);
    List<Server> servers = Arrays.stream(args).skip(5).map(Server::of).toList();
    for (Server server : servers) {
      server.busy().add(busy(server.pid()));
    }
    for (int i = 0; i < warmUps + rounds; i++) {
      for (Server server : servers) {
        server.micros().add(round(server.port(), args[0], messages, octets));
        server.busy().add(busy(server.pid()));
      }
    }
    servers.forEach(server -> server.print(rounds));
  }

  private static long round(int port, String what, int messages, long octets) throws IOException {
    long began = System.nanoTime();
    PopLoad client = new PopLoad(port);
    client.line();
    client.send("USER bench\r\n");
    client.line();
    client.send("PASS bench\r\n");
    client.line();
    switch (what) {
      case "open" -> client.open(messages);
      case "step" -> client.retrieve(messages, octets, 1);
      default -> client.retrieve(messages, octets, WINDOW);
    }
    long micros = (System.nanoTime() - began) / 1_000;
    client.send("QUIT\r\n");
    client.line();
    client.socket.close();
    return micros;
  }

  /** The microseconds of processor time that a process, its children and theirs have taken. */
  private static long busy(long pid) throws IOException {
    ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
    long ticks = 0;
    for (ProcessHandle one : Stream.concat(Stream.of(process), process.descendants()).toList()) {
      Path file = Path.of("/proc", Long.toString(one.pid()), "stat");
      if (Files.exists(file)) {
        String stat = Files.readString(file, StandardCharsets.ISO_8859_1);
        // From behind the name, which may hold blanks: utime, stime, cutime, cstime.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        for (int i = 11; i < 15; i++) {
          ticks += Long.parseLong(fields[i]);
        }
      }
    }
    return ticks * MICROS_OF_TICK;
  }

  private void open(int messages) throws IOException {
    send("STAT\r\n");
    String status = line();
    if (!status.startsWith("+OK " + messages + " ")) {
      throw new IOException("expected " + messages + " messages: " + status);
    }
    send("UIDL\r\n");
    line();
    int lines = 0;
    int length = 0;
    while (true) {
      int octet = read();
      if (octet == '\n') {
        if (length == 2) {
          break;
        }
        lines++;
        length = 0;
      } else {
        length++;
      }
    }
    if (lines != messages) {
      throw new IOException("expected " + messages + " ids: " + lines);
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
      skip(octets);
      if (read() != '.' || read() != '\r' || read() != '\n') {
        throw new IOException("message " + (got + 1) + " has other than " + octets + " octets");
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

  private void skip(long octets) throws IOException {
    for (long left = octets; left > 0; ) {
      if (at == limit) {
        fill();
      }
      int some = (int) Math.min(left, limit - at);
      at += some;
      left -= some;
    }
  }
}
