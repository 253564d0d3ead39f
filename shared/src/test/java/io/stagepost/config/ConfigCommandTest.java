package io.stagepost.config;

import static io.stagepost.config.Configured.ready;
import static org.assertj.core.api.Assertions.assertThat;

import io.stagepost.config.ConfigCommand.Outcome;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command {@code stagepost config}. */
@ExtendWith(VertxExtension.class)
class ConfigCommandTest {

  private static final Path MANUAL = Path.of("../deploy/docs/options.md");

  @TempDir Path directory;
  private Vertx vertx;

  @BeforeEach
  void keep(Vertx vertx) {
    this.vertx = vertx;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "log\nverbose\nverbose\nno-syslog",
        "as-proxy h:25\nport 2525\nanonymous server,client\nsize 5M",
        "as-client h:25\npoll 5m",
        "log\nforward-to h:25\nimmediate\nremote-clients\ninterface pop=127.0.0.1",
        "forward-to h:25\nforward-to-some\nclient-smtp-config -linger,+pipelining\n"
            + "server-smtp-config chunking,-pipelining,smtputf8strict\nno-daemon\nuser root",
        "spool-dir @app/s\npid-file a b.pid\nlog\nlog-time\nlog-file x-%d\nclose-stderr\nsyslog local2",
        "in-spool-dir /i\nin-port 25\nout-spool-dir /o\nout-port 26\nout-forward-to h:25\n"
            + "out-poll 10\nlog",
        "in-spool-dir /i\nin-dont-serve\nspool-dir /s\nspool-sync always",
        "filter msgid:\nserver-auth /etc/a\nclient-auth plain:YQ==:Yg==\nforward-to h:25\n"
            + "pop\npop-auth pam:\nadmin 10\npop-no-delete",
      })
  void whatIsConvertedMeansTheSame(String text) throws IOException {
    Path old = Files.writeString(directory.resolve("emailrelay.conf"), text);
    Outcome converted = run("convert", old.toString());
    assertThat(converted.err()).isEmpty();
    assertThat(converted.exitCode()).isZero();
    Path made = Files.writeString(directory.resolve("relay.conf"), converted.out());
    Settings before = ready(read(Flavour.DROP_IN, old)).settings();
    Settings after = ready(read(Flavour.OWN, made)).settings();
    assertThat(after.relays())
        .usingRecursiveFieldByFieldElementComparatorIgnoringFields("held")
        .isEqualTo(before.relays());
    assertThat(after.relays())
        .extracting(relay -> relay.held().isPresent())
        .isEqualTo(before.relays().stream().map(relay -> relay.held().isPresent()).toList());
    assertThat(after.process())
        .usingRecursiveComparison()
        .ignoringFields("program", "log.program")
        .isEqualTo(before.process());
    assertThat(run("check", made.toString()).exitCode()).isZero();
  }

  @Test
  void conversionSaysWhereThingsComeFrom() throws IOException {
    Path old = Files.writeString(directory.resolve("emailrelay.conf"), "# x\nport 2525\nhidden\n");
    assertThat(run("convert", old.toString()).out())
        .contains("# port to listen on for SMTP\n# (" + old + ", line 2)\nlisteners.port = 2525\n")
        .contains("# (as E-MailRelay does it; Stagepost's own default is \"reject\")\n")
        .contains("# Left out, as it has no effect: hidden\n");
  }

  @Test
  void openWrtIsConvertedToo() throws IOException {
    Path old =
        Files.writeString(
            directory.resolve("emailrelay"),
            "config emailrelay p\n option mode proxy\n option smarthost h:25\n option port 26\n");
    assertThat(run("convert", old.toString()).out())
        .contains("forward.to = \"h:25\"\n")
        .contains("listeners.port = 26\n")
        .contains("process.background = no\n")
        .contains("forward.to-some = yes\n");
  }

  @Test
  void showGivesOriginsAndNoSecrets() throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("emailrelay.conf"),
            "as-proxy h:25\nclient-auth plain:YWxpY2U=:c2VjcmV0\n");
    Outcome shown = run("show", "--port=2525", "-L", file.toString());
    assertThat(shown.exitCode()).isZero();
    assertThat(shown.out())
        .containsPattern("listeners\\.port = 2525 +# command line\n")
        .containsPattern("log\\.time = yes +# command line\n")
        .containsPattern("forward\\.on-disconnect = yes +# implied by as-proxy\n")
        .containsPattern("auth\\.client = \"plain:\\*\\*\\*:\\*\\*\\*\" +# \\S+, line 2\n")
        .containsPattern("forward\\.connections = 1 +# default\n")
        .doesNotContain("c2VjcmV0", "YWxpY2U");
    assertThat(run("show").out()).containsPattern("forward\\.connections = 4 +# default\n");
    assertThat(run("show", "--a-spool-dir=/a", "--b-spool-dir=/b").out())
        .containsPattern("relays\\.b\\.spool\\.directory = \"/b\" +# command line\n");
    assertThat(run("show", "--prot=1"))
        .isEqualTo(
            new Outcome(
                1, "", "stagepost: error: invalid option: \"--prot\": did you mean \"--port\"?\n"));
  }

  @Test
  void checkTellsWarnings() throws IOException {
    Path file = Files.writeString(directory.resolve("emailrelay.conf"), "localedir /l\nhidden\n");
    assertThat(run("check", file.toString()))
        .isEqualTo(
            new Outcome(
                0,
                "warning: "
                    + file
                    + ", line 1: \"localedir\" has no effect: all texts are in English\nwarning: "
                    + file
                    + ", line 2: \"hidden\" has no effect: there is no window; it is for Windows only\n"
                    + file
                    + ": good\n",
                ""));
  }

  @Test
  void otherWordsGetTheUsage() {
    for (String[] words : List.of(new String[0], new String[] {"x"}, new String[] {"check"})) {
      assertThat(run(words).exitCode()).isEqualTo(1);
      assertThat(run(words).err()).startsWith("usage: stagepost config <command>");
    }
    assertThat(run("--help").out()).startsWith("usage: stagepost config <command>");
    assertThat(run("sample").out()).isEqualTo(SampleFile.text());
  }

  @Test
  void bashUnderstandsTheCompletion() throws Exception {
    Path script = Files.writeString(directory.resolve("completion"), run("completion").out());
    String ask =
        ". "
            + script
            + "; COMP_WORDS=(stagepost --forward-to-s); COMP_CWORD=1; _stagepost stagepost;"
            + " echo ${COMPREPLY[@]}";
    Process bash = new ProcessBuilder("bash", "-c", ask).redirectErrorStream(true).start();
    assertThat(new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .isEqualTo("--forward-to-some\n");
    assertThat(bash.waitFor()).isZero();
  }

  /** {@code stagepost config manual > deploy/docs/options.md} brings it up to date. */
  @Test
  void theManualIsUpToDate() throws IOException {
    assertThat(Files.readString(MANUAL)).isEqualTo(run("manual").out());
  }

  private Outcome run(String... words) {
    return run(vertx, words);
  }

  static Outcome run(Vertx vertx, String... words) {
    Invocation invocation =
        new Invocation(
            Flavour.OWN,
            "stagepost",
            List.of(words),
            Configured.APP,
            Configured.START,
            () -> HostName.SOME);
    return ConfigCommand.run(invocation, () -> vertx)
        .toCompletionStage()
        .toCompletableFuture()
        .join();
  }

  private ConfigResult read(Flavour flavour, Path file) {
    return Configured.read(flavour, () -> vertx, file.toString());
  }
}
