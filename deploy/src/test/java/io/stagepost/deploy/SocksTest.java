package io.stagepost.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The relay delivers through SOCKS proxies to a host whose name only the proxy can look up: proxy
 * and relay run with files of their own in /etc, and the relay's name server is the test.
 */
@Tag("socks")
class SocksTest {

  private static final String FAR = "far.stagepost.test";
  private static final String NAME_SERVER = "127.0.0.77";

  @TempDir Path directory;
  private final List<Process> processes = new ArrayList<>();
  private DatagramSocket dns;
  private Path spool;

  @BeforeEach
  void listen() throws IOException {
    dns = new DatagramSocket(new InetSocketAddress(NAME_SERVER, 53));
    spool = Files.createDirectory(directory.resolve("spool"));
    Files.writeString(directory.resolve("hosts"), "127.0.0.1 localhost " + FAR + "\n");
    Files.writeString(
        directory.resolve("resolv.conf"),
        "nameserver " + NAME_SERVER + "\noptions timeout:1 attempts:1\n");
  }

  @AfterEach
  void stop() {
    processes.forEach(Process::destroy);
    dns.close();
  }

  @Test
  void socks4aByOpenSsh() throws IOException {
    int port = FreePorts.one();
    for (String key : List.of("host", "user")) {
      Command.of("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f")
          .with(List.of(directory.resolve(key).toString()))
          .succeed();
    }
    Path server =
        Files.writeString(
            directory.resolve("sshd_config"),
            """
            HostKey %s
            AuthorizedKeysFile %s
            StrictModes no
            UsePAM no
            PidFile none
            """
                .formatted(directory.resolve("host"), directory.resolve("user.pub")));
    startProxy(
        port,
        "mkdir -p /run/sshd && exec ssh -N -F none -i "
            + directory.resolve("user")
            + " -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null"
            + " -o 'ProxyCommand=/usr/sbin/sshd -i -f "
            + server
            + "' -D 127.0.0.1:"
            + port
            + " root@localhost");
    passes(sink -> List.of("--as-client", FAR + ":" + sink + "@127.0.0.1:" + port));
  }

  @Test
  void socks5WithAPasswordByMicrosocks() throws IOException {
    int port = FreePorts.one();
    startProxy(port, "exec microsocks -i 127.0.0.1 -p " + port + " -u me -P p:w");
    passes(
        sink ->
            List.of(
                "--as-client", FAR + ":" + sink,
                "--client-proxy", "socks5://me:p%3Aw@127.0.0.1:" + port));
  }

  @Test
  void aWrongPasswordIsSaid() throws IOException {
    int port = FreePorts.one();
    startProxy(port, "exec microsocks -i 127.0.0.1 -p " + port + " -u me -P right");
    SpoolFiles.put(spool, "x@example.com");
    try (Relay relay =
        relay(
            List.of("--as-client", FAR + ":25"),
            List.of("--client-proxy", "socks5://me:wrong@127.0.0.1:" + port))) {
      relay.await();
      assertThat(relay.log())
          .contains("socks error: the proxy refused the name or the password")
          .doesNotContain("wrong");
    }
  }

  /** Without a proxy the name is asked for, so this would be noticed. */
  @Test
  void theNameServerIsTheTest() throws IOException {
    SpoolFiles.put(spool, "x@example.com");
    try (Relay relay = relay(List.of("--as-client", FAR + ":25"), List.of())) {
      dns.setSoTimeout(60_000);
      dns.receive(new DatagramPacket(new byte[512], 512));
      relay.kill();
    }
  }

  private interface Options {
    List<String> to(int sink);
  }

  private void passes(Options options) throws IOException {
    SpoolFiles.put(spool, "x@example.com");
    try (Sink sink = Sink.start();
        Relay relay =
            relay(options.to(Integer.parseInt(sink.address().split(":")[1])), List.of())) {
      assertThat(relay.await()).as(relay.log()).isZero();
      assertThat(SpoolFiles.names(spool))
          .as(relay.log())
          .noneMatch(name -> name.startsWith("emailrelay."));
    }
    dns.setSoTimeout(1);
    boolean asked = true;
    try {
      dns.receive(new DatagramPacket(new byte[512], 512));
    } catch (SocketTimeoutException e) {
      asked = false;
    }
    assertThat(asked).as("a question to the name server").isFalse();
  }

  private Relay relay(List<String> hop, List<String> more) {
    String mount =
        "mount --bind " + directory.resolve("resolv.conf") + " /etc/resolv.conf && exec \"$@\"";
    return Relay.of(Path.of("unshare"))
        .options("-m", "sh", "-c", mount, "relay")
        .options(Distribution.program("stagepost").toString())
        .options("--no-daemon", "--log", "--verbose", "--domain", "relay.localdomain")
        .options("--spool-dir", spool.toString())
        .options(hop.toArray(String[]::new))
        .options(more.toArray(String[]::new))
        .start();
  }

  private void startProxy(int port, String command) throws IOException {
    String mount = "mount --bind " + directory.resolve("hosts") + " /etc/hosts && " + command;
    processes.add(
        new ProcessBuilder("unshare", "-m", "sh", "-c", mount)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("proxy.log").toFile())
            .start());
    long end = System.nanoTime() + 60_000_000_000L;
    while (!isListening(port)) {
      assertThat(System.nanoTime()).as("the proxy listens").isLessThan(end);
      Thread.onSpinWait();
    }
  }

  private static boolean isListening(int port) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }
}
