package io.stagepost.deploy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The POP server of the assembled relay in trouble. */
class PopHardCasesTest {

  private static final int CLIENTS = 8;
  private static final int LINES = 800_000;
  private static final String LINE =
      "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

  @TempDir Path directory;

  @Test
  void p1AKilledRelayHasDeletedNothing() throws IOException {
    try (PopRelay relay = PopRelay.start(directory, List.of())) {
      relay.put("1.M1.host", "one\r\n");
      relay.put("2.M1.host", "two\r\n");
      try (Client client = new Client(relay.port())) {
        assertThat(client.ask("DELE 1")).isEqualTo("+OK");
        assertThat(client.ask("RETR 2")).isEqualTo("+OK 5 octets");
        relay.relay().kill();
      }
    }
    try (PopRelay relay = PopRelay.start(directory, List.of());
        Client client = new Client(relay.port())) {
      assertThat(client.ask("STAT")).isEqualTo("+OK 2 10");
      assertThat(client.ask("UIDL 2")).isEqualTo("+OK 2 2.M1.host");
      assertThat(client.ask("DELE 2")).isEqualTo("+OK");
      assertThat(client.ask("QUIT")).isEqualTo("+OK signing off");
      assertThat(relay.fresh().resolve("1.M1.host")).exists();
      assertThat(relay.fresh().resolve("2.M1.host")).doesNotExist();
    }
  }

  @Test
  void p3FiftyMegabytesStreamInASmallHeap() throws Exception {
    try (PopRelay relay = PopRelay.start(directory, List.of("--pop-config=-lock"), "-Xmx64m")) {
      Path big = relay.put("1.M1.host", "Subject: big\r\n\r\n");
      try (OutputStream out = Files.newOutputStream(big, StandardOpenOption.APPEND)) {
        byte[] block = (LINE + "\r\n").repeat(1_000).getBytes(ISO_8859_1);
        for (int i = 0; i < LINES / 1_000; i++) {
          out.write(block);
        }
      }
      ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
      List<Future<Void>> fetches =
          IntStream.range(0, CLIENTS)
              .mapToObj(i -> clients.submit(() -> fetch(relay.port())))
              .toList();
      for (Future<Void> fetch : fetches) {
        fetch.get();
      }
      clients.close();
    }
  }

  private static Void fetch(int port) throws IOException {
    try (Client client = new Client(port)) {
      assertThat(client.ask("RETR 1")).startsWith("+OK 5");
      assertThat(client.linesToDot()).isEqualTo(LINES + 2);
      assertThat(client.ask("TOP 1 " + LINES)).isEqualTo("+OK");
      assertThat(client.linesToDot()).isEqualTo(LINES + 2);
    }
    return null;
  }

  /** Logs in as alice. */
  private static final class Client implements AutoCloseable {

    private final Socket socket;
    private final BufferedReader in;

    Client(int port) throws IOException {
      socket = new Socket(InetAddress.getLoopbackAddress(), port);
      socket.setSoTimeout(60_000);
      in = new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1));
      assertThat(in.readLine()).startsWith("+OK");
      assertThat(ask("USER alice")).startsWith("+OK");
      assertThat(ask("PASS e=mc2")).isEqualTo("+OK");
    }

    String ask(String command) throws IOException {
      socket.getOutputStream().write((command + "\r\n").getBytes(ISO_8859_1));
      return in.readLine();
    }

    int linesToDot() throws IOException {
      int lines = 0;
      for (String line = in.readLine(); !line.equals("."); line = in.readLine()) {
        lines++;
      }
      return lines;
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
