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
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * A next hop that refuses each account and says in public what it was told, also without base64.
 */
final class EchoingHop implements AutoCloseable {

  private final ServerSocket server;
  private final String mechanism;
  private final List<String> heard = new CopyOnWriteArrayList<>();

  private EchoingHop(ServerSocket server, String mechanism) {
    this.server = server;
    this.mechanism = mechanism;
    Thread.ofVirtual().start(this::accept);
  }

  static EchoingHop offering(String mechanism) throws IOException {
    return new EchoingHop(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), mechanism);
  }

  String address() {
    return "127.0.0.1:" + server.getLocalPort();
  }

  /** All that was said to it. */
  List<String> heard() {
    return heard;
  }

  @Override
  public void close() throws IOException {
    server.close();
  }

  private void accept() {
    while (!server.isClosed()) {
      try (Socket socket = server.accept()) {
        serve(socket);
      } catch (IOException | UncheckedIOException e) {
        // The client has gone, or this is closed.
      }
    }
  }

  private void serve(Socket socket) throws IOException {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1));
    OutputStream out = socket.getOutputStream();
    say(out, "220 hi");
    boolean asked = false;
    @Nullable String line;
    while ((line = in.readLine()) != null) {
      heard.add(line);
      if (line.startsWith("EHLO")) {
        say(out, "250-hello\r\n250 AUTH " + mechanism);
      } else if (line.startsWith("AUTH LOGIN") && !asked) {
        asked = true;
        say(out, "334 UGFzc3dvcmQ6");
      } else {
        say(out, "535 cannot understand " + line + "; " + decoded(line));
      }
    }
  }

  private static String decoded(String line) {
    try {
      byte[] octets = Base64.getDecoder().decode(line.substring(line.lastIndexOf(' ') + 1));
      return new String(octets, ISO_8859_1).replaceAll("[\\x00-\\x1f]", " ");
    } catch (IllegalArgumentException e) {
      return "nothing";
    }
  }

  private static void say(OutputStream out, String text) throws IOException {
    out.write((text + "\r\n").getBytes(ISO_8859_1));
  }
}
