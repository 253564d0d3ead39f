package io.stagepost.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The configuration file changes while the relay runs. */
class ReloadTest {

  @TempDir Path directory;
  private Path spool;

  @BeforeEach
  void makeSpool() throws IOException {
    spool = Files.createDirectory(directory.resolve("spool"));
  }

  @Test
  void q6QueuedMailFollowsTheNextHopOfTheChangedFile() throws IOException {
    Path file = write("relay.conf", relayConf("limits.size = 1000"));
    try (Relay relay = own(file).listening();
        Sink sink = Sink.start()) {
      submit(relay);
      write("relay.conf", relayConf("limits.size = 2000, forward.to = \"" + sink.address() + '"'));
      relay.awaitLine(line -> line.contains("configuration: forward.to changed from nothing to"));
      relay.awaitLine(
          line -> line.contains("configuration: limits.size changed from 1000 to 2000"));
      relay.awaitLine(line -> line.contains("forwarding to " + sink.address()));
      sink.await(1);
      assertThat(hello(relay)).contains("SIZE 2000");
      assertThat(relay.log()).doesNotContain("error");
    }
  }

  @Test
  void hangUpReadsTheFileAgainAndABrokenOneIsRefused() throws IOException {
    Path file = write("relay.conf", relayConf("limits.size = 1000"));
    try (Relay relay = own(file).listening()) {
      write("relay.conf", relayConf("limits.size = 2000, limits.sice = 1"));
      relay.signal("HUP");
      relay.awaitLine(
          line ->
              line.contains("error: configuration: " + file + ", line ")
                  && line.contains("did you mean \"limits.size\"?"));
      relay.awaitLine(line -> line.contains("the file is not used"));
      assertThat(hello(relay)).contains("SIZE 1000");
      write("relay.conf", relayConf("limits.size = 3000, listeners.port = 2525"));
      relay.signal("HUP");
      relay.awaitLine(
          line -> line.contains("warning: configuration: listeners.port changed from 0 to 2525"));
      relay.awaitLine(line -> line.contains("limits.size changed from 1000 to 3000"));
      assertThat(hello(relay)).contains("SIZE 3000");
      assertThat(relay.stop()).isEqualTo(143);
    }
  }

  @Test
  void aSessionUnderWayGoesOn() throws IOException {
    Path file = write("relay.conf", relayConf("limits.recipients = 5"));
    try (Relay relay = own(file).listening();
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), relay.port())) {
      say(socket, "EHLO x", "MAIL FROM:<a@b.test>", "RCPT TO:<c@d.test>", "DATA", "Subject: x");
      write("relay.conf", relayConf("limits.recipients = 6, log.verbose = yes"));
      relay.signal("HUP");
      relay.awaitLine(line -> line.contains("limits.recipients changed from 5 to 6"));
      say(socket, "", "text", ".", "QUIT");
      assertThat(answers(socket)).contains("message processed\n").endsWith("\n");
      relay.awaitLine(line -> line.contains("rx<<: \"QUIT\""));
    }
    try (Stream<Path> files = Files.list(spool)) {
      assertThat(files.filter(path -> path.toString().endsWith(".envelope"))).hasSize(1);
    }
  }

  @Test
  void linesOfAnEmailrelayConf() throws IOException {
    Path file = write("emailrelay.conf", emailrelayConf("size 1000"));
    try (Relay relay =
            Relay.of(Distribution.program("emailrelay")).options(file.toString()).listening();
        Sink sink = Sink.start()) {
      submit(relay);
      write(
          "emailrelay.conf", emailrelayConf("size 1000", "forward-to " + sink.address(), "poll 1"));
      relay.awaitLine(line -> line.contains("configuration: forward-to changed from nothing to"));
      sink.await(1);
      assertThat(relay.signalAndAwait("HUP")).isEqualTo(129);
    }
  }

  private Relay.Launch own(Path file) {
    return Relay.of(Distribution.program("stagepost"))
        .options("--no-daemon", "--config", file.toString());
  }

  private String relayConf(String more) {
    return """
        domain = relay.localdomain
        spool.directory = "%s"
        listeners { port = 0, interface = ["127.0.0.1"] }
        %s
        """
        .formatted(spool, more);
  }

  private String emailrelayConf(String... more) {
    return """
        log
        no-daemon
        no-syslog
        user root
        domain relay.localdomain
        spool-dir %s
        port 0
        interface 127.0.0.1
        %s
        """
        .formatted(spool, String.join("\n", more));
  }

  /** Replaces a file at once, as careful editors do. */
  private Path write(String name, String text) throws IOException {
    Path other = Files.writeString(directory.resolve(name + ".new"), text);
    return Files.move(other, directory.resolve(name), StandardCopyOption.REPLACE_EXISTING);
  }

  private static void submit(Relay relay) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), relay.port())) {
      say(socket, "EHLO x", "MAIL FROM:<a@b.test>", "RCPT TO:<c@d.test>", "DATA");
      say(socket, "Subject: x", "", "text", ".", "QUIT");
      assertThat(answers(socket)).contains("message processed\n");
    }
  }

  private static String hello(Relay relay) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), relay.port())) {
      say(socket, "EHLO x", "QUIT");
      return answers(socket);
    }
  }

  private static void say(Socket socket, String... lines) throws IOException {
    String text = String.join("\r\n", lines) + "\r\n";
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static String answers(Socket socket) throws IOException {
    BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
    StringBuilder text = new StringBuilder();
    reader.lines().forEach(line -> text.append(line).append('\n'));
    return text.toString();
  }
}
