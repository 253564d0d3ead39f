package io.stagepost.config;

import static io.stagepost.config.Configured.process;
import static org.assertj.core.api.Assertions.assertThat;

import io.stagepost.config.HttpSettings.Transport;
import io.stagepost.net.ListenAddress;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The options of the console; it is never open to others without protection. */
class HttpOptionsTest {

  private static final List<String> USABLE =
      List.of("--http-port=10080", "--http-users=/etc/u", "--http-auth=/etc/a");

  private static HttpSettings http(String... more) {
    String[] words = Stream.concat(USABLE.stream(), Stream.of(more)).toArray(String[]::new);
    return process(Flavour.OWN, words).http().orElseThrow();
  }

  private static String refusal(String... words) {
    return String.join("\n", Configured.errors(Configured.read(Flavour.OWN, words)));
  }

  @Test
  void isNotThereUnlessAskedFor() {
    assertThat(process(Flavour.OWN).http()).isEmpty();
    assertThat(process(Flavour.DROP_IN).http()).isEmpty();
  }

  @Test
  void staysOnThisHost() {
    assertThat(http().listen()).containsExactly(new ListenAddress.Inet("127.0.0.1", 10_080));
    assertThat(http().isLoopback()).isTrue();
    assertThat(http().transport()).isEqualTo(Transport.PLAIN);
  }

  @Test
  void listensAtEachPortOfEachAddress() {
    String[] words = {
      "--http-port=10081,10080",
      "--http-interface=127.0.0.1,::1",
      "--http-users=/etc/u",
      "--http-auth=/etc/a"
    };
    assertThat(process(Flavour.OWN, words).http().orElseThrow().listen())
        .map(ListenAddress::toString)
        .containsExactly("127.0.0.1:10081", "127.0.0.1:10080", "::1.10081", "::1.10080");
  }

  @Test
  void needsAccountsAndUsers() {
    assertThat(refusal("--http-port=1")).contains("--http-users").contains("--http-auth");
    assertThat(refusal("--http-users=/etc/u")).contains("needs \"--http-port\"");
    assertThat(
            process(Flavour.OWN, "--http-port=1", "--http-users=/etc/u", "--server-auth=/etc/s")
                .http()
                .orElseThrow()
                .accounts())
        .isEqualTo("/etc/s");
  }

  @Test
  void w8IsReachedFromElsewhereByTlsOnly() {
    assertThat(
            refusal(
                Stream.concat(USABLE.stream(), Stream.of("--http-interface=0.0.0.0"))
                    .toArray(String[]::new)))
        .contains("0.0.0.0")
        .contains("--http-tls");
    assertThat(
            refusal(Stream.concat(USABLE.stream(), Stream.of("--http-tls")).toArray(String[]::new)))
        .contains("--server-tls-certificate");
    HttpSettings open =
        http(
            "--http-interface=0.0.0.0",
            "--http-tls",
            "--server-tls",
            "--server-tls-certificate=/etc/c.pem");
    assertThat(open.transport()).isEqualTo(Transport.TLS);
    assertThat(open.isLoopback()).isFalse();
  }

  @Test
  void w8TheTextPortDoesNotLeaveThisHostWithTheOthers() {
    String[] wide = {"--admin=10025", "--interface=0.0.0.0,eth0"};
    RelaySettings own = Configured.relay(Flavour.OWN, wide);
    assertThat(own.smtp().listen()).hasSize(2);
    assertThat(own.admin().listen()).containsExactly(new ListenAddress.Inet("127.0.0.1", 10025));
    assertThat(
            Configured.relay(Flavour.OWN, "--admin=10025", "--interface=127.0.0.1,10.0.0.1")
                .admin()
                .listen())
        .containsExactly(new ListenAddress.Inet("127.0.0.1", 10025));
    // E-MailRelay's does, and ours where that is said of it.
    assertThat(Configured.relay(Flavour.DROP_IN, wide).admin().listen()).hasSize(2);
    assertThat(
            Configured.relay(Flavour.OWN, "--admin=10025", "--interface=admin=10.0.0.1")
                .admin()
                .listen())
        .containsExactly(new ListenAddress.Inet("10.0.0.1", 10025));
  }
}
