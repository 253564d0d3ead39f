package io.stagepost.config;

import static io.stagepost.config.Configured.errors;
import static io.stagepost.config.Configured.ready;
import static org.assertj.core.api.Assertions.assertThat;

import io.stagepost.config.ForwardSettings.Trigger;
import io.stagepost.net.ListenAddress;
import io.stagepost.net.NextHop;
import io.stagepost.telemetry.LogSettings;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Several relays in one process, from the command line and from files. */
@ExtendWith(VertxExtension.class)
class SeveralRelaysTest {

  private static final String THREE_IN_ONE =
      """
      log
      verbose
      log-time
      log-format=unit,network
      close-stderr
      syslog
      pid-file @app/emailrelay.pid
      user root
      # mail from the internet
      in-spool-dir @app/in
      in-port 25
      in-domain example.com
      in-address-verifier account:
      in-dnsbl zen.example.org
      in-filter spam-edit:127.0.0.1:783
      in-filter deliver:
      in-server-smtp-config +chunking,+smtputf8
      in-size 100000000
      in-pop
      in-pop-port 110
      in-pop-auth pam:
      in-pop-by-name
      # outgoing mail
      out-spool-dir @app/out
      out-port 587
      out-forward-on-disconnect
      out-forward-to-some
      out-poll 60
      out-domain example.com
      out-address-verifier account:check
      out-delivery-dir @app/in
      out-filter msgid:
      out-filter deliver:
      out-filter split:
      out-client-filter mx:
      out-forward-to 127.0.0.1:588
      out-poll-run retry:5
      # the smarthost
      other-spool-dir @app/other
      other-port 588
      other-interface 127.0.0.1
      other-domain example.com
      other-client-tls
      other-client-auth plain:YWxpY2U=:c2VjcmV0
      other-forward-to smtp.example.com:587
      other-poll 3600
      """;

  @TempDir Path directory;
  private Vertx vertx;

  @BeforeEach
  void keep(Vertx vertx) {
    this.vertx = vertx;
  }

  @Test
  void threeInOneFromAFile() throws IOException {
    Path file = Files.writeString(directory.resolve("emailrelay.conf"), THREE_IN_ONE);
    checkThreeInOne(read(Flavour.DROP_IN, file.toString()));
  }

  @Test
  void threeInOneFromTheCommandLine() {
    String[] words =
        THREE_IN_ONE
            .lines()
            .filter(line -> !line.startsWith("#"))
            .map(line -> "--" + line)
            .flatMap(line -> Stream.of(line.split(" ", 2)))
            .toArray(String[]::new);
    checkThreeInOne(read(Flavour.DROP_IN, words));
  }

  private static void checkThreeInOne(ConfigResult result) {
    ConfigResult.Ready ready = ready(result);
    assertThat(ready.settings().relays())
        .extracting(RelaySettings::name)
        .containsExactly("in", "out", "other");
    RelaySettings in = ready.settings().relays().getFirst();
    assertThat(in.spool().directory()).isEqualTo(Path.of("/opt/app/in"));
    assertThat(in.smtp().listen()).isEqualTo(Configured.everywhere(25));
    assertThat(in.smtp().limits().messageSize()).isEqualTo(100_000_000);
    assertThat(in.smtp().features())
        .contains(SmtpSettings.Feature.CHUNKING, SmtpSettings.Feature.SMTPUTF8);
    RelaySettings out = ready.settings().relays().get(1);
    assertThat(out.smtp().listen()).isEqualTo(Configured.everywhere(587));
    assertThat(out.smtp().features()).doesNotContain(SmtpSettings.Feature.CHUNKING);
    assertThat(out.smtp().limits().messageSize()).isZero();
    assertThat(out.forward().nextHop()).contains(new NextHop.Tcp("127.0.0.1", 588));
    assertThat(out.forward().triggers()).containsExactly(Trigger.DISCONNECT);
    assertThat(out.forward().poll()).contains(Duration.ofMinutes(1));
    assertThat(out.held()).isPresent();
    RelaySettings other = ready.settings().relays().get(2);
    assertThat(other.smtp().listen()).containsExactly(new ListenAddress.Inet("127.0.0.1", 588));
    assertThat(other.unit()).isEqualTo("other");
    assertThat(other.held()).isEmpty();
    assertThat(other.security().client().tls()).isEqualTo(SecuritySettings.Tls.STARTTLS);
    assertThat(other.security().client().accounts()).contains("plain:YWxpY2U=:c2VjcmV0");
    LogSettings log = ready.settings().process().log();
    assertThat(log.volume()).isEqualTo(LogSettings.Volume.VERBOSE);
    assertThat(log.fields())
        .containsExactlyInAnyOrder(
            LogSettings.Field.TIME, LogSettings.Field.UNIT, LogSettings.Field.ADDRESS);
    assertThat(log.syslog()).contains(LogSettings.Facility.MAIL);
    assertThat(ready.settings().process().user()).contains("root");
    assertThat(ready.warnings()).noneMatch(warning -> warning.contains("client-auth"));
    assertThat(ready.warnings()).noneMatch(warning -> warning.contains("YWxpY2U"));
  }

  @Test
  void whatNamesNoRelayBelongsToTheFirst() {
    List<RelaySettings> relays =
        relays("--port=2525", "--b-spool-dir=/b", "--a-spool-dir=/a", "--a-port=26");
    assertThat(relays).extracting(RelaySettings::name).containsExactly("b", "a");
    assertThat(relays).extracting(SeveralRelaysTest::port).containsExactly(2525, 26);
  }

  @Test
  void aPlainSpoolDirectoryIsARelayWithoutAName() {
    List<RelaySettings> relays = relays("--spool-dir=/s", "--b-spool-dir=/b", "-p", "2525");
    assertThat(relays).extracting(RelaySettings::unit).containsExactly("", "b");
    assertThat(relays).extracting(SeveralRelaysTest::port).containsExactly(2525, 25);
  }

  @Test
  void eachRelayMayHaveAFormatOfItsOwn() {
    ConfigResult.Ready ready =
        ready(
            read(
                Flavour.DROP_IN,
                "--a-spool-dir=/a",
                "--b-spool-dir=/b",
                "--c-spool-dir=/c",
                "--log-format=unit,port",
                "--log-address",
                "--log-time",
                "--b-log-format=msgid"));
    LogSettings log = ready.settings().process().log();
    assertThat(log.fields())
        .containsExactlyInAnyOrder(
            LogSettings.Field.TIME,
            LogSettings.Field.UNIT,
            LogSettings.Field.PORT,
            LogSettings.Field.ADDRESS);
    assertThat(log.units())
        .isEqualTo(
            Map.of(
                "b",
                Set.of(LogSettings.Field.TIME, LogSettings.Field.MSGID),
                "c",
                Set.of(LogSettings.Field.TIME, LogSettings.Field.UNIT, LogSettings.Field.PORT)));
  }

  @Test
  void theProcessAsksTheFirstOnly() {
    ConfigResult.Ready ready =
        ready(
            read(
                Flavour.DROP_IN,
                "--a-spool-dir=/a",
                "--b-spool-dir=/b",
                "--a-log",
                "--b-pid-file=/p",
                "--b-log-address"));
    assertThat(ready.settings().process().log().volume()).isEqualTo(LogSettings.Volume.NORMAL);
    assertThat(ready.settings().process().log().fields()).isEmpty();
    assertThat(ready.settings().process().log().units())
        .isEqualTo(Map.of("b", Set.of(LogSettings.Field.ADDRESS)));
    assertThat(ready.settings().process().pidFile()).isEmpty();
    assertThat(ready.warnings())
        .containsExactly(
            "\"--b-pid-file\" has no effect: it holds for the whole process and is taken from the"
                + " first relay only");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--in-port=25 | error: invalid option: \"--in-port\": there is no relay \"in\":"
            + " \"--in-spool-dir\" would make one",
        "--in-spool-dir=/i --in-prot=25 | error: invalid option: \"--in-prot\": did you mean"
            + " \"--in-port\"?",
        "--in-spool-dir=/i --in-port=1 --in-port=2 | error: duplicate use of \"--in-port\"",
        "--in-spool-dir=/i --out-spool-dir=/o --out-forward | usage error: \"--out-forward\" needs a"
            + " next hop, given by \"--out-forward-to\"",
        "--in-spool-dir=/i --out-spool-dir=/o --out-name=in | usage error: \"--out-name\": two"
            + " relays are called \"in\"",
        "--in-spool-dir=/i --in-port= | usage error: invalid value \"\" for \"--in-port\": a number"
            + " from 0 to 65535 is needed",
      })
  void errorsNameTheRelay(String words, String text) {
    assertThat(errors(read(Flavour.DROP_IN, words.split(" "))))
        .containsExactly("emailrelay: " + text);
  }

  @Test
  void sectionsMakeRelaysInTheirOrder() throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("relay.conf"),
            """
            variables.host = mx.example
            domain = all.example
            limits.size = 1M
            relays {
              zulu {
                spool.directory = /z
                listeners.port = 2525
              }
              alpha { spool.directory = /a, limits.size = 2M, forward.to = ${variables.host}":25" }
            }
            log.file = ${?NOWHERE}
            """);
    List<RelaySettings> relays =
        ready(read(Flavour.OWN, file.toString(), "--alpha-port=26")).settings().relays();
    assertThat(relays).extracting(RelaySettings::name).containsExactly("zulu", "alpha");
    assertThat(relays).extracting(SeveralRelaysTest::port).containsExactly(2525, 26);
    assertThat(relays)
        .extracting(relay -> relay.smtp().limits().messageSize())
        .containsExactly(1L << 20, 2L << 20);
    assertThat(relays).extracting(relay -> relay.smtp().domain()).containsOnly("all.example");
    assertThat(relays.get(1).forward().nextHop()).contains(new NextHop.Tcp("mx.example", 25));
  }

  @Test
  void sectionsOfRelaysAreChecked() throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("relay.conf"),
            "relays.in {\n spool.directory = /i\n forward.too = h\n log.enabled = yes\n}\n");
    assertThat(errors(read(Flavour.OWN, file.toString())))
        .containsExactly(
            "stagepost: error: "
                + file
                + ", line 3: unknown setting: \"relays.in.forward.too\": did you mean"
                + " \"relays.in.forward.to\"?",
            "stagepost: error: "
                + file
                + ", line 4: unknown setting: \"relays.in.log.enabled\": it holds for the whole"
                + " process: write \"log.enabled\" outside of \"relays\"");
  }

  @Test
  void sectionsNeedASpoolEach() throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("relay.conf"),
            "relays { a { spool.directory = /a }, b { listeners.port = 26 } }");
    assertThat(errors(read(Flavour.OWN, file.toString())))
        .containsExactly(
            "stagepost: usage error: the relay \"b\" needs a \"spool.directory\", as there are"
                + " several relays");
  }

  @Test
  void oneRunThatWouldGoUnprotectedIsRefused() {
    assertThat(errors(read(Flavour.DROP_IN, "-q", "h:25", "--client-filter=/bin/x")))
        .containsExactly(
            "emailrelay: usage error: cannot forward: \"--client-filter\": this version runs no"
                + " filters");
  }

  private static int port(RelaySettings relay) {
    return ((ListenAddress.Inet) relay.smtp().listen().getFirst()).port();
  }

  private List<RelaySettings> relays(String... words) {
    return ready(read(Flavour.DROP_IN, words)).settings().relays();
  }

  private ConfigResult read(Flavour flavour, String... words) {
    // The options come before the file.
    String[] sorted =
        Stream.of(words)
            .sorted((a, b) -> Boolean.compare(a.endsWith(".conf"), b.endsWith(".conf")))
            .toArray(String[]::new);
    return Configured.read(flavour, () -> vertx, sorted);
  }
}
