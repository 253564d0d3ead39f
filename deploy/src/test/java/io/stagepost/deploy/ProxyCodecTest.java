package io.stagepost.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A distribution without the library that reads PROXY headers. */
class ProxyCodecTest {

  @TempDir Path directory;
  private Path home;

  @BeforeEach
  void copyWithout() throws IOException {
    home = directory.resolve("stagepost");
    try (Stream<Path> files = Files.walk(Distribution.HOME)) {
      files
          .filter(file -> !file.getFileName().toString().startsWith("netty-codec-haproxy"))
          .filter(file -> !file.toString().endsWith(".aot"))
          .forEach(this::copy);
    }
  }

  private void copy(Path file) {
    try {
      Files.copy(file, home.resolve(Distribution.HOME.relativize(file).toString()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void theStartIsRefusedWhereHeadersAreExpected() {
    try (Relay relay = serving("refused", "--proxy-protocol-from=127.0.0.1").start()) {
      assertThat(relay.await()).isEqualTo(1);
      assertThat(relay.log())
          .contains(
              "error: cannot read the PROXY headers of \"proxy-protocol-from\":"
                  + " netty-codec-haproxy is missing")
          .doesNotContain("smtp server on");
    }
  }

  @Test
  void nothingIsMissedWhereNoneAre() {
    try (Relay relay = serving("served").listening()) {
      assertThat(relay.stop()).isEqualTo(143);
    }
  }

  private Relay.Launch serving(String spool, String... options) {
    return Relay.of(home.resolve("bin/stagepost"))
        .options("--no-daemon", "--log", "--domain", "relay.localdomain", "--port", "0")
        .options("--interface", "127.0.0.1", "--spool-dir", spool(spool))
        .options(options);
  }

  private String spool(String name) {
    try {
      return Files.createDirectory(directory.resolve(name)).toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
