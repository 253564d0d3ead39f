package io.stagepost.spool.file;

import static io.stagepost.spool.Await.await;
import static io.stagepost.spool.Await.failure;
import static io.stagepost.spool.SampleMail.store;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.stagepost.spool.Await;
import io.stagepost.spool.Claim;
import io.stagepost.spool.Claim.Failure;
import io.stagepost.spool.MessageId;
import io.stagepost.spool.SampleMail;
import io.stagepost.spool.Spool.Entry;
import io.stagepost.spool.Spool.State;
import io.stagepost.spool.SpoolException;
import io.stagepost.spool.file.FileSpoolOptions.Times;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What E-MailRelay, scripts and accidents put into the directory. */
class ForeignFilesTest {

  private static final Buffer HELLO = Buffer.buffer("Subject: hello\r\n\r\nHello.\r\n");
  private static final String ENVELOPE =
      new String(EnvelopeFormat.write(SampleMail.envelope()), UTF_8);

  @TempDir Path directory;
  private Vertx vertx;
  private FileSpool spool;

  @BeforeEach
  void open() {
    vertx = Vertx.vertx();
    reopen(Duration.ZERO);
  }

  private void reopen(Duration settle) {
    if (spool != null) {
      await(spool.close());
    }
    Times quick = SpoolChild.QUICK;
    Times times =
        new Times(quick.lease(), quick.foreignLease(), quick.rescan(), settle, Duration.ZERO);
    spool = FileSpool.create(vertx, FileSpoolOptions.defaults(directory).withTimes(times));
    await(spool.open());
  }

  @AfterEach
  void close() {
    await(spool.close());
    await(vertx.close());
  }

  private BlockingQueue<MessageId> arrivals() {
    BlockingQueue<MessageId> arrivals = new LinkedBlockingQueue<>();
    spool.onArrival(arrivals::add);
    return arrivals;
  }

  private Path file(String name) {
    return directory.resolve(name);
  }

  @Test
  void aMessagePutThereByAnotherProgramArrives() throws IOException, InterruptedException {
    BlockingQueue<MessageId> arrivals = arrivals();
    Files.writeString(file("odd name.content"), "x\r\n");
    Files.writeString(file("odd name.envelope.new"), ENVELOPE.replace("\r\n", "\n"));
    Files.move(file("odd name.envelope.new"), file("odd name.envelope"));
    MessageId id = arrivals.poll(60, TimeUnit.SECONDS);
    assertThat(id).isEqualTo(new MessageId("odd name"));
    Claim claim = await(spool.claim(id));
    assertThat(claim.envelope()).isEqualTo(SampleMail.envelope());
    await(claim.failed(new Failure("refused", Optional.of(550))));
    assertThat(Files.readString(file("odd name.envelope.bad")))
        .as("line ends as they were")
        .isEqualTo(
            ENVELOPE.replace("\r\n", "\n")
                + "X-MailRelay-Reason: refused\nX-MailRelay-ReasonCode: 550\n");
  }

  @Test
  void aScriptThatRemovesTheBadSuffixMakesTheMessageReady()
      throws IOException, InterruptedException {
    MessageId id = await(store(spool, HELLO));
    for (int failures = 1; failures <= 3; failures++) {
      await(await(spool.claim(id)).failed(new Failure("try " + failures, Optional.empty())));
      String bad = Files.readString(file(id + ".envelope.bad"));
      assertThat(bad.split("X-MailRelay-Reason:", -1)).hasSize(failures + 1);
      BlockingQueue<MessageId> arrivals = arrivals();
      Files.move(file(id + ".envelope.bad"), file(id + ".envelope"));
      assertThat(arrivals.poll(60, TimeUnit.SECONDS)).isEqualTo(id);
    }
  }

  @Test
  void d5BrokenFilesAreSetAsideAndTheRestFlows() throws IOException {
    await(spool.close());
    Files.writeString(file("1empty.envelope"), "");
    Files.writeString(file("1empty.content"), "x");
    Files.writeString(file("2cut.envelope"), ENVELOPE.substring(0, 100));
    Files.writeString(file("2cut.content"), "x");
    Files.writeString(file("3lonely.envelope"), ENVELOPE);
    Files.writeString(file("4orphan.content"), "x");
    Files.write(file("5noise.envelope"), new byte[] {0, -1, 13, 10, 7});
    Files.createDirectories(file("6mailbox/new"));
    Files.createDirectory(file("7directory.envelope"));
    Files.writeString(file("8good.envelope"), ENVELOPE);
    Files.writeString(file("8good.content"), "x");
    reopen(Duration.ZERO);
    for (Entry entry : await(spool.list(State.READY, null, 100))) {
      if (entry.id().value().equals("8good")) {
        await(await(spool.claim(entry.id())).release());
      } else {
        assertThat(failure(spool.claim(entry.id())))
            .as(entry.id().value())
            .isInstanceOf(SpoolException.class);
      }
    }
    await(spool.rescan());
    // The inspection of the start may be at one of them.
    Await.until(() -> spool.count(State.FAILED) == 1 && spool.count(State.BUSY) == 0);
    assertThat(await(spool.list(State.READY, null, 100)).stream().map(Entry::id))
        .containsExactly(new MessageId("8good"));
    assertThat(file("7directory.envelope")).isDirectory();
    assertThat(file("1empty.envelope.broken")).isRegularFile();
    assertThat(file("1empty.content")).isRegularFile();
    assertThat(file("2cut.envelope.broken")).hasContent(ENVELOPE.substring(0, 100));
    assertThat(Files.readString(file("3lonely.envelope.bad")))
        .contains("X-MailRelay-Reason: missing content file\r\n");
    assertThat(file("4orphan.content")).as("not ours").isRegularFile();
    assertThat(file("5noise.envelope.broken")).isRegularFile();
  }

  @Test
  void d5BrokenFilesAreSetAsideAlsoWhereNobodyClaimsThem() throws IOException {
    await(spool.close());
    Files.writeString(file("empty.envelope"), "");
    Files.writeString(file("cut.envelope"), ENVELOPE.substring(0, 100));
    Files.writeString(file("cut.content"), "x");
    Files.writeString(file("lonely.envelope"), ENVELOPE);
    Files.createDirectory(file("directory.envelope"));
    Files.writeString(file("good.envelope"), ENVELOPE);
    Files.writeString(file("good.content"), "x");
    reopen(Duration.ZERO);
    Await.until(() -> spool.count(State.READY) == 1 && spool.count(State.FAILED) == 1);
    assertThat(file("empty.envelope.broken")).isRegularFile();
    assertThat(file("cut.envelope.broken")).isRegularFile();
    assertThat(file("lonely.envelope.bad")).isRegularFile();
    assertThat(file("directory.envelope")).isDirectory();
    await(await(spool.claim(new MessageId("good"))).delivered());
  }

  @Test
  void anEnvelopeThatIsStillBeingCopiedIsNotTakenForABrokenOne()
      throws IOException, InterruptedException {
    reopen(Duration.ofMinutes(1));
    BlockingQueue<MessageId> arrivals = arrivals();
    Files.writeString(file("copied.content"), "x");
    Files.writeString(file("copied.envelope"), ENVELOPE.substring(0, 50));
    MessageId id = arrivals.poll(60, TimeUnit.SECONDS);
    assertThat(id).isNotNull();
    assertThat(failure(spool.claim(id))).isInstanceOf(SpoolException.NotAvailable.class);
    Files.writeString(file("copied.envelope"), ENVELOPE.substring(50), StandardOpenOption.APPEND);
    assertThat(arrivals.poll(60, TimeUnit.SECONDS)).isEqualTo(id);
    await(await(spool.claim(id)).delivered());
  }

  @Test
  void whatIsNotCompleteIsTriedNowAndThenOnly() throws IOException {
    reopen(Duration.ofSeconds(5));
    List<MessageId> arrivals = new CopyOnWriteArrayList<>();
    spool.onArrival(
        id -> {
          arrivals.add(id);
          spool.claim(id);
        });
    Files.writeString(file("lonely.envelope"), ENVELOPE);
    Await.until(() -> spool.count(State.FAILED) == 1);
    assertThat(arrivals).as("one every two seconds").hasSizeLessThan(5);
  }

  @Test
  void anotherForwardersClaimIsRespectedUntilItIsOld() throws IOException {
    MessageId id = await(store(spool, HELLO));
    Files.move(file(id + ".envelope"), file(id + ".envelope.busy"));
    assertThat(failure(spool.claim(id))).isInstanceOf(SpoolException.NotAvailable.class);
    reopen(Duration.ZERO);
    assertThat(spool.count(State.BUSY)).isOne();
    await(spool.close());
    Times times =
        new Times(
            Duration.ofSeconds(5),
            Duration.ZERO,
            Duration.ofSeconds(30),
            Duration.ofMinutes(1),
            Duration.ZERO);
    spool = FileSpool.create(vertx, FileSpoolOptions.defaults(directory).withTimes(times));
    assertThat(await(spool.open()).released()).isOne();
    await(await(spool.claim(id)).delivered());
  }

  @Test
  void contentThatAMailboxBelowStillNeedsIsKept() throws IOException, InterruptedException {
    await(spool.close());
    String half;
    try (SpoolChild child = SpoolChild.start(directory)) {
      half = child.ask("begin");
      Files.createDirectory(file("joe"));
      Files.writeString(file("joe").resolve(half + ".envelope"), ENVELOPE);
      child.signal("KILL");
    }
    reopen(Duration.ZERO);
    assertThat(file(half + ".content")).isRegularFile();
    assertThat(file("joe/" + half + ".envelope")).isRegularFile();
  }

  @Test
  void aRewrittenEnvelopeKeepsWhatOthersAppended() throws IOException {
    Files.writeString(file("m.content"), "x");
    String file =
        ENVELOPE.replace("#2821.8", "#2821.7").replaceAll("X-MailRelay-ClientAccount.*\r\n", "");
    Files.writeString(
        file("m.envelope"), (file + "X-MailRelay-SplitGroup: a\r\nX: y\r\n").replace("\r", ""));
    await(spool.rescan());
    Claim claim = await(spool.claim(new MessageId("m")));
    await(claim.remaining(List.of("left@example.net")));
    await(claim.release());
    assertThat(Files.readString(file("m.envelope")))
        .isEqualTo(
            ENVELOPE.replace("rcpt@example.net", "left@example.net")
                + "X-MailRelay-SplitGroup: a\r\nX: y\r\n");
  }
}
