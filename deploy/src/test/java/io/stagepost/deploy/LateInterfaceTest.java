package io.stagepost.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A network interface that gets its address while the relay runs, in a network of its own. */
@Tag("iproute2")
class LateInterfaceTest {

  @TempDir Path directory;

  @Test
  void isListenedOnAsSoonAsItHasAnAddress() {
    try (Relay relay =
        Relay.of(Path.of("/usr/bin/unshare"))
            .options("--net", Distribution.program("stagepost").toString(), "--no-daemon", "--log")
            .options("--domain", "relay.localdomain", "--spool-dir", directory.toString())
            .options("--interface", "late0-ipv4", "--port", "2525")
            .start()) {
      relay.awaitLine(line -> line.contains("warning: no address on interface \"late0\""));
      inItsNetwork(relay, "ip", "link", "add", "late0", "type", "veth", "peer", "name", "late1");
      inItsNetwork(relay, "ip", "address", "add", "10.9.8.7/24", "dev", "late0");
      for (String name : List.of("lo", "late1", "late0")) {
        inItsNetwork(relay, "ip", "link", "set", name, "up");
      }
      relay.awaitLine(line -> line.contains("smtp server on 10.9.8.7:2525"));
      Command.Result greeting =
          inItsNetwork(
              relay, "bash", "-c", "read -r line < /dev/tcp/10.9.8.7/2525; echo \"$line\"");
      assertThat(greeting.out()).startsWith("220 ");
    }
  }

  private static Command.Result inItsNetwork(Relay relay, String... words) {
    return Command.of("nsenter", "--net", "--target", Long.toString(relay.pid()))
        .with(List.of(words))
        .succeed();
  }
}
