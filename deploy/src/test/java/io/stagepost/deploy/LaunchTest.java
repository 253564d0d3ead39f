package io.stagepost.deploy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.stagepost.deploy.Command.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The programs as somebody at a terminal meets them. */
class LaunchTest {

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"stagepost", "emailrelay"})
  void helpAndVersionGoToStandardOutput(String program) {
    for (String option : List.of("--help", "--version")) {
      Result result = Command.of(Distribution.program(program).toString(), option).succeed();
      assertThat(result.out()).isNotBlank();
      assertThat(result.err()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"stagepost", "emailrelay"})
  void unknownOptionIsNamedInOneLine(String program) {
    Result result =
        Command.of(Distribution.program(program).toString(), "--no-deamon", "--log").run();
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.out()).isEmpty();
    assertThat(result.err())
        .startsWith(program + ": error: ")
        .contains("--no-deamon")
        .contains("--no-daemon")
        .doesNotContain("Exception");
  }

  @Test
  void startsThroughALinkAndWithoutJavaInTheEnvironment() throws IOException {
    Path link =
        Files.createSymbolicLink(directory.resolve("stagepost"), Distribution.program("stagepost"));
    Result result = Command.of("env", "-i", link.toString(), "--version").succeed();
    assertThat(result.out()).isNotBlank();
  }

  @Test
  void startsWithoutTheCacheOfLoadedClasses() throws IOException {
    Path copy = directory.resolve("copy");
    Command.of("cp", "-r", Distribution.HOME.toString(), copy.toString()).succeed();
    try (Stream<Path> files = Files.list(copy.resolve("lib"))) {
      for (Path file : files.filter(LaunchTest::isCache).toList()) {
        Files.write(file, "not a cache".getBytes(UTF_8));
      }
    }
    Result result = Command.of(copy.resolve("bin/stagepost").toString(), "--version").succeed();
    assertThat(result.out()).isNotBlank();
    assertThat(result.err()).isEmpty();
  }

  @Test
  void theBuildMadeACacheOfLoadedClasses() throws IOException {
    try (Stream<Path> files = Files.list(Distribution.HOME.resolve("lib"))) {
      // One for the relay, and small ones for the programs that hand it a message and for
      // operators.
      assertThat(files.filter(LaunchTest::isCache)).hasSize(3);
    }
  }

  @Test
  void aSecondServerOnThePortEndsWithCode2() throws IOException {
    try (Relay first = Relay.serving(Files.createDirectory(directory.resolve("a"))).listening();
        Relay second =
            Relay.on(Files.createDirectory(directory.resolve("b")))
                .options("--interface", "127.0.0.1", "--port", Integer.toString(first.port()))
                .start()) {
      assertThat(second.await()).isEqualTo(2);
      assertThat(second.log())
          .contains("cannot listen on 127.0.0.1:" + first.port() + ": Address already in use");
    }
  }

  @Test
  void theSampleConfigurationWorks() throws IOException {
    Path spool = Files.createDirectory(directory.resolve("spool"));
    String sample = Files.readString(Distribution.HOME.resolve("conf/relay.conf"));
    Path file =
        Files.writeString(
            directory.resolve("relay.conf"),
            sample
                .replace("/var/spool/stagepost", spool.toString())
                .replace("port = 25", "port = 0"));
    try (Relay relay =
        Relay.of(Distribution.program("stagepost"))
            .options("--no-daemon", "--config", file.toString())
            .listening()) {
      assertThat(relay.port()).isPositive();
    }
  }

  @Test
  @Tag("curl")
  void theCommandThatRunPrintsPutsItsMessageIntoTheSpool() throws IOException {
    Path spool = Files.createDirectory(directory.resolve("spool"));
    try (Relay relay =
        Relay.of(Distribution.DEPLOY.resolve("run"))
            .options("--port", "0", "--spool-dir", spool.toString())
            // Whoever runs it after the tests is to be told the first password.
            .environment("STAGEPOST_VAR", directory.resolve("var").toString())
            .listening()) {
      List<String> said = relay.log().lines().map(String::strip).toList();
      int start = indexOfStart(said, "printf ");
      String command = said.get(start) + " " + said.get(start + 1);
      assertThat(said).anyMatch(line -> line.endsWith(spool.toString()));
      String address = "127.0.0.1:" + relay.port();
      Command.of("sh", "-c", command.replace("127.0.0.1:0", address)).succeed();
    }
    String content = Files.readString(only(spool, ".content"), ISO_8859_1);
    String message =
        """
        From: you@example.com
        To: friend@example.com
        Subject: first message

        Hello from Stagepost.
        """;
    assertThat(content)
        .matches(
            Pattern.compile(
                "Received: from \\S+ \\(\\[127\\.0\\.0\\.1]\\) by \\S+ with ESMTP ; [^\r\n]+\r\n"
                    + Pattern.quote(message.replace("\n", "\r\n"))));
    assertThat(Files.readString(only(spool, ".envelope"), ISO_8859_1))
        .contains("X-MailRelay-From: you@example.com\r\n")
        .contains("X-MailRelay-To-Remote: friend@example.com\r\n");
  }

  private static int indexOfStart(List<String> lines, String start) {
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).startsWith(start)) {
        return i;
      }
    }
    throw new AssertionError("no line starts with " + start + "\n" + String.join("\n", lines));
  }

  private static Path only(Path spool, String suffix) throws IOException {
    try (Stream<Path> files = Files.list(spool)) {
      List<Path> found = files.filter(f -> f.toString().endsWith(suffix)).toList();
      assertThat(found).hasSize(1);
      return found.getFirst();
    }
  }

  private static boolean isCache(Path file) {
    String name = file.getFileName().toString();
    return name.endsWith(".aot") || name.endsWith(".jsa");
  }
}
