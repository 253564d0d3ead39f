package io.stagepost.spool;

import static io.stagepost.spool.Await.await;
import static io.stagepost.spool.Await.failure;
import static io.stagepost.spool.SampleMail.store;
import static org.assertj.core.api.Assertions.assertThat;

import io.stagepost.spool.Claim.Deferral;
import io.stagepost.spool.Claim.Failure;
import io.stagepost.spool.Spool.Details;
import io.stagepost.spool.Spool.Entry;
import io.stagepost.spool.Spool.State;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every store of messages promises. A store's test extends this. */
public abstract class SpoolContract {

  protected static final Buffer HELLO = Buffer.buffer("Subject: hello\r\n\r\nHello.\r\n");

  protected Vertx vertx;
  protected Spool spool;

  /** A store that is not open yet; calls within one test share what is stored. */
  protected abstract Spool newSpool();

  @BeforeEach
  void open() {
    vertx = Vertx.vertx();
    spool = newSpool();
    await(spool.open());
  }

  @AfterEach
  void close() {
    await(spool.close());
    await(vertx.close());
  }

  protected List<MessageId> ids(State state) {
    return await(spool.list(state, null, 10_000)).stream().map(Entry::id).toList();
  }

  private void reopen() {
    await(spool.close());
    spool = newSpool();
    await(spool.open());
  }

  @Test
  void nothingIsVisibleBeforeCommit() {
    MessageId id = spool.newId();
    SpoolWriter writer = await(spool.create(id, SampleMail.envelope()));
    await(writer.write(HELLO));
    await(spool.rescan());
    assertThat(ids(State.READY)).isEmpty();
    assertThat(failure(spool.claim(id))).isInstanceOf(SpoolException.NotAvailable.class);
    await(writer.commit());
    assertThat(writer.size()).isEqualTo(HELLO.length());
    assertThat(ids(State.READY)).containsExactly(id);
    assertThat(spool.count(State.READY)).isOne();
  }

  @Test
  void anAbortedMessageLeavesNothing() {
    SpoolWriter small = await(spool.create(spool.newId(), SampleMail.envelope()));
    await(small.write(HELLO));
    await(small.abort());
    SpoolWriter big = await(spool.create(spool.newId(), SampleMail.envelope()));
    await(big.write(Buffer.buffer(new byte[300_000])));
    await(big.abort());
    reopen();
    for (State state : State.values()) {
      assertThat(ids(state)).isEmpty();
    }
  }

  @Test
  void contentComesBackByteExact() {
    Random random = new Random(7);
    for (int size : List.of(0, 1, 65_535, 65_536, 65_537, 3_000_000)) {
      byte[] octets = new byte[size];
      random.nextBytes(octets);
      SpoolWriter writer = await(spool.create(spool.newId(), SampleMail.envelope()));
      for (int at = 0; at < size; ) {
        int length = Math.min(size - at, 1 + random.nextInt(20_000));
        writer.write(Buffer.buffer().appendBytes(octets, at, length));
        at += length;
      }
      await(writer.commit());
      Claim claim = await(spool.claim(writer.id()));
      assertThat(claim.size()).isEqualTo(size);
      assertThat(await(SampleMail.content(claim)).getBytes()).isEqualTo(octets);
      assertThat(await(SampleMail.content(claim)).length()).as("again").isEqualTo(size);
      await(claim.delivered());
    }
  }

  @Test
  void theEnvelopeComesBack() {
    Envelope envelope =
        SampleMail.envelope()
            .withRecipients(
                new Envelope.Recipients(List.of("joe"), List.of("a@b.test", "a@b.test")));
    MessageId id = await(store(spool, envelope, HELLO));
    reopen();
    assertThat(await(spool.claim(id)).envelope()).isEqualTo(envelope);
  }

  @Test
  void aFullQueueDrains() throws InterruptedException {
    SpoolWriter writer = await(spool.create(spool.newId(), SampleMail.envelope()));
    BlockingQueue<String> drained = new LinkedBlockingQueue<>();
    writer.drainHandler(v -> drained.add("drained"));
    int waits = 0;
    for (int i = 0; i < 400; i++) {
      writer.write(Buffer.buffer(new byte[50_000]));
      if (writer.writeQueueFull()) {
        waits++;
        assertThat(drained.poll(60, TimeUnit.SECONDS)).isEqualTo("drained");
      }
    }
    assertThat(waits).isPositive();
    await(writer.commit());
    assertThat(await(spool.claim(writer.id())).size()).isEqualTo(20_000_000);
  }

  @Test
  void onlyOneClaimSucceeds() {
    MessageId id = await(store(spool, HELLO));
    List<Future<Claim>> claims = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      claims.add(spool.claim(id));
    }
    await(Future.join(claims).otherwiseEmpty());
    assertThat(claims.stream().filter(Future::succeeded)).hasSize(1);
    assertThat(ids(State.BUSY)).containsExactly(id);
    assertThat(ids(State.READY)).isEmpty();
  }

  @Test
  void aDeliveredMessageIsGone() {
    MessageId id = await(store(spool, HELLO));
    Claim claim = await(spool.claim(id));
    await(claim.delivered());
    assertThat(failure(claim.release())).isInstanceOf(IllegalStateException.class);
    assertThat(await(spool.find(id))).isEmpty();
    reopen();
    assertThat(await(spool.find(id))).isEmpty();
  }

  @Test
  void aReleasedMessageIsReadyAgain() {
    MessageId id = await(store(spool, HELLO));
    await(await(spool.claim(id)).release());
    assertThat(ids(State.READY)).containsExactly(id);
    await(await(spool.claim(id)).delivered());
  }

  @Test
  void aFailedMessageIsKeptUntilRetriedOrDeleted() throws InterruptedException {
    MessageId id = await(store(spool, HELLO));
    await(await(spool.claim(id)).failed(new Failure("no such user", Optional.of(550))));
    assertThat(ids(State.FAILED)).containsExactly(id);
    assertThat(failure(spool.claim(id))).isInstanceOf(SpoolException.NotAvailable.class);
    reopen();
    assertThat(ids(State.FAILED)).containsExactly(id);
    BlockingQueue<MessageId> arrivals = arrivals();
    await(spool.retry(id));
    assertThat(arrivals.poll(60, TimeUnit.SECONDS)).isEqualTo(id);
    assertThat(failure(spool.retry(id))).isInstanceOf(SpoolException.NotAvailable.class);
    await(await(spool.claim(id)).failed(new Failure("still none", Optional.empty())));
    await(spool.delete(id));
    assertThat(await(spool.find(id))).isEmpty();
    assertThat(failure(spool.delete(id))).isInstanceOf(SpoolException.NotAvailable.class);
  }

  @Test
  void aClaimedMessageCannotBeDeleted() {
    MessageId id = await(store(spool, HELLO));
    Claim claim = await(spool.claim(id));
    assertThat(failure(spool.delete(id))).isInstanceOf(SpoolException.NotAvailable.class);
    await(claim.release());
    await(spool.delete(id));
    assertThat(await(spool.find(id))).isEmpty();
  }

  protected BlockingQueue<MessageId> arrivals() {
    BlockingQueue<MessageId> arrivals = new LinkedBlockingQueue<>();
    spool.onArrival(arrivals::add);
    return arrivals;
  }

  @Test
  void aDeferredMessageComesWhenItsTimeHasCome() throws InterruptedException {
    BlockingQueue<MessageId> arrivals = arrivals();
    MessageId id = await(store(spool, HELLO));
    Claim claim = await(spool.claim(id));
    assertThat(claim.deferrals()).isZero();
    await(claim.deferred(new Deferral(Instant.now().minusSeconds(1), "greylisted")));
    assertThat(arrivals.poll(60, TimeUnit.SECONDS)).isEqualTo(id);
    Claim second = await(spool.claim(id));
    assertThat(second.deferrals()).isOne();
    await(second.delivered());
    assertThat(await(spool.find(id))).isEmpty();
  }

  @Test
  void aDeferralSurvivesARestart() {
    Instant until = Instant.now().plus(Duration.ofHours(1));
    MessageId id = await(store(spool, HELLO));
    await(await(spool.claim(id)).deferred(new Deferral(until, "later")));
    assertThat(failure(spool.claim(id))).isInstanceOf(SpoolException.NotAvailable.class);
    reopen();
    Entry entry = await(spool.find(id)).orElseThrow();
    assertThat(entry.state()).isEqualTo(State.DEFERRED);
    assertThat(entry.due().orElseThrow().toEpochMilli()).isEqualTo(until.toEpochMilli());
    assertThat(failure(spool.claim(id))).isInstanceOf(SpoolException.NotAvailable.class);
  }

  @Test
  void remainingRecipientsSurviveARestart() {
    MessageId id = await(store(spool, HELLO));
    Claim claim = await(spool.claim(id));
    await(claim.remaining(List.of("left@example.net")));
    assertThat(claim.envelope().recipients().remote()).containsExactly("left@example.net");
    await(claim.release());
    reopen();
    assertThat(await(spool.claim(id)).envelope().recipients().remote())
        .containsExactly("left@example.net");
  }

  @Test
  void closingGivesClaimsBack() {
    MessageId id = await(store(spool, HELLO));
    await(spool.claim(id));
    await(spool.close());
    assertThat(failure(spool.claim(id))).isInstanceOf(SpoolException.Closed.class);
    spool = newSpool();
    assertThat(await(spool.open()).ready()).isOne();
    await(await(spool.claim(id)).delivered());
  }

  @Test
  void pagesFollowTheOrderOfArrival() {
    List<MessageId> stored = new ArrayList<>();
    for (int i = 0; i < 25; i++) {
      stored.add(await(store(spool, HELLO)));
    }
    List<MessageId> paged = new ArrayList<>();
    MessageId last = null;
    for (List<Entry> page = await(spool.list(State.READY, last, 10));
        !page.isEmpty();
        page = await(spool.list(State.READY, last, 10))) {
      assertThat(page).hasSizeLessThanOrEqualTo(10);
      page.forEach(entry -> paged.add(entry.id()));
      last = paged.getLast();
    }
    assertThat(paged).isEqualTo(stored).isSorted();
    reopen();
    assertThat(ids(State.READY)).isEqualTo(stored);
    assertThat(spool.count(State.READY)).isEqualTo(25);
  }

  @Test
  void aHeldMessageIsNotHandedOutUntilReleased() throws InterruptedException {
    MessageId id = await(store(spool, HELLO));
    MessageId other = await(store(spool, HELLO));
    await(spool.hold(id));
    assertThat(ids(State.READY)).containsExactly(other);
    assertThat(ids(State.HELD)).containsExactly(id);
    assertThat(spool.count(State.HELD)).isOne();
    assertThat(failure(spool.claim(id))).isInstanceOf(SpoolException.NotAvailable.class);
    assertThat(failure(spool.hold(id))).isInstanceOf(SpoolException.NotAvailable.class);
    assertThat(failure(spool.retry(id))).isInstanceOf(SpoolException.NotAvailable.class);
    reopen();
    assertThat(ids(State.HELD)).containsExactly(id);
    assertThat(ids(State.READY)).containsExactly(other);
    BlockingQueue<MessageId> arrivals = arrivals();
    await(spool.release(id));
    assertThat(arrivals.poll(60, TimeUnit.SECONDS)).isEqualTo(id);
    assertThat(failure(spool.release(id))).isInstanceOf(SpoolException.NotAvailable.class);
    assertThat(ids(State.READY)).containsExactly(id, other);
    await(await(spool.claim(id)).delivered());
  }

  @Test
  void aHeldMessageCanBeDeletedAndAClaimedOneNotHeld() {
    MessageId id = await(store(spool, HELLO));
    Claim claim = await(spool.claim(id));
    assertThat(failure(spool.hold(id))).isInstanceOf(SpoolException.NotAvailable.class);
    await(claim.release());
    await(spool.hold(id));
    await(spool.delete(id));
    assertThat(spool.count(State.HELD)).isZero();
    reopen();
    assertThat(await(spool.find(id))).isEmpty();
  }

  @Test
  void aHoldKeepsTheScheduleAndRetryEndsIt() {
    Instant until = Instant.now().plus(Duration.ofHours(1));
    MessageId id = await(store(spool, HELLO));
    await(await(spool.claim(id)).deferred(new Deferral(until, "later")));
    await(spool.hold(id));
    await(spool.release(id));
    assertThat(ids(State.DEFERRED)).containsExactly(id);
    assertThat(failure(spool.claim(id))).isInstanceOf(SpoolException.NotAvailable.class);
    await(spool.retry(id));
    Claim claim = await(spool.claim(id));
    assertThat(claim.deferrals()).isOne();
    await(claim.release());
  }

  @Test
  void inspectionTellsTheFactsInEveryState() {
    MessageId id = await(store(spool, HELLO));
    Details fresh = await(spool.inspect(id)).orElseThrow();
    assertThat(fresh.entry().state()).isEqualTo(State.READY);
    assertThat(fresh.envelope().recipients()).isEqualTo(SampleMail.envelope().recipients());
    assertThat(fresh.size()).isEqualTo(HELLO.length());
    assertThat(fresh.attempts()).isZero();
    await(
        await(spool.claim(id)).deferred(new Deferral(Instant.now().plusSeconds(3600), "greylist")));
    Details deferred = await(spool.inspect(id)).orElseThrow();
    assertThat(deferred.entry().state()).isEqualTo(State.DEFERRED);
    assertThat(deferred.reason()).isEqualTo("greylist");
    assertThat(deferred.attempts()).isOne();
    await(spool.retry(id));
    Claim claim = await(spool.claim(id));
    assertThat(await(spool.inspect(id)).orElseThrow().entry().state()).isEqualTo(State.BUSY);
    await(claim.failed(new Failure("no such user", Optional.of(550))));
    Details failed = await(spool.inspect(id)).orElseThrow();
    assertThat(failed.entry().state()).isEqualTo(State.FAILED);
    assertThat(failed.failures()).containsExactly(new Failure("no such user", Optional.of(550)));
    assertThat(failed.reason()).isEqualTo("no such user");
    assertThat(await(spool.inspect(new MessageId("emailrelay.0.0.0")))).isEmpty();
  }

  @Test
  void q7HundredWritersAtOnceAllCommit() {
    List<Future<MessageId>> stored = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      stored.add(store(spool, HELLO));
    }
    await(Future.all(stored));
    assertThat(spool.count(State.READY)).isEqualTo(100);
    assertThat(ids(State.READY)).doesNotHaveDuplicates().hasSize(100);
  }
}
