package io.stagepost.spool.file;

import static io.stagepost.spool.Await.await;
import static io.stagepost.spool.Await.failure;
import static io.stagepost.spool.SampleMail.store;
import static org.assertj.core.api.Assertions.assertThat;

import io.stagepost.spool.Await;
import io.stagepost.spool.Claim;
import io.stagepost.spool.Claim.Deferral;
import io.stagepost.spool.Claim.Failure;
import io.stagepost.spool.MessageId;
import io.stagepost.spool.SampleMail;
import io.stagepost.spool.Spool.State;
import io.stagepost.spool.SpoolException;
import io.stagepost.spool.SpoolWriter;
import io.stagepost.spool.file.FaultyDisk.Call;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DiskFaultTest {

  private static final Buffer SMALL = Buffer.buffer("Subject: x\r\n\r\nx\r\n");
  private static final Buffer BIG = Buffer.buffer(new byte[200_000]);

  @TempDir Path directory;
  private final FaultyDisk disk = new FaultyDisk();
  private Vertx vertx;
  private FileSpool spool;

  @BeforeEach
  void open() {
    vertx = Vertx.vertx();
    spool =
        FileSpool.create(
            vertx, FileSpoolOptions.defaults(directory).withSync(SpoolSync.ALWAYS), disk);
    await(spool.open());
  }

  @AfterEach
  void close() {
    disk.heal();
    await(spool.close());
    await(vertx.close());
  }

  private List<String> files() throws IOException {
    try (Stream<Path> all = Files.list(directory)) {
      return all.map(path -> path.getFileName().toString())
          .filter(name -> !name.startsWith("."))
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "CREATE,.content",
    "WRITE,.content",
    "SYNC,.content",
    "CREATE,.envelope.new",
    "WRITE,.envelope.new",
    "SYNC,.envelope.new",
    "RENAME,.envelope",
    "SYNC_DIRECTORY,''"
  })
  void d3NothingRemainsOfACommitThatFailed(Call call, String suffix) throws IOException {
    for (Buffer content : List.of(SMALL, BIG)) {
      disk.fail(call, suffix, "No space left on device");
      assertThat(failure(store(spool, content))).isInstanceOf(SpoolException.NoSpace.class);
      assertThat(files()).isEmpty();
      disk.fail(call, suffix, "Input/output error");
      assertThat(failure(store(spool, content))).isInstanceOf(SpoolException.Io.class);
      assertThat(files()).isEmpty();
      assertThat(spool.count(State.READY)).isZero();
    }
    disk.heal();
    MessageId id = await(store(spool, SMALL));
    await(await(spool.claim(id)).delivered());
    assertThat(files()).isEmpty();
  }

  @Test
  void d3WhatCannotBeRemovedGoesLater() throws IOException {
    disk.trap(
        (call, path) -> {
          if (call == Call.SYNC || call == Call.DELETE) {
            throw new IOException("Input/output error");
          }
        });
    assertThat(failure(store(spool, SMALL))).isInstanceOf(SpoolException.Io.class);
    assertThat(files()).isNotEmpty();
    disk.heal();
    Await.until(() -> unchecked(() -> files().isEmpty()));
  }

  private static boolean unchecked(SpoolWorkers.Job<Boolean> job) {
    try {
      return job.run();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void d3AWriterLearnsOfAFaultWhileItStreams() throws InterruptedException {
    SpoolWriter writer = await(spool.create(spool.newId(), SampleMail.envelope()));
    BlockingQueue<Throwable> troubles = new LinkedBlockingQueue<>();
    writer.exceptionHandler(troubles::add);
    disk.fail(Call.WRITE, ".content", "Disk quota exceeded");
    writer.write(BIG);
    assertThat(troubles.poll(60, TimeUnit.SECONDS)).isInstanceOf(SpoolException.NoSpace.class);
    assertThat(failure(writer.write(SMALL))).isInstanceOf(SpoolException.NoSpace.class);
    assertThat(failure(writer.commit())).isInstanceOf(SpoolException.NoSpace.class);
  }

  @Test
  void d3BelowTheReserveMessagesAreRefusedAtOnce() {
    FileSpool full =
        FileSpool.create(
            vertx, FileSpoolOptions.defaults(directory).withMinFree(Long.MAX_VALUE), disk);
    await(full.open());
    assertThat(failure(full.create(full.newId(), SampleMail.envelope())))
        .isInstanceOf(SpoolException.NoSpace.class);
    await(full.close());
  }

  @ParameterizedTest
  @ValueSource(strings = {"delivered", "deferred", "failed", "released"})
  void d3AnOutcomeThatTheDiskRefusesIsRecordedLater(String outcome) throws IOException {
    MessageId id = await(store(spool, SMALL));
    Claim claim = await(spool.claim(id));
    disk.trap(
        (call, path) -> {
          if (call == Call.DELETE || call == Call.RENAME) {
            throw new IOException("Input/output error");
          }
        });
    var ended =
        switch (outcome) {
          case "delivered" -> claim.delivered();
          case "deferred" -> claim.deferred(new Deferral(Instant.now().plusSeconds(999), "later"));
          case "failed" -> claim.failed(new Failure("no", Optional.of(550)));
          default -> claim.release();
        };
    assertThat(failure(ended)).isInstanceOf(SpoolException.Io.class);
    assertThat(spool.count(State.BUSY)).isOne();
    disk.heal();
    Await.until(() -> spool.count(State.BUSY) == 0);
    List<String> expected =
        switch (outcome) {
          case "delivered" -> List.of();
          case "deferred" -> List.of(id + ".content", id + ".envelope");
          case "failed" -> List.of(id + ".content", id + ".envelope.bad");
          default -> List.of(id + ".content", id + ".envelope");
        };
    assertThat(files()).containsAll(expected);
    assertThat(files()).noneMatch(name -> name.contains("busy"));
  }

  @Test
  void d3AFailureWithoutSpaceForItsReasonIsRecordedAllTheSame() throws IOException {
    MessageId id = await(store(spool, SMALL));
    Claim claim = await(spool.claim(id));
    disk.fail(Call.WRITE, ".tmp", "No space left on device");
    await(claim.failed(new Failure("no", Optional.of(550))));
    assertThat(files()).containsExactly(id + ".content", id + ".envelope.bad");
  }

  @Test
  void d3RemainingFailsWithoutHarm() throws IOException {
    MessageId id = await(store(spool, SMALL));
    Claim claim = await(spool.claim(id));
    disk.fail(Call.SYNC, ".tmp", "No space left on device");
    assertThat(failure(claim.remaining(List.of("a@b.test"))))
        .isInstanceOf(SpoolException.NoSpace.class);
    disk.heal();
    assertThat(claim.envelope()).isEqualTo(SampleMail.envelope());
    await(claim.release());
    assertThat(await(spool.claim(id)).envelope()).isEqualTo(SampleMail.envelope());
  }
}
