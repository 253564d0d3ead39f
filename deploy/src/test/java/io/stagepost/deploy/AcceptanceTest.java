package io.stagepost.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.stagepost.deploy.Command.Result;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** {@code bin/emailrelay} as a black box, driven by the Python scripts of {@code acceptance}. */
class AcceptanceTest {

  private static final String SCRIPT =
      Distribution.DEPLOY.resolve("src/test/python/acceptance/run.py").toString();

  @TestFactory
  Stream<DynamicTest> acceptance() {
    return run("list")
        .out()
        .lines()
        .map(name -> DynamicTest.dynamicTest(name, () -> assertPasses(name)));
  }

  private static void assertPasses(String name) {
    Result result = run(name);
    assertThat(result.exitCode()).as(result.all()).isZero();
  }

  private static Result run(String word) {
    return Command.of("python3", SCRIPT, word)
        .environment("STAGEPOST_HOME", Distribution.HOME.toString())
        .environment("JAVA_HOME", Distribution.javaHome().toString())
        .environment("PYTHONDONTWRITEBYTECODE", "1")
        .run();
  }
}
