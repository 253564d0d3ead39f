package io.stagepost.forwarder;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/**
 * A proxy with a script: {@code <0401} is read and compared, {@code >005a} is sent, both in
 * hexadecimal; after {@code =} it carries octets to and from a port, and at {@code !} it closes.
 */
final class FakeProxy implements AutoCloseable {

  private final ServerSocket server;
  private final List<String> script;
  private final List<String> problems = new CopyOnWriteArrayList<>();
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();

  FakeProxy(String... script) {
    try {
      this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    this.script = List.of(script);
    Thread.ofVirtual().start(this::accept);
  }

  /** One that closes after its script. */
  static FakeProxy closing(String... script) {
    return new FakeProxy(Stream.concat(Stream.of(script), Stream.of("!")).toArray(String[]::new));
  }

  int port() {
    return server.getLocalPort();
  }

  /** What was not as the script has it. */
  List<String> problems() {
    return problems;
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        sockets.add(socket);
        Thread.ofVirtual().start(() -> play(socket));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void play(Socket socket) {
    try {
      for (String step : script) {
        String rest = step.substring(1);
        switch (step.charAt(0)) {
          case '<' -> expect(socket, rest);
          case '!' -> socket.close();
          case '>' -> socket.getOutputStream().write(HexFormat.of().parseHex(rest));
          default -> carry(socket, Integer.parseInt(rest));
        }
      }
    } catch (IOException e) {
      problems.add(e.toString());
    }
  }

  private void expect(Socket socket, String wanted) throws IOException {
    byte[] octets = new byte[wanted.length() / 2];
    new DataInputStream(socket.getInputStream()).readFully(octets);
    String got = HexFormat.of().formatHex(octets);
    if (!got.equals(wanted)) {
      problems.add("expected " + wanted + " but got " + got);
      socket.close();
    }
  }

  private void carry(Socket near, int port) throws IOException {
    Socket far = new Socket(InetAddress.getLoopbackAddress(), port);
    sockets.add(far);
    Thread.ofVirtual().start(() -> copy(far, near));
    copy(near, far);
  }

  private static void copy(Socket from, Socket to) {
    try (InputStream in = from.getInputStream()) {
      in.transferTo(to.getOutputStream());
      to.close();
    } catch (IOException e) {
      return; // one side has gone, and the other is closed with it
    }
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
}
