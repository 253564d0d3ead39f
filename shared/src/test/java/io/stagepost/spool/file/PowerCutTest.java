package io.stagepost.spool.file;

import static io.stagepost.spool.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.stagepost.spool.Claim;
import io.stagepost.spool.Claim.Deferral;
import io.stagepost.spool.Claim.Failure;
import io.stagepost.spool.MessageId;
import io.stagepost.spool.SampleMail;
import io.stagepost.spool.Spool.Entry;
import io.stagepost.spool.Spool.State;
import io.stagepost.spool.SpoolException;
import io.stagepost.spool.SpoolWriter;
import io.stagepost.spool.file.FileSpoolOptions.Times;
import io.stagepost.spool.file.PowerCut.Semantics;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PowerCutTest {

  private static final int ROUNDS = 60;
  private static final int STEPS = 25;

  @TempDir Path root;
  private Vertx vertx;
  private final Map<MessageId, Buffer> written = new HashMap<>();
  // What was acknowledged, and not yet given to delivered or failed, at the moment of the cut.
  private final Set<MessageId> promised = ConcurrentHashMap.newKeySet();
  private volatile Set<MessageId> promisedAtCut = Set.of();

  @BeforeEach
  void start() {
    vertx = Vertx.vertx();
  }

  @AfterEach
  void stop() {
    await(vertx.close());
  }

  @ParameterizedTest
  @CsvSource({
    "STRICT,ALWAYS,150000",
    "JOURNAL,NEVER,150000",
    "JOURNAL,ALWAYS,150000",
    "JOURNAL,AUTO,150000",
    // Where the directory isn't synced, big messages count on the semantics of ext4 and XFS.
    "STRICT,AUTO,1000"
  })
  void d2WhatWasAcknowledgedSurvivesAPowerCut(Semantics semantics, SpoolSync sync, int biggest)
      throws IOException {
    for (int round = 0; round < ROUNDS; round++) {
      Random random = new Random(round);
      written.clear();
      promised.clear();
      Path before = Files.createDirectory(root.resolve("before" + round));
      Path after = Files.createDirectory(root.resolve("after" + round));
      PowerCut disk =
          new PowerCut(
              semantics, random.nextInt(150), random, () -> promisedAtCut = Set.copyOf(promised));
      FileSpool spool =
          FileSpool.create(vertx, FileSpoolOptions.defaults(before).withSync(sync), disk);
      await(spool.open());
      for (int step = 0; step < STEPS; step++) {
        step(spool, random, biggest);
      }
      disk.restore(after);
      copyNodeFile(before, after);
      await(spool.abandon());
      check(after, semantics + " round " + round);
    }
  }

  private static boolean isNotAvailable(Future<Claim> claimed) {
    return await(claimed.transform(result -> Future.succeededFuture(result.cause())))
        instanceof SpoolException.NotAvailable;
  }

  private void step(FileSpool spool, Random random, int biggest) {
    List<Entry> ready = await(spool.list(State.READY, null, 10));
    if (ready.isEmpty() || random.nextInt(2) == 0) {
      Buffer content = Buffer.buffer(new byte[random.nextInt(10) == 0 ? biggest : 100]);
      content.setString(0, "message " + random.nextInt());
      if (random.nextInt(8) == 0) {
        SpoolWriter writer = await(spool.create(spool.newId(), SampleMail.envelope()));
        written.put(writer.id(), content);
        await(writer.write(content));
        await(writer.abort());
      } else {
        MessageId id = spool.newId();
        written.put(id, content);
        SpoolWriter writer = await(spool.create(id, SampleMail.envelope()));
        await(writer.write(content));
        await(writer.commit());
        promised.add(id);
      }
    } else if (random.nextInt(5) == 0) {
      await(spool.hold(ready.get(random.nextInt(ready.size())).id()));
    } else if (random.nextInt(5) == 0 && spool.count(State.HELD) > 0) {
      await(spool.release(await(spool.list(State.HELD, null, 1)).getFirst().id()));
    } else {
      Claim claim = await(spool.claim(ready.get(random.nextInt(ready.size())).id()));
      finish(claim, random);
    }
  }

  private void finish(Claim claim, Random random) {
    switch (random.nextInt(6)) {
      case 0, 1 -> {
        promised.remove(claim.id());
        await(claim.delivered());
      }
      case 2 -> {
        promised.remove(claim.id());
        await(claim.failed(new Failure("no", Optional.of(550))));
      }
      case 3 -> await(claim.deferred(new Deferral(Instant.now().minusSeconds(1), "later")));
      case 4 -> {
        await(claim.remaining(List.of("rcpt@example.net")));
        await(claim.release());
      }
      default -> await(claim.release());
    }
  }

  // Its header is on the disk since the start; its slots may or may not be.
  private static void copyNodeFile(Path before, Path after) throws IOException {
    try (Stream<Path> files = Files.list(before)) {
      for (Path file :
          files
              .filter(f -> f.getFileName().toString().startsWith(SpoolFiles.NODE_PREFIX))
              .toList()) {
        Files.copy(file, after.resolve(file.getFileName()));
      }
    }
  }

  private void check(Path directory, String what) throws IOException {
    // After a real cut the busy files are older than the system's start; here they are not.
    Times times =
        new Times(
            Times.DEFAULT.lease(),
            Duration.ZERO,
            Times.DEFAULT.rescan(),
            Times.DEFAULT.settle(),
            Duration.ZERO);
    FileSpool spool =
        FileSpool.create(vertx, FileSpoolOptions.defaults(directory).withTimes(times));
    await(spool.open());
    for (Entry held : await(spool.list(State.HELD, null, 1000))) {
      await(spool.release(held.id()));
    }
    Set<MessageId> found = new HashSet<>();
    List<Entry> all = new ArrayList<>(await(spool.list(State.READY, null, 1000)));
    for (Entry entry : all) {
      Future<Claim> claimed = spool.claim(entry.id());
      if (!promisedAtCut.contains(entry.id()) && isNotAvailable(claimed)) {
        // Delivered, and of the removal only the content's came through: is set aside later.
        continue;
      }
      Claim claim = await(claimed);
      assertThat(await(SampleMail.content(claim)))
          .as(what + " " + entry.id())
          .isEqualTo(written.get(entry.id()));
      assertThat(claim.envelope().recipients()).isEqualTo(SampleMail.envelope().recipients());
      found.add(entry.id());
    }
    assertThat(found).as(what).containsAll(promisedAtCut);
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files.map(Path::toString).filter(name -> name.endsWith(".new"))).isEmpty();
    }
    await(spool.close());
  }
}
