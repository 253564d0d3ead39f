package io.stagepost.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.stagepost.auth.SecretsEditor.Change;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SecretsEditorTest {

  @TempDir private Path directory;

  @Test
  void onlyTheAccountChanges() throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("secrets"),
            """
            # mine
            server plain alice x # old
            client plain alice y

            server none 127.0.0.1 alice
            server plain bob x
            server plain:b YWxpY2U= eA==
            """);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    assertThat(SecretsEditor.set(file, "alice", SecretForm.PLAIN, "new")).isEqualTo(Change.CHANGED);
    assertThat(file)
        .hasContent(
            """
            # mine
            server plain alice new
            client plain alice y

            server none 127.0.0.1 alice
            server plain bob x
            """);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-r-----");
    assertThat(SecretsEditor.set(file, "c d", SecretForm.PLAIN, "z")).isEqualTo(Change.ADDED);
    assertThat(Files.readAllLines(file)).endsWith("server plain c+20d z");
    assertThat(SecretsEditor.delete(file, "bob")).isEqualTo(Change.DELETED);
    assertThat(SecretsEditor.delete(file, "bob")).isEqualTo(Change.NOTHING);
    assertThat(Files.readString(file)).doesNotContain("bob");
    try (var files = Files.list(directory)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void aNewFileIsItsOwnersOnly() throws IOException {
    Path file = directory.resolve("new");
    assertThat(SecretsEditor.set(file, "alice", SecretForm.PLAIN, "x")).isEqualTo(Change.ADDED);
    assertThat(file).hasContent("server plain alice x\n");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(SecretsEditor.delete(directory.resolve("none"), "a")).isEqualTo(Change.NOTHING);
  }

  @Test
  void aLinkStaysOne() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "");
    Path link = Files.createSymbolicLink(directory.resolve("link"), file);
    SecretsEditor.set(link, "alice", SecretForm.PLAIN, "x");
    assertThat(link).isSymbolicLink();
    assertThat(file).hasContent("server plain alice x\n");
  }

  @ParameterizedTest
  @EnumSource
  void whateverIsMadeCanBeRead(SecretForm form) throws IOException {
    Path file = directory.resolve("secrets");
    SecretsEditor.set(file, "alice", form, form.make(SlowHash.octets("a b=c")));
    SecretsFile read = SecretsParser.parse(Files.readString(file));
    assertThat(read.problems()).isEmpty();
    assertThat(read.warnings()).isEmpty();
    ServerAccounts accounts = ServerAccounts.of(read);
    boolean isCram = form.name().startsWith("CRAM");
    Verdict verdict =
        isCram
            ? accounts.cram(
                HmacHash.ofMechanism(form.name().replace('_', '-')),
                "alice",
                new byte[] {1},
                HmacKey.of(
                        HmacHash.ofMechanism(form.name().replace('_', '-')),
                        SlowHash.octets("a b=c"))
                    .mac(new byte[] {1}))
            : accounts.password("alice", SlowHash.octets("a b=c"));
    assertThat(verdict.finding()).isEqualTo(Verdict.Finding.TRUE);
    assertThat(accounts.password("alice", SlowHash.octets("a b")).finding())
        .isEqualTo(Verdict.Finding.FALSE);
  }
}
