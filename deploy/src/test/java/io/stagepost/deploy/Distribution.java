package io.stagepost.deploy;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where the assembled relay and the scripts around it are. */
final class Distribution {

  /** The module's directory, where its tests run. */
  static final Path DEPLOY = Path.of("").toAbsolutePath();

  /** The assembled distribution. */
  static final Path HOME = DEPLOY.resolve("target/stagepost");

  private Distribution() {}

  /** A program of the distribution, for instance {@code stagepost}. */
  static Path program(String name) {
    Path program = HOME.resolve("bin").resolve(name);
    if (!Files.isExecutable(program)) {
      throw new IllegalStateException("no " + program + ": run the package phase first");
    }
    return program;
  }

  /** The Java home that the distribution was made with. */
  static Path javaHome() {
    return Path.of(System.getProperty("java.home"));
  }
}
