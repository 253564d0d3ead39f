package io.stagepost.events;

import static io.stagepost.events.EventLogRig.readAll;
import static io.stagepost.spool.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.stagepost.bus.DeliveryEvent;
import io.stagepost.events.EventLog.Fate;
import io.stagepost.spool.MessageId;
import io.stagepost.spool.file.FaultyDisk.Call;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** What happens when the disk doesn't take events: mail goes on, and the loss is told. */
class EventLogFaultsTest {

  @TempDir Path directory;
  private final ListAppender<ILoggingEvent> told = new ListAppender<>();
  private final Logger logger = (Logger) LoggerFactory.getLogger("io.stagepost.events");

  @BeforeEach
  void attach() {
    told.start();
    logger.addAppender(told);
  }

  @AfterEach
  void detach() {
    logger.detachAppender(told);
  }

  private List<String> warnings() {
    return told.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  private static List<Integer> range(int from, int to) {
    return IntStream.rangeClosed(from, to).boxed().toList();
  }

  @Test
  void d3AFullDiskLosesEventsAndSaysSoOnce() {
    try (EventLogRig rig = new EventLogRig(directory)) {
      FileEventLog log = rig.open();
      rig.append(log, 1, 3);
      rig.disk.fail(Call.WRITE, ".jsonl", "No space left on device");
      for (int i = 4; i <= 8; i++) {
        rig.append(log, i, i);
      }
      assertThat(log.lost()).isEqualTo(5);
      rig.disk.heal();
      rig.append(log, 9, 10);
      assertThat(log.lost()).isEqualTo(5);
      assertThat(readAll(log, Cursor.START, 100)).containsExactly(1, 2, 3, 9, 10);
      assertThat(warnings())
          .containsExactly(
              "events: cannot be written, and are lost while mail goes on:"
                  + " java.io.IOException: No space left on device",
              "events: writing again; 5 were lost");
      assertThat(rig.segments()).hasSizeLessThanOrEqualTo(2);
    }
  }

  @Test
  void d3HalfAWrittenBatchIsNoEvent() {
    try (EventLogRig rig = new EventLogRig(directory)) {
      FileEventLog log = rig.open();
      rig.append(log, 1, 3);
      Path segment = rig.segments().getFirst();
      rig.disk.trap(
          (call, path) -> {
            if (call == Call.WRITE && path.equals(segment)) {
              Files.writeString(
                  path, Files.readString(path) + "{\"seq\":1,\"version\":1,\"type\":\"rece");
              throw new IOException("Input/output error");
            }
          });
      rig.append(log, 4, 4);
      rig.disk.heal();
      rig.append(log, 5, 6);
      assertThat(readAll(log, Cursor.START, 100)).containsExactly(1, 2, 3, 5, 6);
      assertThat(await(log.trace(new MessageId("m5")))).hasSize(1);
    }
  }

  @Test
  void aDirectoryThatCannotBeMadeIsTriedAgain() throws IOException {
    Path inTheWay = Files.writeString(directory.resolve(".stagepost"), "a file");
    try (EventLogRig rig = new EventLogRig(directory)) {
      FileEventLog log = rig.open();
      rig.append(log, 1, 2);
      assertThat(log.lost()).isEqualTo(2);
      Files.delete(inTheWay);
      rig.append(log, 3, 4);
      assertThat(readAll(log, Cursor.START, 100)).isEqualTo(range(3, 4));
    }
  }

  @Test
  void anEventThatCannotBeKeptWithItsMessageIsInTheLog() {
    try (EventLogRig rig = new EventLogRig(directory)) {
      FileEventLog log = rig.open();
      rig.disk.fail(Call.CREATE, ".tmp", "No space left on device");
      await(log.append(rig.event(DeliveryEvent.Type.DEFERRED, "m", 1), Fate.STAYS));
      assertThat(await(log.trace(new MessageId("m")))).hasSize(1);
      assertThat(log.lost()).isZero();
      assertThat(warnings()).hasSize(1).first().asString().contains("cannot be kept with m");
    }
  }
}
