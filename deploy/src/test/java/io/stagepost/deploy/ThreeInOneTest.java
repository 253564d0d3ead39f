package io.stagepost.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three relays in one process, as advanced users of E-MailRelay run them. */
class ThreeInOneTest {

  @TempDir Path directory;

  private List<String> lines() {
    return """
        no-daemon
        log
        verbose
        log-time
        log-format unit,network
        pid-file %1$s/emailrelay.pid
        user root
        in-spool-dir %1$s/in
        in-port 0
        in-interface 127.0.0.1
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
        out-spool-dir %1$s/out
        out-port 0
        out-interface 127.0.0.1
        out-domain example.com
        out-forward-on-disconnect
        out-forward-to-some
        out-poll 60
        out-address-verifier account:check
        out-delivery-dir %1$s/in
        out-filter msgid:
        out-client-filter mx:
        out-forward-to 127.0.0.1:588
        out-poll-run retry:5
        other-spool-dir %1$s/other
        other-port 0
        other-interface 127.0.0.1
        other-domain example.com
        other-client-tls
        other-client-auth plain:YWxpY2U=:c2VjcmV0
        other-forward-to 127.0.0.1:587
        other-poll 3600
        """
        .formatted(directory)
        .lines()
        .toList();
  }

  @Test
  void startsFromAFile() throws IOException {
    for (String spool : List.of("in", "out", "other")) {
      Files.createDirectory(directory.resolve(spool));
    }
    Path file = Files.write(directory.resolve("emailrelay.conf"), lines());
    try (Relay relay =
        Relay.of(Distribution.program("emailrelay")).options(file.toString()).start()) {
      checkAndStop(relay);
    }
  }

  @Test
  void startsFromTheCommandLine() throws IOException {
    for (String spool : List.of("in", "out", "other")) {
      Files.createDirectory(directory.resolve(spool));
    }
    String[] words =
        lines().stream()
            .flatMap(line -> Stream.of(("--" + line).split(" ", 2)))
            .toArray(String[]::new);
    try (Relay relay = Relay.of(Distribution.program("emailrelay")).options(words).start()) {
      checkAndStop(relay);
    }
  }

  @Test
  void isChecked() throws IOException {
    Path file = Files.write(directory.resolve("emailrelay.conf"), lines());
    Command.Result good = config("check", file).succeed();
    assertThat(good.out()).endsWith(file + ": good\n");
    Path relayConf =
        Files.writeString(directory.resolve("relay.conf"), config("convert", file).succeed().out());
    config("check", relayConf).succeed();
    Files.writeString(file, "prot 25\n");
    Command.Result bad = config("check", file).run();
    assertThat(bad.exitCode()).isEqualTo(1);
    assertThat(bad.out()).contains(file + ", line 1: ").contains("did you mean \"port\"?");
  }

  private static Command config(String command, Path file) {
    return Command.of(
        Distribution.program("stagepost").toString(), "config", command, file.toString());
  }

  private void checkAndStop(Relay relay) {
    for (String name : List.of("in", "out", "other")) {
      relay.awaitLine(line -> line.contains("[" + name + "] smtp server on 127.0.0.1:"));
    }
    assertThat(relay.log()).doesNotContain("other-client-auth").doesNotContain("YWxpY2U=");
    assertThat(relay.stop()).isEqualTo(143);
  }
}
