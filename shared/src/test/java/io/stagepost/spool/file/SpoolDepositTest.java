package io.stagepost.spool.file;

import static io.stagepost.spool.Await.await;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stagepost.smtp.BodyType;
import io.stagepost.spool.DsnRequest;
import io.stagepost.spool.Envelope;
import io.stagepost.spool.Envelope.Origin;
import io.stagepost.spool.Envelope.Recipients;
import io.stagepost.spool.MessageId;
import io.stagepost.spool.Spool.State;
import io.stagepost.spool.file.FaultyDisk.Call;
import io.stagepost.spool.file.SpoolDeposit.Draft;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpoolDepositTest {

  private static final Envelope ENVELOPE =
      Envelope.received(
          BodyType.UNKNOWN,
          "a@b.c",
          Recipients.remote(List.of("d@e.f")),
          Origin.of("127.0.0.1"),
          DsnRequest.NONE);

  @TempDir Path directory;
  private final FaultyDisk disk = new FaultyDisk();

  @ParameterizedTest
  @CsvSource({
    "CREATE,.content.new",
    "WRITE,.content.new",
    "SYNC,.content.new",
    "RENAME,.content",
    "CREATE,.envelope.new",
    "WRITE,.envelope.new",
    "SYNC,.envelope.new",
    "RENAME,.envelope"
  })
  void D3_failureLeavesNothing(Call call, String suffix) throws IOException {
    disk.fail(call, suffix, "No space left on device");
    assertThatThrownBy(this::deposit).hasMessage("No space left on device");
    assertThat(directory).isEmptyDirectory();
    disk.heal();
    deposit();
    assertThat(directory).isDirectoryContaining("glob:**.envelope");
  }

  @Test
  void everythingIsOnTheDiskBeforeItIsSeen() throws IOException {
    List<String> calls = new ArrayList<>();
    disk.trap(
        (call, path) -> {
          String name = String.valueOf(path.getFileName());
          calls.add(call + name.replaceFirst("emailrelay(\\.\\d+){3}", ""));
        });
    deposit();
    assertThat(calls)
        .containsSubsequence(
            "SYNC.content.new",
            "SYNC.envelope.new",
            "RENAME.content",
            "RENAME.envelope",
            "SYNC_DIRECTORY" + directory.getFileName());
  }

  @Test
  void openSpoolNoticesIt() throws Exception {
    Vertx vertx = Vertx.vertx();
    FileSpool spool = FileSpool.create(vertx, FileSpoolOptions.defaults(directory));
    BlockingQueue<MessageId> arrived = new LinkedBlockingQueue<>();
    spool.onArrival(arrived::add);
    await(spool.open());
    try {
      MessageId id = deposit();
      assertThat(arrived.poll(20, TimeUnit.SECONDS)).isEqualTo(id);
      assertThat(spool.count(State.READY)).isOne();
    } finally {
      await(spool.close());
      await(vertx.close());
    }
  }

  @Test
  void closedDepositTakesNothingMore() throws IOException {
    SpoolDeposit deposit = SpoolDeposit.into(directory, disk);
    Draft draft = deposit.begin();
    draft.write("x".getBytes(US_ASCII));
    deposit.close();
    assertThat(directory).isEmptyDirectory();
    assertThatThrownBy(() -> draft.commit(ENVELOPE)).isInstanceOf(IOException.class);
    assertThatThrownBy(deposit::begin).isInstanceOf(IOException.class);
    assertThat(directory).isDirectoryNotContaining("glob:**.envelope");
  }

  @Test
  void stemsOfARelayOfTheSameProcessNumberAreLeftAlone() throws IOException {
    try (SpoolDeposit probe = SpoolDeposit.into(directory, disk)) {
      String[] parts = probe.begin().id().value().split("\\.");
      for (int i = 0; i < 100; i++) {
        long second = Long.parseLong(parts[2]) + i;
        Files.createFile(directory.resolve(".stagepost.node." + parts[1] + "." + second));
      }
    }
    String stem = deposit().value();
    String owner =
        ".stagepost.node." + stem.substring("emailrelay.".length(), stem.lastIndexOf('.'));
    assertThat(directory.resolve(owner)).doesNotExist();
  }

  @Test
  void whatAKilledProcessLeftGoesWhenItIsOld() throws IOException {
    Path old = left("emailrelay.1.2.3", Duration.ofHours(2));
    Path fresh = left("emailrelay.1.2.4", Duration.ofMinutes(1));
    try (SpoolDeposit living = SpoolDeposit.into(directory, disk)) {
      Path slow = living.begin().written();
      age(slow, Duration.ofDays(2));
      inOpenSpool(
          spool -> {
            assertThat(old).doesNotExist();
            assertThat(directory.resolve("emailrelay.1.2.3.envelope.new")).doesNotExist();
            assertThat(fresh).exists();
            assertThat(slow).exists();
            age(fresh, Duration.ofHours(2));
            await(spool.rescan());
            assertThat(fresh).doesNotExist();
            assertThat(slow).exists();
          });
    }
  }

  @Test
  void whatAnotherProcessStillWritesStaysHoweverOldItIs() throws Exception {
    Path slow = left("emailrelay.1.2.3", Duration.ofDays(2));
    // A lock of this process would end when the spool looks at the file.
    Process other =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                LockHolder.class.getName(),
                slow.toString())
            .start();
    try {
      assertThat(other.inputReader().readLine()).isEqualTo("locked");
      inOpenSpool(spool -> assertThat(slow).exists());
    } finally {
      other.destroyForcibly().waitFor();
    }
    inOpenSpool(spool -> assertThat(slow).doesNotExist());
  }

  private MessageId deposit() throws IOException {
    try (SpoolDeposit deposit = SpoolDeposit.into(directory, disk)) {
      Draft draft = deposit.begin();
      draft.write("Subject: x\r\n\r\n".getBytes(US_ASCII));
      draft.commit(ENVELOPE);
      return draft.id();
    }
  }

  private Path left(String stem, Duration age) throws IOException {
    Files.writeString(directory.resolve(stem + ".envelope.new"), "x");
    Path content = Files.writeString(directory.resolve(stem + ".content.new"), "x");
    age(content, age);
    return content;
  }

  private static void age(Path file, Duration age) throws IOException {
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(age)));
  }

  private interface Check {
    void check(FileSpool spool) throws IOException;
  }

  private void inOpenSpool(Check check) throws IOException {
    Vertx vertx = Vertx.vertx();
    FileSpool spool = FileSpool.create(vertx, FileSpoolOptions.defaults(directory));
    try {
      await(spool.open());
      check.check(spool);
    } finally {
      await(spool.close());
      await(vertx.close());
    }
  }
}
