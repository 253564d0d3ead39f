package io.stagepost.deploy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.stagepost.deploy.PopProgram.Action;
import io.stagepost.deploy.PopProgram.Fetch;
import io.stagepost.deploy.PopProgram.Way;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Mail programs fetch from the assembled relay, in the clear and encrypted, with every login they
 * know, and keep or delete what is there.
 */
class PopInteroperabilityTest {

  private static final String MESSAGE =
      "From: a@example.com\r\nSubject: fetched\r\n\r\n.\r\n..dots\r\n\u00e4\u00f6\u00fc\r\n\r\nend\r\n";

  @TempDir static Path directory;
  private static PopRelay relay;

  @BeforeAll
  static void start() throws IOException {
    relay = PopRelay.start(directory, List.of());
  }

  @AfterAll
  static void stop() {
    relay.close();
  }

  @TestFactory
  @Tag("curl")
  Stream<DynamicTest> curl() {
    return visits(PopProgram.CURL);
  }

  @TestFactory
  @Tag("mpop")
  Stream<DynamicTest> mpop() {
    return visits(PopProgram.MPOP);
  }

  @TestFactory
  @Tag("fetchmail")
  Stream<DynamicTest> fetchmail() {
    return visits(PopProgram.FETCHMAIL);
  }

  @TestFactory
  @Tag("getmail")
  Stream<DynamicTest> getmail() {
    return visits(PopProgram.GETMAIL);
  }

  @TestFactory
  @Tag("mutt")
  Stream<DynamicTest> mutt() {
    return visits(PopProgram.MUTT);
  }

  @TestFactory
  @Tag("python")
  Stream<DynamicTest> poplib() {
    return visits(PopProgram.PYTHON);
  }

  /** Each login keeps once and deletes once; which way it goes does not matter for that. */
  private static Stream<DynamicTest> visits(PopProgram program) {
    return Arrays.stream(Way.values())
        .filter(program::knows)
        .flatMap(
            way ->
                program.logins().stream()
                    .flatMap(
                        login ->
                            Arrays.stream(Action.values())
                                .map(action -> visit(program, way, login, action))));
  }

  private static DynamicTest visit(PopProgram program, Way way, String login, Action action) {
    return DynamicTest.dynamicTest(
        way + " " + login + " " + action, () -> fetch(program, way, login, action));
  }

  private static void fetch(PopProgram program, Way way, String login, Action action)
      throws IOException {
    Path target = Files.createTempDirectory(directory, "fetch");
    Path stored = relay.put("1.M1.host", MESSAGE);
    int port = way == Way.TLS ? relay.tlsPort() : relay.port();
    program.fetch(new Fetch(port, way, login, action, target)).forEach(Command::succeed);
    String fetched = Files.readString(target.resolve("mail"), ISO_8859_1).replace("\r\n", "\n");
    assertThat(fetched).contains("Subject: fetched\n").contains(body());
    assertThat(Files.exists(stored)).isEqualTo(action == Action.KEEP);
    Files.deleteIfExists(stored);
  }

  private static String body() {
    return MESSAGE.substring(MESSAGE.indexOf("\r\n\r\n") + 4).replace("\r\n", "\n");
  }
}
