package io.stagepost.events;

import static io.stagepost.events.EventLogRig.numbers;
import static io.stagepost.events.EventLogRig.readAll;
import static io.stagepost.spool.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stagepost.bus.DeliveryEvent;
import io.stagepost.events.EventLog.Fate;
import io.stagepost.events.EventLog.Subscription;
import io.stagepost.spool.MessageId;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Writing events and reading them by cursor. */
class EventLogTest {

  @TempDir Path directory;

  private static List<Integer> range(int from, int to) {
    return IntStream.rangeClosed(from, to).boxed().toList();
  }

  @Test
  void whatWasAppendedIsReadInOrder() {
    try (EventLogRig rig = new EventLogRig(directory)) {
      FileEventLog log = rig.open();
      rig.append(log, 1, 500);
      EventPage page = await(log.read(Cursor.START, 10_000));
      assertThat(numbers(page.entries())).isEqualTo(range(1, 500));
      assertThat(page.lost()).isEmpty();
      assertThat(page.entries())
          .extracting(EventPage.Entry::sequence)
          .isSorted()
          .doesNotHaveDuplicates();
      assertThat(page.entries().getFirst().event()).isEqualTo(rig.event("m1", 1).toJson());
    }
  }

  @Test
  void pagesGoAcrossSegments() {
    try (EventLogRig rig = new EventLogRig(directory)) {
      FileEventLog log = rig.open(256 << 10);
      for (int i = 0; i < 10; i++) {
        rig.append(log, i * 100 + 1, i * 100 + 100);
      }
      assertThat(rig.segments()).hasSizeGreaterThan(3);
      assertThat(readAll(log, Cursor.START, 7)).isEqualTo(range(1, 1000));
    }
  }

  @Test
  void theNewestAreFoundAcrossSegments() {
    try (EventLogRig rig = new EventLogRig(directory)) {
      FileEventLog log = rig.open(256 << 10);
      assertThat(await(log.newest(5)).entries()).isEmpty();
      for (int i = 0; i < 10; i++) {
        rig.append(log, i * 100 + 1, i * 100 + 100);
      }
      assertThat(rig.segments()).hasSizeGreaterThan(3);
      EventPage page = await(log.newest(5));
      assertThat(numbers(page.entries())).isEqualTo(range(996, 1000));
      assertThat(numbers(await(log.newest(750)).entries())).isEqualTo(range(251, 1000));
      assertThat(numbers(await(log.newest(5_000)).entries())).isEqualTo(range(1, 1000));
      assertThat(readAll(log, page.entries().getFirst().cursor(), 2)).isEqualTo(range(997, 1000));
      rig.append(log, 1001, 1003);
      assertThat(readAll(log, page.next(), 2)).isEqualTo(range(1001, 1003));
      assertThatThrownBy(() -> log.newest(0)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void theNewestAreThoseOfAllThatWrite() {
    try (EventLogRig rig = new EventLogRig(directory)) {
      FileEventLog one = rig.open();
      FileEventLog other = rig.open();
      rig.append(one, 1, 20);
      rig.pass(Duration.ofSeconds(1));
      rig.append(other, 21, 30);
      rig.pass(Duration.ofSeconds(1));
      rig.append(one, 31, 33);
      EventPage page = await(other.newest(8));
      assertThat(numbers(page.entries())).isEqualTo(range(26, 33));
      assertThat(readAll(other, page.entries().getFirst().cursor(), 3)).isEqualTo(range(27, 33));
      assertThat(readAll(one, page.next(), 3)).isEmpty();
    }
  }

  @Test
  void aCursorHoldsOverARestart() {
    Cursor cursor;
    try (EventLogRig rig = new EventLogRig(directory)) {
      FileEventLog log = rig.open();
      rig.append(log, 1, 10);
      EventPage page = await(log.read(Cursor.START, 4));
      cursor = Cursor.parse(page.next().toString()).orElseThrow();
      await(log.save("webhook.1", cursor));
    }
    try (EventLogRig rig = new EventLogRig(directory)) {
      FileEventLog log = rig.open();
      rig.append(log, 11, 20);
      assertThat(await(log.saved("webhook.1"))).contains(cursor);
      assertThat(readAll(log, cursor, 100)).isEqualTo(range(5, 20));
      assertThat(rig.segments()).hasSize(1);
      await(log.forget("webhook.1"));
      assertThat(await(log.saved("webhook.1"))).isEmpty();
    }
  }

  @Test
  void theCursorOfAnEventIsBehindIt() {
    try (EventLogRig rig = new EventLogRig(directory)) {
      FileEventLog log = rig.open();
      rig.append(log, 1, 10);
      Cursor third = await(log.read(Cursor.START, 10)).entries().get(2).cursor();
      assertThat(readAll(log, third, 100)).isEqualTo(range(4, 10));
      Cursor end = await(log.end());
      assertThat(await(log.read(end, 10)).entries()).isEmpty();
      rig.append(log, 11, 11);
      assertThat(readAll(log, end, 10)).containsExactly(11);
    }
  }

  @Test
  void twoLogsWriteIntoOneSpool() {
    try (EventLogRig rig = new EventLogRig(directory)) {
      FileEventLog one = rig.open();
      FileEventLog two = rig.open();
      for (int i = 1; i <= 20; i += 2) {
        rig.append(one, i, i);
        rig.pass(Duration.ofMillis(1));
        rig.append(two, i + 1, i + 1);
        rig.pass(Duration.ofMillis(1));
      }
      assertThat(readAll(one, Cursor.START, 3)).isEqualTo(range(1, 20));
      assertThat(readAll(two, Cursor.START, 1000)).isEqualTo(range(1, 20));
      assertThat(rig.segments()).hasSize(2);
      assertThat(await(one.trace(new MessageId("m2")))).hasSize(1);
    }
  }

  @Test
  void aTornLastLineIsSkipped() throws IOException {
    try (EventLogRig rig = new EventLogRig(directory)) {
      rig.append(rig.open(), 1, 3);
    }
    try (EventLogRig rig = new EventLogRig(directory)) {
      Path segment = rig.segments().getFirst();
      Files.writeString(segment, "{\"seq\":99,\"version\":1,\"ty", StandardOpenOption.APPEND);
      FileEventLog log = rig.open();
      rig.append(log, 4, 5);
      assertThat(readAll(log, Cursor.START, 10)).isEqualTo(range(1, 5));
      assertThat(await(log.trace(new MessageId("m4")))).hasSize(1);
    }
  }

  @Test
  void numbersRiseAlsoWhenAPowerCutTookTheLastEvents() throws IOException {
    Cursor seen;
    try (EventLogRig rig = new EventLogRig(directory)) {
      FileEventLog log = rig.open();
      rig.append(log, 1, 1000);
      seen = await(log.end());
    }
    try (EventLogRig rig = new EventLogRig(directory)) {
      Path segment = rig.segments().getFirst();
      String all = Files.readString(segment);
      Files.writeString(segment, all.substring(0, all.length() / 2) + "\0".repeat(500));
      rig.pass(Duration.ofSeconds(1));
      FileEventLog log = rig.open();
      rig.append(log, 1001, 1003);
      assertThat(readAll(log, seen, 10)).isEqualTo(range(1001, 1003));
    }
  }

  @Test
  void aClockSetBackChangesNoOrder() {
    try (EventLogRig rig = new EventLogRig(directory)) {
      FileEventLog log = rig.open();
      rig.append(log, 1, 2);
      rig.pass(Duration.ofHours(-1));
      rig.append(log, 3, 4);
      assertThat(readAll(log, Cursor.START, 10)).isEqualTo(range(1, 4));
    }
  }

  @Test
  void futuresCompleteOnTheCallersContext() throws Exception {
    try (EventLogRig rig = new EventLogRig(directory)) {
      FileEventLog log = rig.open();
      Context context = rig.vertx.getOrCreateContext();
      Promise<Context> where = Promise.promise();
      context.runOnContext(
          v ->
              log.append(rig.event("m", 1))
                  .onComplete(d -> where.complete(Vertx.currentContext())));
      assertThat(await(where.future())).isEqualTo(context);
    }
  }

  @Test
  void whoListensIsWokenUntilItCancels() throws Exception {
    try (EventLogRig rig = new EventLogRig(directory)) {
      FileEventLog log = rig.open();
      CountDownLatch woken = new CountDownLatch(1);
      Subscription subscription = log.onAppend(woken::countDown);
      rig.append(log, 1, 1);
      assertThat(woken.await(30, TimeUnit.SECONDS)).isTrue();
      subscription.cancel();
      assertThat(log.room().isComplete()).isTrue();
    }
  }

  @Test
  void aCursorThatIsNoneIsRefused() {
    assertThat(Cursor.parse("")).contains(Cursor.START);
    assertThat(Cursor.parse("0:12,1x2:3").map(Cursor::toString)).contains("0:12,1x2:3");
    for (String wrong : List.of("x", "0:", "0:1,", "../0:1", "0:1\r\n", "0:" + "9".repeat(30))) {
      assertThat(Cursor.parse(wrong)).as(wrong).isEmpty();
    }
  }

  @Test
  void consumersHavePlainNames() {
    try (EventLogRig rig = new EventLogRig(directory)) {
      FileEventLog log = rig.open();
      for (String wrong : List.of("", "../x", ".x", "a/b", "A", "x".repeat(101))) {
        assertThatThrownBy(() -> log.save(wrong, Cursor.START))
            .as(wrong)
            .isInstanceOf(IllegalArgumentException.class);
      }
    }
  }

  @Test
  void aTraceHoldsAllEventsOfAMessageAndNoOthers() {
    try (EventLogRig rig = new EventLogRig(directory)) {
      FileEventLog log = rig.open(128 << 10);
      String odd = "a \"quoted\" näme";
      await(log.append(rig.event(odd, 1), Fate.OPEN));
      rig.append(log, 2, 500);
      await(log.append(rig.event(DeliveryEvent.Type.FORWARDED, odd, 501), Fate.LEAVES));
      assertThat(types(await(log.trace(new MessageId(odd)))))
          .containsExactly("received", "forwarded");
      assertThat(await(log.trace(new MessageId("m77")))).hasSize(1);
      assertThat(await(log.trace(new MessageId("m501")))).isEmpty();
      rig.close(log);
      // Found again by reading the files.
      FileEventLog next = rig.open(128 << 10);
      assertThat(types(await(next.trace(new MessageId(odd)))))
          .containsExactly("received", "forwarded");
      assertThat(await(next.trace(new MessageId("m77")))).hasSize(1);
    }
  }

  @Test
  void whatIsAppendedAfterTheEndIsCountedAsLost() {
    try (EventLogRig rig = new EventLogRig(directory)) {
      FileEventLog log = rig.open();
      rig.append(log, 1, 1);
      rig.close(log);
      Future<Void> late = log.append(rig.event("m", 2), Fate.OPEN);
      assertThat(late.succeeded()).isTrue();
      assertThat(log.lost()).isEqualTo(1);
    }
  }

  private static List<String> types(List<JsonObject> events) {
    return events.stream().map(e -> e.getString("type")).toList();
  }
}
