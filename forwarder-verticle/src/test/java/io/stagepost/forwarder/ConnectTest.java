package io.stagepost.forwarder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.stagepost.config.ForwardSettings.Timeouts;
import io.stagepost.net.NextHop;
import io.stagepost.smtp.BodyType;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.dns.AddressResolverOptions;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a next hop is found and connected to. */
class ConnectTest {

  private static final byte[] LOOPBACK_6 = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};

  @TempDir Path directory;

  private static VertxOptions hosts(String file) {
    return new VertxOptions()
        .setAddressResolverOptions(new AddressResolverOptions().setHostsValue(Buffer.buffer(file)));
  }

  private static boolean hasIpv6() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByAddress(LOOPBACK_6))) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void theHostsFileIsRead() {
    try (Rig rig = new Rig(directory);
        Sink sink = Sink.start()) {
      rig.put("x@y.test");
      TestSettings settings =
          TestSettings.oneShot(1).nextHop(new NextHop.Tcp("localhost", sink.port()));
      assertThat(rig.runOnce(settings)).isEmpty();
      assertThat(sink.taken()).hasSize(1);
    }
  }

  @Test
  void allAddressesAreTriedInOrder() {
    try (Rig rig = new Rig(directory, hosts("127.0.0.2 hop.test\n127.0.0.1 hop.test\n"));
        Sink sink = Sink.start()) {
      rig.put("x@y.test");
      TestSettings settings =
          TestSettings.oneShot(1).nextHop(new NextHop.Tcp("hop.test", sink.port()));
      assertThat(rig.runOnce(settings)).isEmpty();
      assertThat(sink.taken()).hasSize(1);
    }
  }

  @Test
  void ipv6IsTriedAfterIpv4() {
    assumeTrue(hasIpv6());
    try (Rig rig = new Rig(directory, hosts("127.0.0.1 hop.test\n::1 hop.test\n"));
        Sink sink = Sink.start("::1", 0, c -> "")) {
      rig.put("x@y.test");
      TestSettings settings =
          TestSettings.oneShot(1).nextHop(new NextHop.Tcp("hop.test", sink.port())).domain("relay");
      assertThat(rig.runOnce(settings)).isEmpty();
      assertThat(sink.commands()).contains("EHLO [IPv6:::1]");
    }
  }

  @Test
  void theLocalAddressIsBoundAndSelectsTheFamily() {
    try (Rig rig = new Rig(directory, hosts("::1 hop.test\n127.0.0.1 hop.test\n"));
        Sink sink = Sink.start()) {
      rig.put("x@y.test");
      TestSettings settings =
          TestSettings.oneShot(1)
              .nextHop(new NextHop.Tcp("hop.test", sink.port()))
              .localAddress("127.0.0.3")
              .domain("relay");
      assertThat(rig.runOnce(settings)).isEmpty();
      assertThat(sink.peers()).containsExactly("127.0.0.3");
      assertThat(sink.commands()).contains("EHLO 127.0.0.3");
    }
  }

  @Test
  void anUnknownHostIsSaidSo() {
    VertxOptions nowhere =
        new VertxOptions()
            .setAddressResolverOptions(
                new AddressResolverOptions()
                    .addServer("127.0.0.1:1")
                    .setMaxQueries(1)
                    .setQueryTimeout(100));
    try (Rig rig = new Rig(directory, nowhere)) {
      var id = rig.put("x@y.test");
      String end = rig.runOnce(TestSettings.oneShot(1).nextHop(new NextHop.Tcp("no.test", 25)));
      assertThat(end).startsWith("dns error: no such host: \"no.test\" (");
      assertThat(rig.state(id)).isEqualTo("ready");
    }
  }

  @Test
  void theTimeLimitCoversTheLookup() throws IOException {
    try (DatagramSocket silent = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        Rig rig =
            new Rig(
                directory,
                new VertxOptions()
                    .setAddressResolverOptions(
                        new AddressResolverOptions()
                            .addServer("127.0.0.1:" + silent.getLocalPort())
                            .setQueryTimeout(60_000)))) {
      rig.put("x@y.test");
      Duration limit = Duration.ofMillis(200);
      TestSettings settings =
          TestSettings.oneShot(1)
              .nextHop(new NextHop.Tcp("no.test", 25))
              .timeouts(new Timeouts(limit, limit, limit, limit));
      assertThat(rig.runOnce(settings))
          .isEqualTo("cannot connect to no.test:25: timed out after 0s");
    }
  }

  @Test
  void aLargeMessageArrivesByteExact() {
    try (Rig rig = new Rig(directory);
        Sink sink = Sink.start()) {
      byte[] line = Rig.bytes("0123456789012345678901234567890123456789012345678\r\n");
      byte[] content = new byte[line.length * 400_000];
      for (int i = 0; i < content.length; i += line.length) {
        System.arraycopy(line, 0, content, i, line.length);
      }
      rig.put(Rig.envelope(BodyType.UNKNOWN, "x@y.test"), content);
      assertThat(rig.runOnce(TestSettings.oneShot(sink.port()))).isEmpty();
      assertThat(Rig.bytes(sink.taken().get(0).wire())).isEqualTo(content);
    }
  }
}
