package io.stagepost.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A relay with a console, an admin, an operator and a viewer, and a next hop. */
final class BrowsedRelay implements AutoCloseable {

  /** Everybody's password. */
  static final String PASSWORD = "correct-horse-battery";

  private static final Pattern CONSOLE =
      Pattern.compile("console on (http://127\\.0\\.0\\.1:\\d+)");

  private final ConsoleHop hop = ConsoleHop.start();
  private final Path file;
  private final Relay relay;

  private BrowsedRelay(Path directory, String more) throws IOException {
    Path accounts =
        Files.writeString(
            directory.resolve("accounts"),
            "server plain ada %1$s\nserver plain olga %1$s\nserver plain vera %1$s\n"
                .formatted(PASSWORD));
    Path users =
        Files.writeString(directory.resolve("users"), "admin ada\noperator olga\nviewer vera\n");
    file =
        Files.writeString(
            directory.resolve("relay.conf"),
            """
            domain = relay.example
            spool.directory = "%s"
            listeners { port = 0, interface = ["127.0.0.1"] }
            forward.to = "%s"
            admin.http { port = 0, users = "%s", auth = "%s" }
            %s
            """
                .formatted(
                    Files.createDirectory(directory.resolve("spool")),
                    hop.address(),
                    users,
                    accounts,
                    more));
    relay =
        Relay.of(Distribution.program("stagepost"))
            .options("--no-daemon", "--config", file.toString())
            .listening();
  }

  /** Starts it with files in a directory. */
  static BrowsedRelay start(Path directory, String... more) {
    try {
      return new BrowsedRelay(directory, String.join("\n", more));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The address of the console. */
  String url() {
    Matcher matcher = CONSOLE.matcher(relay.awaitLine(line -> CONSOLE.matcher(line).find()));
    if (!matcher.find()) {
      throw new AssertionError(relay.log());
    }
    return matcher.group(1);
  }

  ConsoleHop hop() {
    return hop;
  }

  /** Its configuration file. */
  Path file() {
    return file;
  }

  /** Submits a message as many times as there are recipients. */
  void submit(List<String> recipients, String message) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), relay.port())) {
      socket.setTcpNoDelay(true);
      BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
      expect(in, "220");
      ask(socket, in, "EHLO client.example", "250");
      String content = message.replace("\n", "\r\n") + "\r\n.";
      for (String recipient : recipients) {
        ask(socket, in, "MAIL FROM:<shop@relay.example>", "250");
        ask(socket, in, "RCPT TO:<" + recipient + ">", "250");
        ask(socket, in, "DATA", "354");
        ask(socket, in, content, "250");
      }
      ask(socket, in, "QUIT", "221");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void ask(Socket socket, BufferedReader in, String text, String code)
      throws IOException {
    socket.getOutputStream().write((text + "\r\n").getBytes(UTF_8));
    expect(in, code);
  }

  private static void expect(BufferedReader in, String code) throws IOException {
    String line = in.readLine();
    while (line != null && line.startsWith(code + "-")) {
      line = in.readLine();
    }
    if (line == null || !line.startsWith(code)) {
      throw new AssertionError("not " + code + ": " + line);
    }
  }

  @Override
  public void close() {
    relay.close();
    hop.close();
  }
}
