package io.stagepost.deploy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A next hop that remembers of each numbered message how often it came and what its body was. */
final class Sink implements AutoCloseable {

  private static final Pattern NUMBER = Pattern.compile("^X-Number: (\\d+)$", Pattern.MULTILINE);
  private static final Duration LIMIT = Duration.ofMinutes(3);

  private final ServerSocket server;
  private final Map<Integer, Integer> arrived = new HashMap<>();
  private final Set<Digest> bodies = new HashSet<>();

  private Sink(ServerSocket server) {
    this.server = server;
    Thread.ofVirtual().start(this::accept);
  }

  /** Listens on a free port of loopback. */
  static Sink start() {
    try {
      return new Sink(new ServerSocket(0, 100, InetAddress.getLoopbackAddress()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Its address as a next hop. */
  String address() {
    return "127.0.0.1:" + server.getLocalPort();
  }

  /** Waits until so many different messages have come. */
  synchronized void await(int messages) {
    int seen = -1;
    long end = 0;
    try {
      while (arrived.size() < messages) {
        if (arrived.size() > seen) {
          seen = arrived.size();
          end = System.nanoTime() + LIMIT.toNanos();
        }
        long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        if (left <= 0) {
          throw new AssertionError(seen + " of " + messages + " messages came, then none");
        }
        wait(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** How often each message has come. */
  synchronized Map<Integer, Integer> arrived() {
    return Map.copyOf(arrived);
  }

  /** The different bodies that have come. */
  synchronized Set<Digest> bodies() {
    return Set.copyOf(bodies);
  }

  private synchronized void add(String header, Digest body) {
    Matcher number = NUMBER.matcher(header);
    arrived.merge(number.find() ? Integer.parseInt(number.group(1)) : -1, 1, Integer::sum);
    bodies.add(body);
    notifyAll();
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = server.accept();
        Thread.ofVirtual().start(() -> serve(socket));
      }
    } catch (IOException closed) {
      // The end of the test.
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      socket.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
      OutputStream out = socket.getOutputStream();
      reply(out, "220 sink");
      while (true) {
        String command = line(in).toUpperCase(Locale.ROOT);
        if (command.startsWith("EHLO")) {
          reply(out, "250-sink\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SMTPUTF8");
        } else if (command.startsWith("DATA")) {
          reply(out, "354 go on");
          StringBuilder header = new StringBuilder();
          Digest body = content(in, header);
          add(header.toString(), body);
          reply(out, "250 taken");
        } else if (command.startsWith("QUIT")) {
          reply(out, "221 bye");
          return;
        } else {
          reply(out, "250 ok");
        }
      }
    } catch (IOException gone) {
      // Clients are killed on purpose.
    }
  }

  // Reads up to the end of data; lines are short, so each may be made a string.
  private static Digest content(InputStream in, StringBuilder header) throws IOException {
    String line = line(in);
    while (!line.isEmpty() && !line.equals(".")) {
      header.append(line).append("\r\n");
      line = line(in);
    }
    Digest body = new Digest(0, 0);
    while (!line.equals(".")) {
      line = line(in);
      if (!line.equals(".")) {
        body = body.plus(line.startsWith(".") ? line.substring(1) : line);
      }
    }
    return body;
  }

  private static String line(InputStream in) throws IOException {
    byte[] bytes = new byte[1100];
    int length = 0;
    while (true) {
      int b = in.read();
      if (b < 0) {
        throw new EOFException();
      }
      if (b == '\n' && length > 0 && bytes[length - 1] == '\r') {
        return new String(bytes, 0, length - 1, ISO_8859_1);
      }
      bytes[length++] = (byte) b;
    }
  }

  private static void reply(OutputStream out, String text) throws IOException {
    out.write((text + "\r\n").getBytes(ISO_8859_1));
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * What a body was.
   *
   * @param lines how many
   * @param hash of them in their order
   */
  record Digest(long lines, long hash) {

    /** With one more line. */
    Digest plus(String line) {
      return new Digest(lines + 1, hash * 31 + line.hashCode());
    }
  }
}
