package io.stagepost.spool.file;

import static io.stagepost.spool.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.stagepost.spool.SampleMail;
import io.stagepost.spool.Spool.State;
import io.stagepost.spool.SpoolWriter;
import io.stagepost.spool.file.FaultyDisk.Call;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {

  private static final Buffer MESSAGE = Buffer.buffer("Subject: x\r\n\r\nx\r\n");

  @TempDir Path directory;
  private final FaultyDisk disk = new FaultyDisk();
  private final CountDownLatch firstSync = new CountDownLatch(1);
  private final CountDownLatch secondSync = new CountDownLatch(2);
  private final CountDownLatch syncsMayEnd = new CountDownLatch(1);
  private final CountDownLatch filesMayBegin = new CountDownLatch(1);
  private Vertx vertx;
  private FileSpool spool;

  @BeforeEach
  void open() {
    vertx = Vertx.vertx();
    spool = FileSpool.create(vertx, FileSpoolOptions.defaults(directory), disk);
    await(spool.open());
  }

  @AfterEach
  void close() {
    syncsMayEnd.countDown();
    filesMayBegin.countDown();
    disk.heal();
    await(spool.close());
    await(vertx.close());
  }

  private static void pass(CountDownLatch gate) throws IOException {
    try {
      if (!gate.await(60, TimeUnit.SECONDS)) {
        throw new IOException("nobody has opened the gate");
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private void hold(Call call, Path path) throws IOException {
    String name = path.getFileName().toString();
    if (call == Call.SYNC && name.startsWith(SpoolFiles.JOURNAL_PREFIX)) {
      firstSync.countDown();
      secondSync.countDown();
      pass(syncsMayEnd);
    } else if (call == Call.CREATE && name.endsWith(SpoolFiles.CONTENT)) {
      pass(filesMayBegin);
    }
  }

  /** Begins to commit a message; when this returns the journal has it. */
  private Future<Void> commit() {
    SpoolWriter writer = await(spool.create(spool.newId(), SampleMail.envelope()));
    writer.write(MESSAGE);
    return writer.commit();
  }

  @Test
  void aSlowDiskSyncsFurtherMessagesBesideTheFilesOfThoseBefore() throws InterruptedException {
    disk.trap(this::hold);
    List<Future<Void>> commits = new ArrayList<>();
    commits.add(commit());
    assertThat(firstSync.await(60, TimeUnit.SECONDS)).isTrue();
    for (int i = 0; i < 4; i++) {
      commits.add(commit());
    }

    syncsMayEnd.countDown();

    assertThat(secondSync.await(60, TimeUnit.SECONDS)).isTrue();
    assertThat(commits).noneMatch(Future::isComplete);
    filesMayBegin.countDown();
    await(Future.all(commits));
    assertThat(spool.count(State.READY)).isEqualTo(5);
  }
}
