package io.stagepost.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients at an address that is not local, in a network of their own. */
@Tag("iproute2")
class OutsideClientsTest {

  private static final String OUTSIDE = "203.0.113.5";

  @TempDir Path directory;

  @Test
  void r1ReachNeitherPopNorAdministration() throws IOException {
    Path secrets = Files.writeString(directory.resolve("secrets"), "server plain alice e+3Dmc2\n");
    String relay = Distribution.program("emailrelay").toString();
    String spool = Files.createDirectory(directory.resolve("spool")).toString();
    try (Relay outside =
        Relay.of(Path.of("/usr/bin/unshare"))
            .options(
                "--net",
                "sh",
                "-c",
                "ip address add " + OUTSIDE + "/32 dev lo; ip link set lo up; exec \"$@\"")
            .options("sh", relay, "--no-daemon", "--log", "--user", "root", "--spool-dir", spool)
            .options("--domain", "relay.localdomain", "--port", "2525", "--interface", "0.0.0.0")
            .options("--pop", "--pop-port", "1100", "--pop-auth", secrets.toString())
            .options("--admin", "4025")
            .start()) {
      outside.awaitLine(line -> line.contains("admin server on 0.0.0.0:4025"));
      for (String port : List.of("1100", "4025")) {
        assertThat(said(outside, OUTSIDE, port)).as(port).isEmpty();
        assertThat(said(outside, "127.0.0.1", port)).as(port).isNotEmpty();
      }
      for (String server : List.of("pop", "admin")) {
        outside.awaitLine(
            line ->
                line.contains(
                    "configured to reject non-local " + server + " connection: " + OUTSIDE));
      }
    }
  }

  private static String said(Relay relay, String address, String port) {
    String talk =
        "exec 3<> /dev/tcp/" + address + "/" + port + "; printf 'quit\\r\\n' >&3; cat <&3";
    if (port.equals("4025")) {
      talk = talk.replace("quit", "pid\\r\\nquit");
    }
    return Command.of(
            "nsenter", "--net", "--target", Long.toString(relay.pid()), "bash", "-c", talk)
        .run()
        .out();
  }
}
