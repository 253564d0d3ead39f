package io.stagepost.config;

import static io.stagepost.config.Configured.process;
import static io.stagepost.config.Configured.relay;
import static io.stagepost.config.Configured.warnings;
import static org.assertj.core.api.Assertions.assertThat;

import io.stagepost.config.ForwardSettings.TemporaryFailures;
import io.stagepost.config.ForwardSettings.Trigger;
import io.stagepost.config.ProcessSettings.Ground;
import io.stagepost.config.ProcessSettings.Role;
import io.stagepost.config.SmtpSettings.Feature;
import io.stagepost.net.ListenAddress;
import io.stagepost.net.NextHop;
import io.stagepost.telemetry.LogSettings;
import io.stagepost.telemetry.LogSettings.Field;
import io.stagepost.wire.BareLineEnds;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What each flavour does by default, and what groups of options come to. */
class SettingsTest {

  @Test
  void dropInBehavesAsTheOriginal() {
    RelaySettings relay = relay(Flavour.DROP_IN);
    assertThat(relay.name()).isEqualTo("relay");
    assertThat(relay.spool().directory()).isEqualTo(Path.of("/var/spool/emailrelay"));
    assertThat(relay.smtp().listen()).isEqualTo(Configured.everywhere(25));
    assertThat(relay.smtp().clients()).isEqualTo(SmtpSettings.Clients.LOCAL);
    assertThat(relay.smtp().domain()).isEqualTo("host.example");
    assertThat(relay.smtp().product()).startsWith("Stagepost V");
    assertThat(relay.smtp().features())
        .containsExactlyInAnyOrder(
            Feature.PIPELINING, Feature.STRICTPARSING, Feature.ALABELS, Feature.LINGER);
    assertThat(relay.smtp().limits()).isEqualTo(SmtpSettings.Limits.DEFAULT);
    assertThat(relay.smtp().timeouts()).isEqualTo(SmtpSettings.Timeouts.DEFAULT);
    assertThat(relay.smtp().bareLineEnds().action()).isEqualTo(BareLineEnds.ALLOW);
    assertThat(relay.forward().connections()).isEqualTo(1);
    assertThat(relay.forward().triggers()).isEmpty();
    assertThat(relay.forward().temporaryFailures()).isEqualTo(TemporaryFailures.FAIL);
    assertThat(relay.forward().timeouts()).isEqualTo(ForwardSettings.Timeouts.DEFAULT);
    assertThat(relay.forward().features())
        .containsExactlyInAnyOrder(
            ForwardSettings.Feature.SMTPUTF8STRICT,
            ForwardSettings.Feature.BINARYMIMESTRICT,
            ForwardSettings.Feature.LINGER);
    ProcessSettings process = process(Flavour.DROP_IN);
    assertThat(process.log()).isEqualTo(LogSettings.off("emailrelay"));
    assertThat(process.ground()).isEqualTo(Ground.BACKGROUND);
    assertThat(process.roles()).containsExactlyInAnyOrder(Role.values());
    assertThat(process.cluster()).isEmpty();
    assertThat(warnings(Flavour.DROP_IN)).isEmpty();
  }

  @Test
  void ownDefaultsAreModern() {
    RelaySettings relay = relay(Flavour.OWN, "--forward-to=mx.example:25");
    assertThat(relay.smtp().listen()).containsExactly(new ListenAddress.Inet("127.0.0.1", 25));
    assertThat(relay.smtp().features())
        .contains(
            Feature.ENHANCEDSTATUSCODES,
            Feature.CHUNKING,
            Feature.SMTPUTF8,
            Feature.DSN,
            Feature.HELP)
        .doesNotContain(Feature.SMTPUTF8STRICT);
    assertThat(relay.smtp().bareLineEnds()).isEqualTo(SmtpSettings.LineEndPolicy.DEFAULT);
    assertThat(relay.forward().nextHop()).contains(new NextHop.Tcp("mx.example", 25));
    assertThat(relay.forward().triggers())
        .containsExactlyInAnyOrder(Trigger.STARTUP, Trigger.ARRIVAL);
    assertThat(relay.forward().connections()).isGreaterThan(1);
    assertThat(relay.forward().temporaryFailures()).isEqualTo(TemporaryFailures.KEEP);
    assertThat(relay.forward().features())
        .contains(ForwardSettings.Feature.PIPELINING, ForwardSettings.Feature.CHUNKING);
    assertThat(process(Flavour.OWN).log().volume()).isEqualTo(LogSettings.Volume.NORMAL);
    assertThat(warnings(Flavour.OWN)).isEmpty();
  }

  @Test
  void ownForwardsOnArrivalOnlyUnlessToldOtherwise() {
    assertThat(relay(Flavour.OWN, "-o", "h:1", "--poll=1h").forward().triggers()).isEmpty();
    assertThat(relay(Flavour.OWN, "-o", "h:1", "--immediate").forward().triggers()).isEmpty();
    assertThat(relay(Flavour.OWN, "-o", "h:1", "--forward-on-arrival=no").forward().triggers())
        .isEmpty();
    assertThat(relay(Flavour.OWN).forward().triggers()).isEmpty();
  }

  @Test
  void ownListensEverywhereForRemoteClients() {
    assertThat(relay(Flavour.OWN, "-r").smtp().listen()).isEqualTo(Configured.everywhere(25));
    assertThat(relay(Flavour.OWN, "-r", "-I", "::1,127.0.0.1", "-p", "0").smtp().listen())
        .containsExactly(new ListenAddress.Inet("::1", 0), new ListenAddress.Inet("127.0.0.1", 0));
  }

  @Test
  void asClientIsOneShot() {
    RelaySettings relay = relay(Flavour.DROP_IN, "--as-client", "mx:smtp");
    assertThat(relay.smtp().listen()).isEmpty();
    assertThat(relay.forward().nextHop()).contains(new NextHop.Tcp("mx", 25));
    assertThat(relay.forward().triggers()).containsExactly(Trigger.ONE_SHOT);
    ProcessSettings process = process(Flavour.DROP_IN, "-q", "mx:25");
    assertThat(process.ground()).isEqualTo(Ground.FOREGROUND);
    assertThat(process.log().volume()).isEqualTo(LogSettings.Volume.NORMAL);
    assertThat(process.log().standardError()).isEqualTo(LogSettings.StandardError.KEPT);
  }

  @Test
  void asClientWithPollGoesOn() {
    ForwardSettings forward = relay(Flavour.DROP_IN, "-q", "mx:25", "--poll", "10m").forward();
    assertThat(forward.triggers()).containsExactly(Trigger.STARTUP);
    assertThat(forward.poll()).contains(Duration.ofMinutes(10));
  }

  @Test
  void dontServeAndForwardIsOneShot() {
    assertThat(relay(Flavour.DROP_IN, "-x", "-f", "-o", "h:1").forward().triggers())
        .containsExactly(Trigger.ONE_SHOT);
    assertThat(relay(Flavour.DROP_IN, "-f", "-o", "h:1").forward().triggers())
        .containsExactly(Trigger.STARTUP);
  }

  @Test
  void asProxyForwardsOnDisconnect() {
    ForwardSettings forward = relay(Flavour.DROP_IN, "-y", "[::1]:2525").forward();
    assertThat(forward.nextHop()).contains(new NextHop.Tcp("::1", 2525));
    assertThat(forward.triggers()).containsExactly(Trigger.DISCONNECT);
    LogSettings log = process(Flavour.DROP_IN, "-y", "h:1").log();
    assertThat(log.volume()).isEqualTo(LogSettings.Volume.NORMAL);
    assertThat(log.standardError()).isEqualTo(LogSettings.StandardError.CLOSED);
  }

  @Test
  void asServerOnlyLogs() {
    assertThat(process(Flavour.DROP_IN, "-d").log().standardError())
        .isEqualTo(LogSettings.StandardError.CLOSED);
    assertThat(relay(Flavour.DROP_IN, "-d").forward().triggers()).isEmpty();
  }

  @Test
  void logFieldsComeFromSeveralOptions() {
    assertThat(process(Flavour.DROP_IN, "-lL", "--log-address").log().fields())
        .containsExactlyInAnyOrder(Field.TIME, Field.ADDRESS);
    assertThat(
            process(Flavour.DROP_IN, "-lg", "--log-format=unit,network", "--log-format=msgid,port")
                .log()
                .fields())
        .containsExactlyInAnyOrder(
            Field.UNIT, Field.ADDRESS, Field.PORT, Field.MSGID, Field.ORIGIN);
    assertThat(process(Flavour.OWN, "--log-format=json").log().form())
        .isEqualTo(LogSettings.Form.JSON);
    assertThat(process(Flavour.DROP_IN, "-lv").log().volume())
        .isEqualTo(LogSettings.Volume.VERBOSE);
    assertThat(process(Flavour.DROP_IN, "-lvv").log().volume())
        .isEqualTo(LogSettings.Volume.DETAIL);
  }

  @Test
  void warnsOfWhatIsMostLikelyNotMeant() {
    assertThat(warnings(Flavour.DROP_IN, "-dn")).singleElement().asString().contains("stand");
    assertThat(warnings(Flavour.DROP_IN, "-d", "-N", "x.log")).isEmpty();
    assertThat(warnings(Flavour.DROP_IN, "-N", "x.log")).singleElement().asString().contains("log");
    assertThat(warnings(Flavour.DROP_IN, "-i", "a,b")).singleElement().asString().contains("\"a\"");
    assertThat(warnings(Flavour.DROP_IN, "-l", "--log-format=tyme"))
        .containsExactly("unknown log-format item [tyme]");
    assertThat(warnings(Flavour.DROP_IN, "-Z", "chunky"))
        .containsExactly("unknown smtp-config item [chunky]");
    assertThat(warnings(Flavour.DROP_IN, "-m", "-o", "h:1")).hasSize(1);
    assertThat(warnings(Flavour.DROP_IN, "-D", "b\u00fccher.example")).hasSize(1);
  }

  @Test
  void aHostWithoutAFullNameIsWarnedOfOnce() {
    HostName bare = new HostName("box", HostName.Quality.BARE);
    ConfigResult.Ready ready =
        Configured.ready(Configured.read(Flavour.OWN, bare, () -> null, new String[0]));
    assertThat(ready.warnings()).hasSize(1);
    assertThat(ready.settings().relays().getFirst().forward().domain()).isEqualTo("box");
  }
}
