package io.stagepost.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@code stagepost config check} says of each of many broken files, word for word. */
@ExtendWith(VertxExtension.class)
class BrokenFilesTest {

  private static final Path FILES = Path.of("src/test/resources/config/broken").toAbsolutePath();

  private Vertx vertx;

  @BeforeEach
  void keep(Vertx vertx) {
    this.vertx = vertx;
  }

  static List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(FILES)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.endsWith(".expected"))
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void isToldExactly(String name) throws IOException {
    Path file = FILES.resolve(name);
    ConfigCommand.Outcome outcome = ConfigCommandTest.run(vertx, "check", file.toString());
    assertThat(outcome.out().replace(file.toString(), name))
        .isEqualTo(Files.readString(FILES.resolve(name + ".expected")));
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.err()).isEmpty();
  }
}
