package io.stagepost.events;

import static io.stagepost.events.EventLogRig.numbers;
import static io.stagepost.events.EventLogRig.readAll;
import static io.stagepost.spool.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.stagepost.bus.DeliveryEvent;
import io.stagepost.events.EventLog.Fate;
import io.stagepost.spool.Await;
import io.stagepost.spool.MessageId;
import io.stagepost.spool.SampleMail;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes when it is too old or too much, and what is kept for longer. */
class RetentionTest {

  private static final long SIZE = 256 << 10;

  @TempDir Path directory;

  private static long total(EventLogRig rig) {
    return rig.segments().stream().mapToLong(RetentionTest::size).sum();
  }

  private static long size(Path file) {
    try {
      return Files.exists(file) ? Files.size(file) : 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void fill(EventLogRig rig, FileEventLog log, int from, int to) {
    for (int i = from; i <= to; i += 50) {
      rig.append(log, i, Math.min(to, i + 49));
    }
  }

  @Test
  void theOldestGoWhenItIsTooMuch() {
    try (EventLogRig rig = new EventLogRig(directory)) {
      FileEventLog log = rig.open(SIZE);
      rig.append(log, 1, 1);
      Cursor early = await(log.end());
      fill(rig, log, 2, 8000);
      Await.until(() -> total(rig) <= SIZE);
      EventPage page = await(log.read(early, 10));
      assertThat(page.lost()).hasSize(1);
      assertThat(page.lost().getFirst().from()).isBefore(page.lost().getFirst().to());
      List<Integer> rest = readAll(log, early, 1000);
      assertThat(rest).isEqualTo(IntStream.rangeClosed(rest.getFirst(), 8000).boxed().toList());
      assertThat(rest).hasSizeLessThan(7000);
      assertThat(await(log.read(page.next(), 10)).lost()).isEmpty();
      assertThat(await(log.read(Cursor.START, 10)).lost()).isEmpty();
    }
  }

  @Test
  void whatAConsumerHasNotReadStaysUpToTwiceTheSize() {
    try (EventLogRig rig = new EventLogRig(directory)) {
      FileEventLog log = rig.open(SIZE);
      rig.append(log, 1, 1);
      Cursor early = await(log.end());
      await(log.save("webhook", early));
      fill(rig, log, 2, 2500);
      assertThat(total(rig)).isGreaterThan(SIZE);
      assertThat(await(log.read(early, 10)).lost()).isEmpty();
      fill(rig, log, 2501, 9000);
      Await.until(() -> total(rig) <= 2 * SIZE);
      assertThat(await(log.read(early, 10)).lost()).hasSize(1);
      await(log.save("webhook", await(log.end())));
      fill(rig, log, 9001, 9500);
      Await.until(() -> total(rig) <= SIZE);
    }
  }

  @Test
  void theOldGoAlsoInLanesThatNobodyHas() {
    try (EventLogRig rig = new EventLogRig(directory)) {
      FileEventLog one = rig.open();
      FileEventLog two = rig.open();
      rig.append(one, 1, 1);
      rig.append(two, 2, 2);
      rig.close(one);
      rig.close(two);
      rig.pass(Duration.ofDays(8));
      for (int i = 0; i < 2; i++) {
        rig.close(rig.open());
      }
      FileEventLog log = rig.open();
      assertThat(await(log.read(Cursor.START, 10)).entries()).isEmpty();
      rig.append(log, 3, 3);
      assertThat(numbers(await(log.read(Cursor.START, 10)).entries())).containsExactly(3);
      assertThat(rig.segments().stream().map(Path::getParent).distinct()).hasSize(2);
    }
  }

  @Test
  void attemptsStayAsLongAsTheirMessage() {
    try (EventLogRig rig = new EventLogRig(directory)) {
      MessageId waiting = await(SampleMail.store(rig.spool, Buffer.buffer("x\r\n")));
      FileEventLog log = rig.open();
      for (int i = 1; i <= 30; i++) {
        await(log.append(rig.event(DeliveryEvent.Type.DEFERRED, waiting.value(), i), Fate.STAYS));
      }
      await(log.append(rig.event(DeliveryEvent.Type.FAILED, "gone", 31), Fate.STAYS));
      await(log.append(rig.event(DeliveryEvent.Type.FAILED, "left", 32), Fate.STAYS));
      await(log.append(rig.event(DeliveryEvent.Type.FORWARDED, "left", 33), Fate.LEAVES));
      assertThat(await(log.trace(waiting))).hasSize(30);
      rig.close(log);
      rig.pass(Duration.ofDays(8));
      FileEventLog later = rig.open();
      await(later.sweep());
      Await.until(() -> await(later.read(Cursor.START, 100)).entries().isEmpty());
      assertThat(await(later.trace(waiting)))
          .extracting((JsonObject e) -> e.getInteger("number"))
          .isEqualTo(IntStream.rangeClosed(11, 30).boxed().toList());
      assertThat(await(later.trace(new MessageId("gone")))).isEmpty();
      assertThat(await(later.trace(new MessageId("left")))).isEmpty();
    }
  }
}
