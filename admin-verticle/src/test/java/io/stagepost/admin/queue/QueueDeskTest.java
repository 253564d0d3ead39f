package io.stagepost.admin.queue;

import static io.stagepost.spool.Await.await;
import static io.stagepost.spool.Await.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stagepost.bus.BusAddresses;
import io.stagepost.events.EventLog;
import io.stagepost.events.RelayStore;
import io.stagepost.spool.Claim.Deferral;
import io.stagepost.spool.Claim.Failure;
import io.stagepost.spool.MessageId;
import io.stagepost.spool.SampleMail;
import io.stagepost.spool.Spool;
import io.stagepost.spool.Spool.State;
import io.stagepost.spool.SpoolException;
import io.stagepost.spool.file.FileSpool;
import io.stagepost.spool.file.FileSpoolOptions;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The queue of a relay, as its operators use it. */
class QueueDeskTest {

  @TempDir Path directory;
  private Vertx vertx;
  private Spool spool;
  private QueueDesk desk;
  private final BlockingQueue<JsonObject> events = new LinkedBlockingQueue<>();

  @BeforeEach
  void open() {
    vertx = Vertx.vertx();
    spool = FileSpool.create(vertx, FileSpoolOptions.defaults(directory));
    await(spool.open());
    desk = new QueueDesk("relay", new RelayStore(spool, EventLog.none()), vertx.eventBus());
    await(
        vertx
            .eventBus()
            .<JsonObject>consumer(
                new BusAddresses("relay").deliveryEvents(), m -> events.add(m.body()))
            .completion());
  }

  @AfterEach
  void close() {
    await(spool.close());
    await(vertx.close());
  }

  private MessageId stored() {
    return await(SampleMail.store(spool, Buffer.buffer("Subject: x\r\n\r\nhello\r\n")));
  }

  private MessageId failed(String reason) {
    MessageId id = stored();
    await(await(spool.claim(id)).failed(new Failure(reason, Optional.of(550))));
    return id;
  }

  private void expectEvent(String type, MessageId id) throws InterruptedException {
    JsonObject event = events.poll(60, TimeUnit.SECONDS);
    assertThat(event).isNotNull();
    assertThat(event.getString("type")).isEqualTo(type);
    assertThat(event.getString("id")).isEqualTo(id.value());
  }

  @Test
  void aMessageIsShownWithItsFacts() {
    MessageId id = failed("no such user");
    QueueItem item = await(desk.show(id.value()));
    assertThat(item.state()).isEqualTo(State.FAILED);
    assertThat(item.from()).isEqualTo("sender@example.com");
    assertThat(item.to()).containsExactly("rcpt@example.net");
    assertThat(item.attempts()).isOne();
    assertThat(item.reason()).isEqualTo("no such user");
    assertThat(item.size()).isEqualTo(21);
    assertThat(item.toJson().getString("state")).isEqualTo("failed");
    assertThat(item.toJson().containsKey("due")).isFalse();
  }

  @Test
  void w4IdsThatAreNoFileNamesAreNotFound() {
    for (String id : List.of("../../etc/passwd", "", ".", "a/b", "no.such", "a\nb")) {
      assertThat(failure(desk.show(id))).isInstanceOf(NoSuchMessageException.class);
      assertThat(failure(desk.trace(id))).isInstanceOf(NoSuchMessageException.class);
      for (QueueAction action : QueueAction.values()) {
        assertThat(failure(desk.perform(action, id))).isInstanceOf(NoSuchMessageException.class);
      }
    }
  }

  @Test
  void eachActionIsPublished() throws InterruptedException {
    MessageId id = stored();
    await(desk.perform(QueueAction.HOLD, id.value()));
    expectEvent("held", id);
    assertThat(failure(desk.perform(QueueAction.RETRY, id.value())))
        .isInstanceOf(SpoolException.NotAvailable.class);
    await(desk.perform(QueueAction.RELEASE, id.value()));
    expectEvent("released", id);
    await(await(spool.claim(id)).deferred(new Deferral(Instant.now().plusSeconds(600), "busy")));
    await(desk.perform(QueueAction.RETRY, id.value()));
    expectEvent("retried", id);
    await(desk.perform(QueueAction.DELETE, id.value()));
    expectEvent("deleted", id);
    assertThat(failure(desk.show(id.value()))).isInstanceOf(NoSuchMessageException.class);
  }

  @Test
  void pagesCoverAState() {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      ids.add(stored().value());
    }
    List<String> listed = new ArrayList<>();
    Optional<String> next = Optional.empty();
    do {
      QueuePage page = await(desk.list(State.READY, next, 3));
      assertThat(page.total()).isEqualTo(7);
      page.items().forEach(item -> listed.add(item.id().value()));
      next = page.next();
    } while (next.isPresent());
    assertThat(listed).isEqualTo(ids);
    assertThat(await(desk.list(State.FAILED, Optional.empty(), 10)).items()).isEmpty();
  }

  @Test
  void allFailedMessagesAreRetriedAndAllHeldOnesReleased() {
    for (int i = 0; i < 70; i++) {
      failed("nope");
    }
    assertThat(await(desk.performAll(QueueAction.RETRY, State.FAILED)))
        .isEqualTo(new BulkResult(70, 0));
    assertThat(await(desk.performAll(QueueAction.HOLD, State.READY)))
        .isEqualTo(new BulkResult(70, 0));
    assertThat(desk.counts()).containsEntry(State.HELD, 70L).containsEntry(State.READY, 0L);
    assertThat(await(desk.performAll(QueueAction.RELEASE, State.HELD)).done()).isEqualTo(70);
    assertThat(await(desk.performAll(QueueAction.DELETE, State.READY)).done()).isEqualTo(70);
    assertThat(desk.counts().values()).allMatch(count -> count == 0);
    assertThatThrownBy(() -> desk.performAll(QueueAction.DELETE, State.BUSY))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aTraceWithoutALogHoldsWhatTheEnvelopeTells() {
    MessageId id = failed("first");
    await(spool.retry(id));
    await(await(spool.claim(id)).failed(new Failure("second", Optional.empty())));
    List<JsonObject> trace = await(desk.trace(id.value()));
    assertThat(trace)
        .extracting(event -> event.getString("type"))
        .containsExactly("received", "failed", "failed");
    assertThat(trace.get(1).getInteger("code")).isEqualTo(550);
    assertThat(trace.get(2).getString("reason")).isEqualTo("second");
  }

  @Test
  void d5AnEnvelopeThatCannotBeReadIsShownAsSuch() throws IOException {
    MessageId id = failed("nope");
    Files.writeString(directory.resolve(id + ".envelope.bad"), "nonsense");
    assertThat(await(desk.show(id.value())).reason()).contains("cannot read envelope file");
    assertThat(await(desk.list(State.FAILED, Optional.empty(), 10)).items()).hasSize(1);
  }
}
