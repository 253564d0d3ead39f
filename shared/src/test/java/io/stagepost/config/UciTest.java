package io.stagepost.config;

import static io.stagepost.config.Configured.errors;
import static io.stagepost.config.Configured.ready;
import static org.assertj.core.api.Assertions.assertThat;

import io.stagepost.config.ForwardSettings.Trigger;
import io.stagepost.net.ListenAddress;
import io.stagepost.net.NextHop;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** OpenWrt's configuration file. */
@ExtendWith(VertxExtension.class)
class UciTest {

  @TempDir Path directory;
  private Vertx vertx;

  @BeforeEach
  void keep(Vertx vertx) {
    this.vertx = vertx;
  }

  @Test
  void aProxyWithItsOptions() throws IOException {
    ConfigResult.Ready ready =
        ready(
            read(
                """
                # OpenWrt

                config emailrelay 'server'
                \toption enabled '0'
                \toption mode 'server'

                config emailrelay "proxy"
                \toption enabled 1
                \toption mode 'proxy'
                \toption smarthost '192.0.2.1:25' # a comment
                \toption port '2525'
                \toption remote_clients '0'
                \toption domain 'a.example'
                \toption anonymous '1'
                \toption spool_dir '/tmp/a b'
                \toption pop '0'
                \toption pop_port '110'
                \toption smtp_client_interface '127.0.0.1'
                \tlist smtp_server_interface 'br-lan'
                \toption extra_cmdline '--poll 60  -v --size=5M'
                """));
    RelaySettings relay = ready.settings().relays().getFirst();
    assertThat(relay.unit()).isEmpty();
    assertThat(relay.smtp().listen())
        .containsExactly(
            new ListenAddress.Interface("br-lan", io.stagepost.net.HostLookup.Family.ANY, 2525));
    assertThat(relay.smtp().domain()).isEqualTo("a.example");
    assertThat(relay.smtp().anonymous()).hasSize(AnonymousScope.values().length);
    assertThat(relay.smtp().limits().messageSize()).isEqualTo(5 << 20);
    assertThat(relay.spool().directory()).isEqualTo(Path.of("/tmp/a b"));
    assertThat(relay.forward().nextHop()).contains(new NextHop.Tcp("192.0.2.1", 25));
    assertThat(relay.forward().triggers()).containsExactly(Trigger.DISCONNECT);
    assertThat(relay.forward().recipients()).isEqualTo(ForwardSettings.RecipientPolicy.SOME);
    assertThat(relay.forward().poll()).contains(Duration.ofMinutes(1));
    assertThat(relay.forward().localAddress()).contains("127.0.0.1");
    assertThat(ready.settings().process().ground()).isEqualTo(ProcessSettings.Ground.FOREGROUND);
    assertThat(ready.warnings()).isEmpty();
  }

  @Test
  void severalSectionsAreSeveralRelays() throws IOException {
    List<RelaySettings> relays =
        ready(
                read(
                    """
                    package emailrelay
                    config emailrelay server
                      option mode server
                      option port 25
                      list dnsbl zen.example.org
                      option server_tls /etc/cert.pem
                    config emailrelay
                      option mode cmdline
                      option extra_cmdline '--spool-dir /tmp/s --port 26 --log'
                    """))
            .settings()
            .relays();
    assertThat(relays).extracting(RelaySettings::name).containsExactly("server", "section2");
    assertThat(relays)
        .extracting(relay -> relay.smtp().listen().getFirst())
        .containsExactly(
            new ListenAddress.Inet("0.0.0.0", 25), new ListenAddress.Inet("0.0.0.0", 26));
  }

  @Test
  void whatIsWrongNamesItsLine() throws IOException {
    assertThat(
            errors(
                read(
                    """
                    config emailrelay server
                      option mode sever
                      option prot 25
                      option 'x
                    config mailrelay y
                    """)))
        .extracting(line -> line.replaceAll(".*, line ", ""))
        .containsExactly(
            "2: \"option mode\" needs one of server, proxy, client or cmdline",
            "3: unknown option: \"prot\": did you mean \"port\"?",
            "4: \"config <type> <name>\", \"option <name> <value>\" or \"list <name> <value>\" is"
                + " needed",
            "4: a quote is not closed",
            "5: unknown section: \"mailrelay\": did you mean \"emailrelay\"?");
    assertThat(
            errors(
                read(
                    """
                    config emailrelay x
                      option mode server
                      option remote_clients maybe
                      option port zz
                    """)))
        .extracting(line -> line.replaceAll(".*, line ", ""))
        .containsExactly(
            "3: invalid value \"maybe\" for \"option remote_clients\": 0 or 1 is needed");
    assertThat(errors(read("config emailrelay x\n option mode server\n option port zz\n")))
        .extracting(line -> line.replaceAll(".*, line ", ""))
        .containsExactly(
            "3: invalid value \"zz\" for \"option port\": a number from 0 to 65535 is needed");
  }

  private ConfigResult read(String text) throws IOException {
    Path file = Files.writeString(directory.resolve("emailrelay"), text);
    return Configured.read(Flavour.DROP_IN, () -> vertx, file.toString());
  }
}
