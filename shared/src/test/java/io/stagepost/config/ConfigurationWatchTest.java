package io.stagepost.config;

import static io.stagepost.config.Configured.ready;
import static org.assertj.core.api.Assertions.assertThat;

import io.stagepost.config.Preparation.Prepared;
import io.stagepost.net.NextHop;
import io.stagepost.telemetry.LogSettings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What happens when the configuration file changes while the process runs. */
@ExtendWith(VertxExtension.class)
class ConfigurationWatchTest {

  @TempDir Path directory;
  private Vertx vertx;
  private Path file;
  private Live<Settings> live;
  private ConfigurationWatch watch;
  private final List<String> prepared = new ArrayList<>();
  private Optional<String> obstacle = Optional.empty();

  @BeforeEach
  void keep(Vertx vertx) {
    this.vertx = vertx;
  }

  @Test
  void whatCanChangeChangesAndTheRestIsNamed() throws IOException {
    start("relay.conf", "forward.to = \"a.example:25\", listeners.port = 2525, limits.size = 1000");
    ConfigurationChange change =
        rewrite("forward.to = \"b.example:25\", listeners.port = 2526, limits.size = 1000");
    assertThat(change.applied())
        .containsExactly("forward.to changed from \"a.example:25\" to \"b.example:25\"");
    assertThat(change.pending()).containsExactly("listeners.port changed from 2525 to 2526");
    assertThat(relay().forward().nextHop()).contains(new NextHop.Tcp("b.example", 25));
    assertThat(relay().smtp().listen().toString()).contains("2525");
    assertThat(watch.effective()).contains("listeners.port = 2525");
  }

  @Test
  void whatWaitsForARestartIsNamedOnce() throws IOException {
    start("relay.conf", "listeners.port = 2525");
    assertThat(rewrite("listeners.port = 2526").pending()).hasSize(1);
    ConfigurationChange change = rewrite("listeners.port = 2526, limits.size = 1k");
    assertThat(change.pending()).isEmpty();
    assertThat(change.applied()).containsExactly("limits.size changed from 0 to \"1k\"");
  }

  @Test
  void aBrokenFileChangesNothing() throws IOException {
    start("relay.conf", "limits.size = 1000");
    ConfigurationChange change = rewrite("limits.size = 2000, limits.sice = 3000");
    assertThat(change.problems())
        .containsExactly(
            file + ", line 1: unknown setting: \"limits.sice\": did you mean \"limits.size\"?");
    assertThat(change.applied()).isEmpty();
    assertThat(relay().smtp().limits().messageSize()).isEqualTo(1000);
    assertThat(rewrite("limits.size = 2000").applied()).hasSize(1);
    assertThat(relay().smtp().limits().messageSize()).isEqualTo(2000);
  }

  @Test
  void whatItNamesIsReadBeforeItHolds() throws IOException {
    start("relay.conf", "limits.size = 1000");
    obstacle = Optional.of("cannot read secrets file: /none");
    ConfigurationChange change = rewrite("limits.size = 2000, auth.server = /none");
    assertThat(change.problems()).containsExactly("cannot read secrets file: /none");
    assertThat(change.applied()).isEmpty();
    assertThat(relay().smtp().limits().messageSize()).isEqualTo(1000);
    obstacle = Optional.empty();
    assertThat(await(watch.reload()).applied())
        .containsExactly(
            "limits.size changed from 1000 to 2000",
            "auth.server changed from nothing to \"/none\"");
    assertThat(await(watch.validate("limits.size = 3000"))).isEmpty();
    assertThat(prepared).containsExactly("read", "read", "adopted", "read", "discarded");
  }

  @Test
  void credentialsAndCertificatesChange() throws IOException {
    start(
        "relay.conf",
        "auth.server = /a, tls.server { starttls = yes, certificate = [\"/a.pem\"] }, auth.client ="
            + " /c, forward.to = \"a.example:25\"");
    ConfigurationChange change =
        rewrite(
            "auth { server = /b, ban-after = 3, client = \"plain:YQ==:Yg==\" }, tls.server {"
                + " implicit = yes, required = yes, certificate = [\"/b.pem\"] }, forward.to ="
                + " \"a.example:25\"");
    assertThat(change.pending()).isEmpty();
    assertThat(change.problems()).isEmpty();
    SecuritySettings security = relay().security();
    assertThat(security.server().accounts()).contains("/b");
    assertThat(security.server().tls()).isEqualTo(SecuritySettings.Tls.IMPLICIT);
    assertThat(security.server().certificate()).containsExactly(Path.of("/b.pem"));
    assertThat(security.guard().throttle().banAfter()).isEqualTo(3);
    assertThat(security.client().accounts()).contains("plain:YQ==:Yg==");
  }

  @Test
  void aPartThatComesOrGoesWaitsForARestartAsAWhole() throws IOException {
    start("relay.conf", "pop { enabled = yes, auth = /a, by-name = yes }, admin.port = 26");
    ConfigurationChange change =
        rewrite("pop { enabled = yes, auth = /b }, admin { port = 26, terminate = yes }");
    assertThat(change.pending()).isEmpty();
    assertThat(relay().pop().orElseThrow().accounts()).isEqualTo("/b");
    assertThat(relay().pop().orElseThrow().store()).isEqualTo(new PopSettings.Store.Shared());
    assertThat(relay().admin().features()).contains(AdminSettings.Feature.TERMINATE);
    ConfigurationChange gone = rewrite("limits.size = 1000");
    assertThat(gone.applied()).containsExactly("limits.size changed from 0 to 1000");
    assertThat(gone.pending())
        .contains("pop.enabled changed from yes to no", "pop.auth changed from \"/b\" to nothing");
    assertThat(relay().pop().orElseThrow().accounts()).isEqualTo("/b");
  }

  @Test
  void aFileThatIsGoneChangesNothing() throws IOException {
    start("relay.conf", "limits.size = 1000");
    Files.delete(file);
    assertThat(await(watch.reload()).problems())
        .containsExactly("error reading configuration file: " + file);
    assertThat(relay().smtp().limits().messageSize()).isEqualTo(1000);
  }

  @Test
  void whatIsGoodOnlyAfterARestartIsRefusedUntilThen() throws IOException {
    start("emailrelay.conf", "poll 5\nforward-to a.example:25\nclient-filter /bin/true\n");
    ConfigurationChange change = rewrite("spool-dir /elsewhere\n");
    assertThat(change.problems()).hasSize(1);
    assertThat(change.problems().getFirst())
        .contains("client-filter", "needs", "forward-to", "as long as");
    assertThat(relay().forward().nextHop()).contains(new NextHop.Tcp("a.example", 25));
  }

  @Test
  void theCommandLineStillHolds() throws IOException {
    start("relay.conf", "limits.size = 1000", "--size=5000");
    assertThat(rewrite("limits.size = 2000")).isEqualTo(ConfigurationChange.NOTHING);
    assertThat(relay().smtp().limits().messageSize()).isEqualTo(5000);
  }

  @Test
  void linesOfAnEmailrelayConf() throws IOException {
    start("emailrelay.conf", "forward-to a.example:25\npoll 60\nlog\n");
    ConfigurationChange change = rewrite("forward-to b.example:25\npoll 5\nlog\nverbose\n");
    assertThat(change.applied())
        .containsExactlyInAnyOrder(
            "verbose changed from no to yes",
            "forward-to changed from \"a.example:25\" to \"b.example:25\"",
            "poll changed from 60 to 5");
    assertThat(live.get().process().log().volume()).isEqualTo(LogSettings.Volume.VERBOSE);
  }

  @Test
  void relaysThatComeAndGoNeedARestart() throws IOException {
    start(
        "relay.conf",
        "relays {\n in { spool.directory = /in }\n out { spool.directory = /out, limits.size = 1 }}");
    ConfigurationChange change =
        rewrite(
            "relays {\n new { spool.directory = /new }\n out { spool.directory = /out, limits.size ="
                + " 2 }}");
    assertThat(change.applied()).containsExactly("relays.out.limits.size changed from 1 to 2");
    assertThat(change.pending()).containsExactly("relay \"new\" is new", "relay \"in\" is gone");
    assertThat(live.get().relays()).extracting(RelaySettings::name).containsExactly("in", "out");
    assertThat(live.get().relays().get(1).smtp().limits().messageSize()).isEqualTo(2);
  }

  @Test
  void secretsAreMasked() throws IOException {
    start("emailrelay.conf", "client-auth plain:YWxpY2U=:c2VjcmV0\n");
    ConfigurationChange change = rewrite("client-auth plain:YWxpY2U=:b3RoZXI=\n");
    assertThat(change.toString())
        .contains("client-auth changed")
        .doesNotContain("c2VjcmV0")
        .doesNotContain("b3RoZXI=");
  }

  @Test
  void isNoticedByItselfEvenInAnIncludedFile() throws Exception {
    Files.writeString(directory.resolve("sizes.conf"), "limits.size = 1000");
    start("relay.conf", "include \"sizes.conf\"");
    CountDownLatch changed = new CountDownLatch(1);
    live.follow(settings -> changed.countDown());
    Files.writeString(directory.resolve("sizes.conf"), "limits.size = 2000");
    assertThat(changed.await(1, TimeUnit.MINUTES)).isTrue();
    assertThat(relay().smtp().limits().messageSize()).isEqualTo(2000);
  }

  @Test
  void aTextCanBeValidated() throws IOException {
    start("relay.conf", "limits.size = 1000");
    assertThat(await(watch.validate("limits.size = 2000"))).isEmpty();
    assertThat(await(watch.validate("limits.size = huge"))).hasSize(1);
    assertThat(relay().smtp().limits().messageSize()).isEqualTo(1000);
  }

  private void start(String name, String text, String... words) throws IOException {
    file = Files.writeString(directory.resolve(name), text);
    Flavour flavour = name.equals("relay.conf") ? Flavour.OWN : Flavour.DROP_IN;
    List<String> all = new ArrayList<>(List.of(words));
    all.add(file.toString());
    String program = flavour == Flavour.DROP_IN ? "emailrelay" : "stagepost";
    Invocation invocation =
        new Invocation(
            flavour, program, all, Configured.APP, Configured.START, () -> HostName.SOME);
    ConfigResult.Ready ready = ready(await(Configuration.read(invocation, () -> vertx)));
    live = Live.of(ready.settings());
    watch = ConfigurationWatch.start(vertx, invocation, ready, live, this::prepare).orElseThrow();
  }

  private ConfigurationChange rewrite(String text) {
    return await(
        watch.reload(() -> vertx.executeBlocking(() -> Files.writeString(file, text), false)));
  }

  private RelaySettings relay() {
    return live.get().relays().getFirst();
  }

  private static <T> T await(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(1, TimeUnit.MINUTES).join();
  }

  private Future<Prepared> prepare(Settings next) {
    prepared.add("read");
    return obstacle.isPresent()
        ? Future.failedFuture(obstacle.get())
        : Future.succeededFuture(
            new Prepared() {
              @Override
              public void adopt() {
                prepared.add("adopted");
              }

              @Override
              public void discard() {
                prepared.add("discarded");
              }
            });
  }
}
