package io.stagepost.forwarder;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A next hop that takes what it is given, on a thread for each connection, and counts. */
final class Sink implements AutoCloseable {

  /** What it says for {@link #CLOSE}: nothing, and it closes. */
  static final String CLOSE = "close";

  /**
   * A message as it came.
   *
   * @param wire the octets between 354 and the end mark, or those of the chunk
   */
  record Taken(int connection, List<String> commands, String wire) {}

  private final ServerSocket server;
  private final String keywords;
  private final Function<String, String> script;
  private final List<Taken> taken = new CopyOnWriteArrayList<>();
  private final List<String> commands = new CopyOnWriteArrayList<>();
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicInteger mostOpen = new AtomicInteger();

  private Sink(String address, int port, String keywords, Function<String, String> script)
      throws IOException {
    this.server = new ServerSocket(port, 50, InetAddress.getByName(address));
    this.keywords = keywords;
    this.script = script;
    Thread.ofVirtual().start(this::accept);
  }

  /** Takes everything. */
  static Sink start(String... keywords) {
    return start("127.0.0.1", 0, command -> "", keywords);
  }

  /**
   * Says what the script says for a command, {@code connect} or {@code .} for the end of content;
   * when that is empty, the usual.
   */
  static Sink start(String address, int port, Function<String, String> script, String... keywords) {
    try {
      return new Sink(address, port, String.join("\r\n250-", keywords), script);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Keeps its answer to the first end of content back until there is one. */
  static Sink holding(CompletableFuture<Void> waiting, CompletableFuture<String> answer) {
    return start("127.0.0.1", 0, c -> c.equals(".") && waiting.complete(null) ? answer.join() : "");
  }

  int port() {
    return server.getLocalPort();
  }

  List<Taken> taken() {
    return taken;
  }

  /** All command lines of all connections in the order they came. */
  List<String> commands() {
    return commands;
  }

  int connections() {
    return connections.get();
  }

  int mostOpen() {
    return mostOpen.get();
  }

  /** The addresses that connected. */
  List<String> peers() {
    return sockets.stream().map(s -> s.getInetAddress().getHostAddress()).toList();
  }

  @Override
  public void close() {
    try {
      server.close();
      for (Socket socket : sockets) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        socket.setTcpNoDelay(true);
        sockets.add(socket);
        int number = connections.incrementAndGet();
        mostOpen.accumulateAndGet(open.incrementAndGet(), Math::max);
        Thread.ofVirtual().start(() -> serve(socket, number));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket socket, int number) {
    try (socket;
        InputStream in = new BufferedInputStream(socket.getInputStream());
        OutputStream out = socket.getOutputStream()) {
      List<String> transaction = new CopyOnWriteArrayList<>();
      String line = "connect";
      while (line != null) {
        String reply = reply(line, in, number, transaction);
        if (reply.equals(CLOSE)) {
          return;
        }
        out.write((reply + "\r\n").getBytes(ISO_8859_1));
        if (line.equals("QUIT")) {
          return;
        }
        if (reply.startsWith("354")) {
          String wire = content(in);
          String verdict = script.apply(".");
          String usual =
              verdict.startsWith("250") || verdict.isEmpty()
                  ? take(number, transaction, wire)
                  : verdict;
          if (verdict.equals(CLOSE)) {
            return;
          }
          out.write(((verdict.isEmpty() ? usual : verdict) + "\r\n").getBytes(ISO_8859_1));
        }
        line = line(in);
      }
    } catch (IOException e) {
      // The client has gone.
    } finally {
      open.decrementAndGet();
    }
  }

  private String reply(String line, InputStream in, int number, List<String> transaction)
      throws IOException {
    if (!line.equals("connect")) {
      commands.add(line);
      transaction.add(line);
    }
    String scripted = script.apply(line);
    String verb = line.split(" ")[0];
    if (verb.equals("BDAT")) {
      String content = new String(in.readNBytes(Integer.parseInt(line.split(" ")[1])), ISO_8859_1);
      return scripted.isEmpty() ? take(number, transaction, content) : scripted;
    }
    if (!scripted.isEmpty()) {
      return scripted;
    }
    return switch (verb) {
      case "connect" -> "220 sink";
      case "EHLO" ->
          keywords.isEmpty() ? "250 sink" : "250-sink\r\n250-" + keywords + "\r\n250 HELP";
      case "QUIT" -> "221 bye";
      case "DATA" -> "354 go";
      case "RSET", "RCPT", "HELO" -> "250 ok";
      case "MAIL" -> {
        transaction.clear();
        transaction.add(line);
        yield "250 ok";
      }
      default -> "500 what";
    };
  }

  private String take(int number, List<String> transaction, String wire) {
    taken.add(new Taken(number, List.copyOf(transaction), wire));
    return "250 taken";
  }

  /** Everything up to the end mark, which is left out but for the line end before it. */
  private static String content(InputStream in) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    int matched = 2; // of CR LF . CR LF, as if a line had just ended
    byte[] mark = {'\r', '\n', '.', '\r', '\n'};
    for (int b = in.read(); b >= 0; b = in.read()) {
      all.write(b);
      matched = b == mark[matched] ? matched + 1 : b == '\r' ? 1 : 0;
      if (matched == mark.length) {
        String text = all.toString(ISO_8859_1);
        return text.substring(0, text.length() - 3);
      }
    }
    throw new IOException("no end mark");
  }

  private static @Nullable String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    int before = 0;
    for (int b = in.read(); b >= 0; b = in.read()) {
      if (b == '\n' && before == '\r') {
        String text = line.toString(ISO_8859_1);
        return text.substring(0, text.length() - 1);
      }
      line.write(b);
      before = b;
    }
    return null;
  }
}
