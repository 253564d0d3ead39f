package io.stagepost.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.stagepost.net.ListenAddress;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/** Reads configuration for tests: as a known command on a known host. */
final class Configured {

  static final Path APP = Path.of("/opt/app");
  static final Path START = Path.of("/start");

  private Configured() {}

  /** Both families' sockets for all addresses. */
  static List<ListenAddress> everywhere(int port) {
    return List.of(new ListenAddress.Inet("0.0.0.0", port), new ListenAddress.Inet("::", port));
  }

  static ConfigResult read(Flavour flavour, String... words) {
    return read(flavour, Configured::noVertx, words);
  }

  static ConfigResult read(Flavour flavour, Supplier<Vertx> vertx, String... words) {
    return read(flavour, new HostName("host.example", HostName.Quality.FULL), vertx, words);
  }

  static ConfigResult read(Flavour flavour, HostName host, Supplier<Vertx> vertx, String... words) {
    String program = flavour == Flavour.DROP_IN ? "emailrelay" : "stagepost";
    Invocation invocation =
        new Invocation(flavour, program, List.of(words), APP, START, () -> host);
    return Configuration.read(invocation, vertx).toCompletionStage().toCompletableFuture().join();
  }

  static ConfigResult.Ready ready(ConfigResult result) {
    assertThat(result).isInstanceOf(ConfigResult.Ready.class);
    return (ConfigResult.Ready) result;
  }

  static RelaySettings relay(Flavour flavour, String... words) {
    return ready(read(flavour, words)).settings().relays().getFirst();
  }

  static ProcessSettings process(Flavour flavour, String... words) {
    return ready(read(flavour, words)).settings().process();
  }

  static List<String> warnings(Flavour flavour, String... words) {
    return ready(read(flavour, words)).warnings();
  }

  /** The lines of a failure without the hint at their end. */
  static List<String> errors(ConfigResult result) {
    assertThat(result).isInstanceOf(ConfigResult.Failed.class);
    ConfigResult.Failed failed = (ConfigResult.Failed) result;
    assertThat(failed.exitCode()).isEqualTo(1);
    assertThat(failed.lines().getLast()).startsWith("  ").contains(" --help --verbose");
    return failed.lines().subList(0, failed.lines().size() - 1);
  }

  private static Vertx noVertx() {
    throw new AssertionError("there is no file to be read");
  }
}
