package io.stagepost.spool.file;

import static io.stagepost.spool.Await.await;
import static io.stagepost.spool.Await.failure;
import static io.stagepost.spool.SampleMail.store;
import static org.assertj.core.api.Assertions.assertThat;

import io.stagepost.spool.Await;
import io.stagepost.spool.Claim;
import io.stagepost.spool.MessageId;
import io.stagepost.spool.SampleMail;
import io.stagepost.spool.Spool.RecoveryReport;
import io.stagepost.spool.Spool.State;
import io.stagepost.spool.SpoolException;
import io.stagepost.spool.file.FileSpoolOptions.Times;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SharedDirectoryTest {

  private static final Buffer HELLO = Buffer.buffer("Subject: hello\r\n\r\nHello.\r\n");

  @TempDir Path directory;
  private Vertx vertx;
  private FileSpool mine;

  @BeforeEach
  void open() {
    vertx = Vertx.vertx();
    mine = newSpool();
    await(mine.open());
  }

  @AfterEach
  void close() {
    await(mine.close());
    await(vertx.close());
  }

  private FileSpool newSpool() {
    return FileSpool.create(
        vertx, FileSpoolOptions.defaults(directory).withTimes(SpoolChild.QUICK));
  }

  private BlockingQueue<MessageId> arrivals() {
    BlockingQueue<MessageId> arrivals = new LinkedBlockingQueue<>();
    mine.onArrival(arrivals::add);
    return arrivals;
  }

  private static MessageId next(BlockingQueue<MessageId> arrivals) throws InterruptedException {
    MessageId id = arrivals.poll(60, TimeUnit.SECONDS);
    assertThat(id).as("arrival").isNotNull();
    return id;
  }

  private List<String> filesOf(String stem) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(f -> f.getFileName().toString()).filter(f -> f.startsWith(stem)).toList();
    }
  }

  @Test
  void d7TwoSpoolsOfOneProcessNeverClaimTheSame() throws InterruptedException {
    FileSpool other = newSpool();
    await(other.open());
    BlockingQueue<MessageId> arrivals = arrivals();
    MessageId id = await(store(other, HELLO));
    assertThat(next(arrivals)).isEqualTo(id);
    List<Future<Claim>> claims = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      claims.add(mine.claim(id));
      claims.add(other.claim(id));
    }
    await(Future.join(claims).otherwiseEmpty());
    assertThat(claims.stream().filter(Future::succeeded)).hasSize(1);
    await(other.rescan());
    await(mine.rescan());
    Claim claim = claims.stream().filter(Future::succeeded).findFirst().orElseThrow().result();
    await(claim.delivered());
    await(other.close());
  }

  @Test
  void d7ADeadOwnersClaimIsTakenOverAtOnce() throws InterruptedException {
    FileSpool other = newSpool();
    await(other.open());
    MessageId id = await(store(other, HELLO));
    Claim claim = await(other.claim(id));
    Await.until(() -> mine.count(State.BUSY) == 1);
    BlockingQueue<MessageId> arrivals = arrivals();
    await(other.abandon());
    assertThat(next(arrivals)).isEqualTo(id);
    Claim taken = await(mine.claim(id));
    assertThat(await(SampleMail.content(taken))).isEqualTo(HELLO);
    assertThat(claim.id()).isEqualTo(id);
    await(taken.delivered());
  }

  @Test
  void d1AKilledProcessLosesItsClaimsAndItsHalfWrittenMessages()
      throws IOException, InterruptedException {
    try (SpoolChild child = SpoolChild.start(directory)) {
      MessageId whole = new MessageId(child.ask("store"));
      MessageId claimed = new MessageId(child.ask("store"));
      assertThat(child.ask("claim " + claimed)).isEqualTo("done");
      String half = child.ask("begin");
      Await.until(() -> mine.count(State.BUSY) == 1);
      assertThat(filesOf(half + ".")).containsExactly(half + ".content");
      assertThat(failure(mine.claim(claimed))).isInstanceOf(SpoolException.NotAvailable.class);
      BlockingQueue<MessageId> arrivals = arrivals();
      child.signal("KILL");
      assertThat(next(arrivals)).isEqualTo(claimed);
      Await.until(() -> isGone(half));
      await(await(mine.claim(whole)).delivered());
      await(await(mine.claim(claimed)).delivered());
    }
    assertThat(filesOf("emailrelay")).isEmpty();
  }

  private boolean isGone(String stem) {
    try {
      return filesOf(stem + ".").isEmpty();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void d1WhatAKilledProcessLeftIsRecoveredAtTheStart() throws IOException, InterruptedException {
    await(mine.close());
    try (SpoolChild child = SpoolChild.start(directory)) {
      child.ask("store");
      child.ask("claim " + child.ask("store"));
      child.ask("begin");
      child.signal("KILL");
    }
    mine = newSpool();
    RecoveryReport report = await(mine.open());
    assertThat(report.ready()).isEqualTo(2);
    assertThat(report.released()).isOne();
    assertThat(report.removed()).isOne();
    assertThat(filesOf(".stagepost.node.")).hasSize(1);
  }

  @Test
  void d7APausedOwnerIsFencedOffAndGoesOnAfterwards() throws IOException, InterruptedException {
    try (SpoolChild child = SpoolChild.start(directory)) {
      MessageId id = new MessageId(child.ask("store"));
      child.ask("claim " + id);
      Await.until(() -> mine.count(State.BUSY) == 1);
      BlockingQueue<MessageId> arrivals = arrivals();
      child.signal("STOP");
      assertThat(nextOnceStopped(child, arrivals)).isEqualTo(id);
      Claim taken = await(mine.claim(id));
      child.signal("CONT");
      assertThat(child.ask("deliver " + id)).isEqualTo("StaleClaim");
      assertThat(filesOf(id + "."))
          .containsExactlyInAnyOrder(id + ".envelope.busy", id + ".content");
      assertThat(await(SampleMail.content(taken)).toString()).isEqualTo("x\r\n");
      await(taken.release());
      MessageId later = new MessageId(child.ask("store"));
      assertThat(child.ask("claim " + later)).isEqualTo("done");
      assertThat(child.ask("deliver " + later)).isEqualTo("done");
      // It learns from the directory that the message is ready again.
      Await.until(() -> claims(child, id));
      assertThat(child.ask("deliver " + id)).isEqualTo("done");
    }
  }

  private static boolean claims(SpoolChild child, MessageId id) {
    try {
      return child.ask("claim " + id).equals("done");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Who is stopped while it ends a claim holds its lock, and is left alone: stops it once more. */
  private static MessageId nextOnceStopped(SpoolChild child, BlockingQueue<MessageId> arrivals)
      throws IOException, InterruptedException {
    MessageId next = arrivals.poll(20, TimeUnit.SECONDS);
    if (next == null) {
      child.signal("CONT");
      child.ask("store");
      child.signal("STOP");
      next = next(arrivals);
    }
    return next;
  }

  @Test
  void d7ALivingOwnersClaimIsLeftAlone() throws IOException {
    try (SpoolChild child = SpoolChild.start(directory)) {
      MessageId id = new MessageId(child.ask("store"));
      child.ask("claim " + id);
      for (int i = 0; i < 5; i++) {
        await(mine.rescan());
        assertThat(failure(mine.claim(id))).isInstanceOf(SpoolException.NotAvailable.class);
      }
      FileSpool another = newSpool();
      assertThat(await(another.open()).released()).isZero();
      await(another.close());
      assertThat(child.ask("deliver " + id)).isEqualTo("done");
    }
  }

  @Test
  void d6AMessageThatKillsItsOwnersIsSetAside() throws IOException {
    MessageId deadly = await(store(mine, HELLO));
    MessageId harmless = await(store(mine, HELLO));
    await(mine.close());
    for (int death = 1; death <= 5; death++) {
      dieHolding(SpoolChild.QUICK, deadly);
      mine = newSpool();
      await(mine.open());
      assertThat(await(mine.find(deadly)).orElseThrow().state())
          .isEqualTo(death < 5 ? State.READY : State.FAILED);
      await(mine.close());
    }
    mine = newSpool();
    await(mine.open());
    assertThat(Files.readString(directory.resolve(deadly + ".envelope.bad")))
        .contains(
            "X-MailRelay-Reason: set aside: the process has died too often while handling it\r\n");
    await(await(mine.claim(harmless)).delivered());
    await(mine.retry(deadly));
    await(await(mine.claim(deadly)).delivered());
  }

  @Test
  void d6MessagesHeldBesideADeadlyOneAreNotSetAside() {
    MessageId deadly = await(store(mine, HELLO));
    MessageId harmless = await(store(mine, HELLO));
    await(mine.close());
    for (int death = 1; death <= 12; death++) {
      dieHolding(SpoolChild.QUICK, deadly, harmless);
    }
    for (int death = 1; death <= 5; death++) {
      dieHolding(SpoolChild.QUICK, deadly);
    }
    mine = newSpool();
    await(mine.open());
    assertThat(await(mine.find(deadly)).orElseThrow().state()).isEqualTo(State.FAILED);
    await(await(mine.claim(harmless)).delivered());
  }

  @Test
  void d6SuspectsComeBackOneByOneAndOthersAtOnce() {
    List<MessageId> suspects = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      suspects.add(await(store(mine, HELLO)));
    }
    await(mine.close());
    Times quick = SpoolChild.QUICK;
    Duration hour = Duration.ofHours(1);
    Times slow =
        new Times(quick.lease(), quick.foreignLease(), quick.rescan(), quick.settle(), hour);
    for (int death = 1; death <= 3; death++) {
      dieHolding(slow, suspects.toArray(MessageId[]::new));
    }
    mine = FileSpool.create(vertx, FileSpoolOptions.defaults(directory).withTimes(slow));
    await(mine.open());
    MessageId other = await(store(mine, HELLO));
    await(await(mine.claim(other)).delivered());
    List<Long> hours =
        await(mine.list(State.DEFERRED, null, 10)).stream()
            .map(e -> Duration.between(Instant.now(), e.due().orElseThrow()).toHours())
            .sorted()
            .toList();
    assertThat(hours).containsExactly(2L, 3L, 4L);
  }

  /** The end of an owner that has claimed these. */
  private void dieHolding(Times times, MessageId... ids) {
    FileSpool victim =
        FileSpool.create(vertx, FileSpoolOptions.defaults(directory).withTimes(times));
    await(victim.open());
    for (MessageId id : ids) {
      await(victim.claim(id));
    }
    await(victim.abandon());
  }

  @Test
  void filesAreForOwnerAndGroupWhateverTheUmask() throws IOException {
    for (String umask : List.of("0077", "0000")) {
      try (SpoolChild child = SpoolChild.start(directory, umask)) {
        String id = child.ask("store");
        for (String name : filesOf(id + ".")) {
          assertThat(Files.getPosixFilePermissions(directory.resolve(name)))
              .as(name)
              .isEqualTo(PosixFilePermissions.fromString("rw-rw----"));
        }
      }
    }
  }
}
