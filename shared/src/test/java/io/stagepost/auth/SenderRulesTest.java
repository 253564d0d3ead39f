package io.stagepost.auth;

import static io.stagepost.auth.Clients.await;
import static io.stagepost.auth.Clients.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SenderRulesTest {

  @TempDir private Path directory;
  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() {
    await(vertx.close());
  }

  private Path file(String text) throws IOException {
    return Files.writeString(directory.resolve("senders"), text);
  }

  @Test
  void usersMayUseTheirAddressesOnly() throws IOException {
    Path file =
        file("# users\nalice Alice@example.org @sub.example.org\nbob+20b\n\nadmin *\n* x@y.test\n");
    SenderRules rules = await(SenderRules.open(vertx, file, Clients.LOG));
    assertThat(rules.mayUse("alice", "alice@EXAMPLE.org")).isTrue();
    assertThat(rules.mayUse("alice", "any@sub.example.org")).isTrue();
    assertThat(rules.mayUse("alice", "bob@example.org")).isFalse();
    assertThat(rules.mayUse("alice", "x@y.test")).isFalse();
    assertThat(rules.mayUse("alice", "a@evil.test@sub.example.org")).isTrue();
    assertThat(rules.mayUse("alice", "sub.example.org")).isFalse();
    assertThat(rules.mayUse("bob b", "x@y.test")).isFalse();
    assertThat(rules.mayUse("bob b", "")).isTrue();
    assertThat(rules.mayUse("admin", "who@ever.test")).isTrue();
    assertThat(rules.mayUse("nobody", "x@y.test")).isTrue();
    assertThat(rules.mayUse("nobody", "y@y.test")).isFalse();
    assertThat(SenderRules.NONE.mayUse("nobody", "y@y.test")).isTrue();
  }

  @Test
  void problemsAreToldWithTheirLines() throws IOException {
    Path file = file("a b@c\na d@e\nx=y a@b\nz nonsense\n");
    assertThat(failure(SenderRules.open(vertx, file, Clients.LOG)))
        .isInstanceOfSatisfying(
            AccountsException.class,
            e ->
                assertThat(e.problems())
                    .containsExactly(
                        "problems reading senders file [" + file + "]...",
                        file + "(2): duplicate user",
                        file + "(3): invalid xtext encoding of user",
                        file + "(4): not an address: [nonsense]"));
  }
}
