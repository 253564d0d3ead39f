package io.stagepost.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A secrets file that changes while it is used. */
class WatchedFileTest {

  @TempDir private Path directory;
  private final AtomicLong nanos = new AtomicLong();
  private Path path;
  private WatchedFile<ServerAccounts> file;

  @BeforeEach
  void open() throws IOException, AccountsException {
    path = Files.writeString(directory.resolve("secrets"), "server plain alice x\n");
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
    file =
        new WatchedFile<>(
            path,
            new SecretsContent<>(ServerAccounts::of),
            ServerAccounts.NONE,
            Clients.LOG,
            nanos::get);
    file.open();
  }

  private boolean lets(String user, String password) {
    return file.current().password(user, SlowHash.octets(password)).finding()
        == Verdict.Finding.TRUE;
  }

  private void later() {
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(2));
    file.refresh();
  }

  @Test
  void aChangedFileIsReadAgainAtMostOnceASecond() throws IOException {
    Files.writeString(path, "server plain bob longer\n");
    file.refresh();
    assertThat(lets("alice", "x")).isTrue();
    try (LogLines log = LogLines.listening()) {
      later();
      assertThat(log.lines()).containsExactly("info: re-reading secrets file: " + path);
    }
    assertThat(lets("alice", "x")).isFalse();
    assertThat(lets("bob", "longer")).isTrue();
  }

  @Test
  void anUnchangedFileIsNotReadAgain() {
    try (LogLines log = LogLines.listening()) {
      later();
      later();
      assertThat(log.lines()).isEmpty();
    }
  }

  @Test
  void aFileThatWasReplacedIsReadAgainWhateverItsTime() throws IOException {
    Path other = Files.writeString(directory.resolve("other"), "server plain alice y\n");
    Files.setLastModifiedTime(other, Files.getLastModifiedTime(path));
    Files.move(other, path, StandardCopyOption.REPLACE_EXISTING);
    later();
    assertThat(lets("alice", "y")).isTrue();
  }

  @Test
  void b25ABrokenOrMissingFileLeavesTheAccountsAsTheyWere() throws IOException {
    Files.writeString(path, "server plain alice\n");
    try (LogLines log = LogLines.listening()) {
      later();
      later();
      assertThat(log.lines())
          .containsExactly(
              "info: re-reading secrets file: " + path,
              "warn: problems reading secrets file [" + path + "]...",
              "warn: " + path + "(1): too few fields",
              "warn: still using what was read before from secrets file: " + path);
    }
    assertThat(lets("alice", "x")).isTrue();
    Files.delete(path);
    try (LogLines log = LogLines.listening()) {
      later();
      later();
      assertThat(log.lines())
          .containsSubsequence("warn: cannot read secrets file: " + path)
          .hasSize(3);
    }
    assertThat(lets("alice", "x")).isTrue();
    Files.writeString(path, "server plain alice z\n");
    later();
    assertThat(lets("alice", "z")).isTrue();
  }

  @Test
  void aFileThatEverybodyCanReadIsTold() throws IOException, AccountsException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-r--r--"));
    try (LogLines log = LogLines.listening()) {
      file.open();
      assertThat(log.lines())
          .containsExactly("warn: secrets file is readable by everybody: " + path);
    }
  }
}
