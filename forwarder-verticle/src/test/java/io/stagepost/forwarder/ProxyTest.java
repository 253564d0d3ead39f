package io.stagepost.forwarder;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.stagepost.config.ForwardSettings.Timeouts;
import io.stagepost.dialogue.Dialogue;
import io.stagepost.dialogue.DialogueServer;
import io.stagepost.dialogue.Segmentation;
import io.stagepost.net.NextHop;
import io.stagepost.net.SocksProxy;
import io.stagepost.net.SocksProxy.Credentials;
import io.stagepost.net.SocksProxy.Version;
import io.stagepost.spool.MessageId;
import io.vertx.core.VertxOptions;
import io.vertx.core.dns.AddressResolverOptions;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Delivery through SOCKS proxies. */
class ProxyTest {

  // far.test, port 2525
  private static final String FAR = HexFormat.of().formatHex("far.test".getBytes(US_ASCII));
  private static final String SOCKS4_REQUEST = "<040109dd0000000100" + FAR + "00";
  private static final String SOCKS4_GRANTED = ">005a000000000000";
  private static final String SOCKS5_REQUEST = "<0501000308" + FAR + "09dd";
  private static final String SOCKS5_GRANTED = ">05000001000000000000";

  private static final NextHop.Tcp TARGET = new NextHop.Tcp("far.test", 2525);

  @TempDir Path directory;

  private static SocksProxy socks4a(int port) {
    return SocksProxy.socks4a(new NextHop.Tcp("127.0.0.1", port));
  }

  private static SocksProxy socks5(int port, Credentials credentials) {
    return new SocksProxy(
        Version.SOCKS5, new NextHop.Tcp("127.0.0.1", port), Optional.ofNullable(credentials));
  }

  /** No name must be asked of this name server. */
  private static VertxOptions resolver(DatagramSocket dns) {
    return new VertxOptions()
        .setAddressResolverOptions(
            new AddressResolverOptions().addServer("127.0.0.1:" + dns.getLocalPort()));
  }

  private static void assertUnasked(DatagramSocket dns) throws IOException {
    dns.setSoTimeout(1);
    DatagramPacket packet = new DatagramPacket(new byte[512], 512);
    boolean asked = true;
    try {
      dns.receive(packet);
    } catch (SocketTimeoutException e) {
      asked = false;
    }
    assertThat(asked).as("a question to the name server").isFalse();
  }

  @Test
  void socks4aLetsTheProxyLookUpTheName() throws IOException {
    try (DatagramSocket dns = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        Rig rig = new Rig(directory, resolver(dns));
        Sink sink = Sink.start();
        FakeProxy proxy = new FakeProxy(SOCKS4_REQUEST, SOCKS4_GRANTED, "=" + sink.port())) {
      rig.put("x@y.test");
      NextHop hop = new NextHop.Proxied(TARGET, socks4a(proxy.port()));
      assertThat(rig.runOnce(TestSettings.oneShot(1).nextHop(hop))).isEmpty();
      assertThat(proxy.problems()).isEmpty();
      assertThat(sink.taken()).hasSize(1);
      assertUnasked(dns);
    }
  }

  @Test
  void theGreetingMayComeWithTheProxysAnswer() {
    String greeting = HexFormat.of().formatHex("220 hi\r\n".getBytes(US_ASCII));
    Dialogue rest =
        Dialogue.parse(
            "ungreeted", "C: EHLO relay.test\nS: 250 hello\nC~ MAIL\nS: 550 no\nC: QUIT\n");
    try (Rig rig = new Rig(directory);
        DialogueServer hop = DialogueServer.start(Segmentation.ONE_WRITE, rest);
        FakeProxy proxy =
            new FakeProxy(SOCKS4_REQUEST, SOCKS4_GRANTED + greeting, "=" + hop.port())) {
      rig.put("x@y.test");
      NextHop far = new NextHop.Proxied(TARGET, socks4a(proxy.port()));
      assertThat(rig.runOnce(TestSettings.oneShot(1).nextHop(far))).isEmpty();
      hop.awaitPlayed();
    }
  }

  @Test
  void anEnvelopeMayNameAProxy() {
    try (Rig rig = new Rig(directory);
        Sink sink = Sink.start();
        FakeProxy proxy = new FakeProxy(SOCKS4_REQUEST, SOCKS4_GRANTED, "=" + sink.port())) {
      String hop = "far.test:2525@127.0.0.1:" + proxy.port();
      rig.put(Rig.routed(hop, "x@y.test"), Rig.bytes("x\r\n"));
      assertThat(rig.runOnce(TestSettings.oneShot(1))).isEmpty();
      assertThat(sink.taken()).hasSize(1);
    }
  }

  @Test
  void socks5ForAllNextHops() throws IOException {
    try (DatagramSocket dns = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        Rig rig = new Rig(directory, resolver(dns));
        Sink sink = Sink.start();
        FakeProxy proxy =
            new FakeProxy("<050100", ">0500", SOCKS5_REQUEST, SOCKS5_GRANTED, "=" + sink.port())) {
      rig.put("x@y.test");
      TestSettings settings =
          TestSettings.oneShot(1).nextHop(TARGET).proxy(socks5(proxy.port(), null));
      assertThat(rig.runOnce(settings)).isEmpty();
      assertThat(proxy.problems()).isEmpty();
      assertThat(sink.taken()).hasSize(1);
      assertUnasked(dns);
    }
  }

  @Test
  void socks5WithAPassword() {
    try (Rig rig = new Rig(directory);
        Sink sink = Sink.start();
        FakeProxy proxy =
            new FakeProxy(
                "<05020002",
                ">0502",
                "<0102" + "6d65" + "06" + "736563726574",
                ">0100",
                SOCKS5_REQUEST,
                SOCKS5_GRANTED,
                "=" + sink.port());
        LogLines log = new LogLines()) {
      rig.put("x@y.test");
      TestSettings settings =
          TestSettings.oneShot(1)
              .nextHop(TARGET)
              .proxy(socks5(proxy.port(), new Credentials("me", "secret")));
      assertThat(rig.runOnce(settings)).isEmpty();
      assertThat(proxy.problems()).isEmpty();
      assertThat(sink.taken()).hasSize(1);
      assertThat(log.lines()).noneMatch(line -> line.contains("secret"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "005b000000000000, request rejected",
    "0500, request rejected",
    "'', connection closed by the proxy"
  })
  void aRefusalOfSocks4aIsSaid(String answer, String reason) {
    String whole = answer.length() == 4 ? answer + "000000000000" : answer;
    try (Rig rig = new Rig(directory);
        FakeProxy proxy = FakeProxy.closing(SOCKS4_REQUEST, ">" + whole)) {
      MessageId id = rig.put("x@y.test");
      NextHop hop = new NextHop.Proxied(TARGET, socks4a(proxy.port()));
      assertThat(rig.runOnce(TestSettings.oneShot(1).nextHop(hop)))
          .isEqualTo("socks error: " + reason);
      assertThat(rig.state(id)).isEqualTo("ready");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "05ff, '', the proxy wants another authentication",
    "0400, '', not a SOCKS 5 proxy",
    "0502, 0101, the proxy refused the name or the password",
    "0500, 0505000100000000, request rejected: connection refused",
    "0500, 0500000900, the proxy gave an address of an unknown kind"
  })
  void aRefusalOfSocks5IsSaid(String first, String second, String reason) {
    String question =
        first.equals("0502") ? "<0102" + "6d65" + "06" + "736563726574" : SOCKS5_REQUEST;
    try (Rig rig = new Rig(directory);
        FakeProxy proxy =
            second.isEmpty()
                ? FakeProxy.closing("<05020002", ">" + first)
                : FakeProxy.closing("<05020002", ">" + first, question, ">" + second)) {
      MessageId id = rig.put("x@y.test");
      TestSettings settings =
          TestSettings.oneShot(1)
              .nextHop(TARGET)
              .proxy(socks5(proxy.port(), new Credentials("me", "secret")));
      assertThat(rig.runOnce(settings)).isEqualTo("socks error: " + reason);
      assertThat(rig.state(id)).isEqualTo("ready");
    }
  }

  /** The name in the certificate is that of the next hop, which only the proxy can look up. */
  @Test
  void encryptionIsWithTheNextHopBehindTheProxy() throws IOException {
    DialogueSecurity security =
        new DialogueSecurity(Files.createDirectory(directory.resolve("ca")));
    Dialogue dialogue =
        Dialogue.parse(
            "encrypted",
            """
            S: 220 hi
            C: EHLO relay.test
            S: 250-hello
            S: 250 STARTTLS
            C: STARTTLS
            S: 220 go
            -- tls
            C: EHLO relay.test
            S: 250-hello
            S: 250 AUTH PLAIN
            C: AUTH PLAIN AG1lAHNlY3JldA==
            S: 235 ok
            C~ MAIL
            S: 550 no
            C: QUIT
            """);
    String host = HexFormat.of().formatHex("hop.test".getBytes(US_ASCII));
    try (Rig rig = new Rig(Files.createDirectory(directory.resolve("spool")));
        DialogueServer hop =
            DialogueServer.start(Segmentation.ONE_WRITE, security.server(), dialogue);
        FakeProxy proxy =
            new FakeProxy("<040109dd0000000100" + host + "00", SOCKS4_GRANTED, "=" + hop.port());
        LogLines log = new LogLines()) {
      rig.put("x@y.test");
      NextHop.Tcp target = new NextHop.Tcp("hop.test", 2525);
      TestSettings settings =
          TestSettings.oneShot(1)
              .nextHop(new NextHop.Proxied(target, socks4a(proxy.port())))
              .security(
                  security.settings(
                      Map.of(
                          "tls", "starttls",
                          "required", "",
                          "verify", "ours",
                          "name", "<host>",
                          "passwords", "verified",
                          "auth", "client_plain_me_secret")));
      assertThat(rig.runOnce(settings)).isEmpty();
      hop.awaitPlayed();
      assertThat(log.lines()).anyMatch(line -> line.contains("required-peer-name=[hop.test] ok=1"));
    }
  }

  @Test
  void theTimeLimitCoversTheProxysAnswer() {
    try (Rig rig = new Rig(directory);
        FakeProxy proxy = new FakeProxy(SOCKS4_REQUEST)) {
      MessageId id = rig.put("x@y.test");
      NextHop hop = new NextHop.Proxied(TARGET, socks4a(proxy.port()));
      Duration limit = Duration.ofMillis(200);
      TestSettings settings =
          TestSettings.oneShot(1).nextHop(hop).timeouts(new Timeouts(limit, limit, limit, limit));
      assertThat(rig.runOnce(settings)).isEqualTo("socks error: no answer in time");
      assertThat(rig.state(id)).isEqualTo("ready");
    }
  }
}
