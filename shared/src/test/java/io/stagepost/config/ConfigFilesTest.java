package io.stagepost.config;

import static io.stagepost.config.Configured.errors;
import static io.stagepost.config.Configured.ready;
import static org.assertj.core.api.Assertions.assertThat;

import io.stagepost.net.ListenAddress;
import io.stagepost.net.NextHop;
import io.stagepost.telemetry.LogSettings;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Both formats of configuration files, through vertx-config. */
@ExtendWith(VertxExtension.class)
class ConfigFilesTest {

  @TempDir Path directory;
  private Vertx vertx;

  @BeforeEach
  void keep(Vertx vertx) {
    this.vertx = vertx;
  }

  @Test
  void linesAreOptionsWithoutDashes() throws IOException {
    Path file =
        write(
            "emailrelay.conf",
            """
            # a comment\r

              \t
            log
              verbose yes
            port = 2525\r
            forward-to\tmx.example:25
            forward-on-disconnect=on
            pid-file "/run/a b.pid"\s\s
            domain==x
            #port 9
            anonymous server,vrfy
            server-smtp-config -pipelining
            remote-clients no""");
    Settings settings = ready(read(file.toString())).settings();
    RelaySettings relay = settings.relays().getFirst();
    assertThat(relay.smtp().listen()).isEqualTo(Configured.everywhere(2525));
    assertThat(relay.smtp().clients()).isEqualTo(SmtpSettings.Clients.LOCAL);
    assertThat(relay.smtp().domain()).isEqualTo("x");
    assertThat(relay.smtp().anonymous())
        .containsExactlyInAnyOrder(AnonymousScope.SERVER, AnonymousScope.VRFY);
    assertThat(relay.smtp().features()).doesNotContain(SmtpSettings.Feature.PIPELINING);
    assertThat(relay.forward().nextHop()).contains(new NextHop.Tcp("mx.example", 25));
    assertThat(settings.process().pidFile()).contains(Path.of("/run/a b.pid"));
    assertThat(settings.process().log().volume()).isEqualTo(LogSettings.Volume.VERBOSE);
  }

  @Test
  void linesStandBesideTheWords() throws IOException {
    Path file = write("e.conf", "port 25\npid-file b\nlog-format unit\n");
    ConfigResult.Ready ready =
        ready(read("--log", "-p", "25", "-i", "a", "--log-format=time", file.toString()));
    assertThat(ready.settings().process().pidFile()).contains(Configured.START.resolve("a"));
    assertThat(ready.settings().process().log().fields())
        .containsExactlyInAnyOrder(LogSettings.Field.TIME, LogSettings.Field.UNIT);
    assertThat(errors(read("-p", "26", file.toString())))
        .containsExactly("emailrelay: error: " + file + ", line 1: duplicate use of \"port\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "forwardto h:1 | error | 1: invalid option: \"forwardto\": did you mean \"forward-to\"?",
        "p 25 | error | 1: invalid option: \"p\"",
        "--port 25 | error | 1: invalid option: \"--port\": did you mean \"port\"?",
        "port | error | 1: no value supplied for \"port\"",
        "log perhaps | error | 1: cannot give a value with \"log\"",
        "config x | error | 1: a file cannot name another: \"config\"",
        "port zz | usage error | 1: invalid value \"zz\" for \"port\": a number from 0 to 65535"
            + " is needed",
      })
  void errorsInLinesNameThem(String line, String kind, String text) throws IOException {
    Path file = write("e.conf", line);
    assertThat(errors(read(file.toString())))
        .containsExactly("emailrelay: " + kind + ": " + file + ", line " + text);
  }

  @Test
  void unreadableFilesAreNamed() throws IOException {
    Path missing = directory.resolve("none.conf");
    assertThat(errors(read(missing.toString())))
        .containsExactly("emailrelay: error: error reading configuration file: " + missing);
    Path broken = write("nul.conf", "log\0\n");
    assertThat(errors(read(broken.toString())))
        .containsExactly("emailrelay: error: invalid character in configuration file: " + broken);
  }

  @Test
  void sectionsVariablesAndIncludes() throws IOException {
    Files.createDirectory(directory.resolve("conf.d"));
    write("conf.d/limits.conf", "include \"size.conf\"\nlimits.idle-timeout = 10m\n");
    write("conf.d/size.conf", "limits { size = 50 MB }\n");
    Path file =
        write(
            "relay.conf",
            """
            include "conf.d/limits.conf"
            variables { base = "@app/var" }
            name = in
            domain = relay.example
            listeners {
              port = 2525
              interface = ["127.0.0.1", "::1"]
              anonymous = true
            }
            spool.directory = ${variables.base}"/spool"
            forward { to = "mx.example:25", poll = 1h, to-some = yes }
            log { verbose = 2, format = [json] }
            cluster.members = ["a:5701", "b:5701"]
            process { background = false, roles = smtp, pid-file = ${?NO_SUCH_VARIABLE} }
            """);
    Settings settings = ready(read(Flavour.OWN, file.toString())).settings();
    RelaySettings relay = settings.relays().getFirst();
    assertThat(relay.unit()).isEqualTo("in");
    assertThat(relay.spool().directory()).isEqualTo(Path.of("/opt/app/var/spool"));
    assertThat(relay.smtp().listen())
        .containsExactly(
            new ListenAddress.Inet("127.0.0.1", 2525), new ListenAddress.Inet("::1", 2525));
    assertThat(relay.smtp().anonymous()).containsExactlyInAnyOrder(AnonymousScope.values());
    assertThat(relay.smtp().limits().messageSize()).isEqualTo(50L << 20);
    assertThat(relay.forward().recipients()).isEqualTo(ForwardSettings.RecipientPolicy.SOME);
    assertThat(settings.process().log().volume()).isEqualTo(LogSettings.Volume.DETAIL);
    assertThat(settings.process().log().form()).isEqualTo(LogSettings.Form.JSON);
    assertThat(settings.process().ground()).isEqualTo(ProcessSettings.Ground.FOREGROUND);
    assertThat(settings.process().roles()).containsExactly(ProcessSettings.Role.SMTP);
    assertThat(settings.process().cluster().orElseThrow().members())
        .containsExactly("a:5701", "b:5701");
  }

  @Test
  void theEnvironmentIsSubstituted() throws IOException {
    String home = System.getenv("PATH");
    Path file = write("relay.conf", "domain = x.example\nlog.file = ${PATH}\n");
    LogSettings log = ready(read(Flavour.OWN, file.toString())).settings().process().log();
    assertThat(log.file()).contains(Configured.START.resolve(home).normalize());
  }

  @Test
  void wordsHideTheSections() throws IOException {
    Path file = write("x.conf", "listeners { port = 2525, smtp = true }, log.enabled = false\n");
    String config = "--config=" + file;
    assertThat(relay(config).smtp().listen())
        .containsExactly(new ListenAddress.Inet("127.0.0.1", 2525));
    assertThat(relay(config, "-p", "26").smtp().listen())
        .containsExactly(new ListenAddress.Inet("127.0.0.1", 26));
    assertThat(relay(config, "--as-client=h:1").smtp().listen()).isEmpty();
    assertThat(ready(read(Flavour.OWN, config, "-lv")).settings().process().log().volume())
        .isEqualTo(LogSettings.Volume.VERBOSE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "listener.port=1 | error | 2: unknown setting: \"listener.port\": did you mean"
            + " \"listeners.port\"?",
        "forward { too = 1 } | error | 2: unknown setting: \"forward.too\": did you mean"
            + " \"forward.to\"?",
        "listeners.port=zz | usage error | 2: invalid value \"zz\" for \"listeners.port\": a"
            + " number from 0 to 65535 is needed",
        "log.time=soon | usage error | 2: invalid value \"soon\" for \"log.time\": yes or no is"
            + " needed",
      })
  void errorsInSectionsNameTheirLine(String line, String kind, String text) throws IOException {
    Path file = write("relay.conf", "\n" + line);
    assertThat(errors(read(Flavour.OWN, file.toString())))
        .containsExactly("stagepost: " + kind + ": " + file + ", line " + text);
  }

  @Test
  void errorsInIncludedFilesNameThose() throws IOException {
    Path included = write("inc.conf", "\n\nsausages = 1\n");
    Path file = write("relay.conf", "include \"inc.conf\"\n");
    assertThat(errors(read(Flavour.OWN, file.toString())))
        .containsExactly(
            "stagepost: error: " + included + ", line 3: unknown setting: \"sausages\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"log {", "a = ${nowhere}", "log.file = [[1]"})
  void brokenSectionsAreOneLine(String text) throws IOException {
    Path file = write("relay.conf", text);
    assertThat(errors(read(Flavour.OWN, file.toString())))
        .singleElement()
        .asString()
        .startsWith("stagepost: error: " + file + ", line 1: ");
  }

  @Test
  void everyKeyIsUnderstood() throws IOException {
    for (Option option : OptionTable.all()) {
      if (option.hasKey()) {
        String value =
            switch (option.syntax()) {
              case NONE -> "no";
              case ONE, LIST -> sample(option);
              case OPTIONAL -> "true";
            };
        String needed =
            option.equals(HttpOptions.HTTP_PORT) ? "admin.http { users = u, auth = a }\n" : "";
        Path file = write("relay.conf", needed + option.plainKey() + " = \"" + value + "\"\n");
        ConfigResult result = read(Flavour.OWN, file.toString());
        assertThat(result).as(option.plainKey()).isInstanceOf(ConfigResult.Ready.class);
      }
    }
  }

  @Test
  void theSampleStatesTheDefaults() throws IOException {
    String all =
        SampleFile.text()
            .lines()
            .filter(line -> line.matches("# [a-z.-]+ = [^<]*"))
            .map(line -> line.substring(2))
            .collect(Collectors.joining("\n"));
    Path file = write("relay.conf", all);
    assertThat(ready(read(Flavour.OWN, file.toString())).settings())
        .isEqualTo(ready(read(Flavour.OWN)).settings());
    for (String key : OptionTable.keys()) {
      assertThat(SampleFile.text()).contains("\n# " + key + " = ");
    }
  }

  private static String sample(Option option) {
    String usual = option.defaults().own();
    return !usual.isEmpty()
        ? usual
        : Stream.of("word", "127.0.0.1", "h:1", "9", "socks5://h:1")
            .filter(option.rule().accepts())
            .findFirst()
            .orElseThrow();
  }

  private RelaySettings relay(String... words) {
    return ready(read(Flavour.OWN, words)).settings().relays().getFirst();
  }

  private ConfigResult read(String... words) {
    return read(Flavour.DROP_IN, words);
  }

  private ConfigResult read(Flavour flavour, String... words) {
    return Configured.read(flavour, () -> vertx, words);
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text);
  }
}
