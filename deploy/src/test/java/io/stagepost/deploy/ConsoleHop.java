package io.stagepost.deploy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A next hop that knows nobody whose address has "nosuch" in it, until it is taught better. */
final class ConsoleHop implements AutoCloseable {

  private final ServerSocket server;
  private final Set<String> known = ConcurrentHashMap.newKeySet();

  private ConsoleHop(ServerSocket server) {
    this.server = server;
    Thread.ofVirtual().start(this::accept);
  }

  /** Listens on a free port of loopback. */
  static ConsoleHop start() {
    try {
      return new ConsoleHop(new ServerSocket(0, 100, InetAddress.getLoopbackAddress()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Its address as a next hop. */
  String address() {
    return "127.0.0.1:" + server.getLocalPort();
  }

  /** From now on the addresses of a domain are known. */
  void know(String domain) {
    known.add("@" + domain + ">");
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
      BufferedReader in =
          new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1));
      OutputStream out = socket.getOutputStream();
      reply(out, "220 hop.example ESMTP");
      @Nullable String line;
      while ((line = in.readLine()) != null && !line.equalsIgnoreCase("QUIT")) {
        reply(out, answer(line));
        if (line.equalsIgnoreCase("DATA")) {
          while ((line = in.readLine()) != null && !line.equals(".")) {
            // Nobody asks for it.
          }
          reply(out, "250 2.0.0 taken");
        }
      }
      reply(out, "221 bye");
    } catch (IOException gone) {
      // The relay has its reasons.
    }
  }

  private String answer(String command) {
    String verb = command.toUpperCase(Locale.ROOT);
    if (verb.startsWith("EHLO")) {
      return "250-hop.example\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SMTPUTF8";
    }
    if (verb.startsWith("RCPT")
        && command.contains("nosuch")
        && known.stream().noneMatch(command::contains)) {
      return "550 5.1.1 no such user here";
    }
    return verb.equals("DATA") ? "354 go on" : "250 2.0.0 ok";
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
}
