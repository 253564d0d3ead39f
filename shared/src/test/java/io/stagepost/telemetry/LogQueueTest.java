package io.stagepost.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The queue between those who log and the disk. */
@Timeout(30)
class LogQueueTest {

  /** A target that can be made to hang or to fail. */
  private static final class Target implements LogTarget {

    private final List<String> lines = new ArrayList<>();
    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch released;
    private int failures;
    private boolean closed;

    Target(int holds, int failures) {
      this.released = new CountDownLatch(holds);
      this.failures = failures;
    }

    @Override
    public void write(byte[] text, int length) throws IOException {
      entered.countDown();
      try {
        released.await();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
      if (failures-- > 0) {
        throw new IOException("no space");
      }
      lines.addAll(List.of(new String(text, 0, length, StandardCharsets.UTF_8).split("\n")));
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  @Test
  void writesInOrderAndAllOfItWhenStopped() {
    Target target = new Target(0, 0);
    LogQueue queue = queue(target, LogQueue.CAPACITY);
    IntStream.range(0, 10_000).forEach(i -> log(queue, "line " + i));
    queue.stop();
    assertThat(target.lines)
        .containsExactlyElementsOf(
            IntStream.range(0, 10_000).mapToObj(i -> "p: info: line " + i).toList());
    assertThat(target.closed).isTrue();
  }

  @Test
  void saysHowManyLinesWereDropped() throws InterruptedException {
    Target target = new Target(1, 0);
    LogQueue queue = queue(target, 3);
    log(queue, "first");
    target.entered.await();
    IntStream.range(0, 8).forEach(i -> log(queue, "line " + i)); // 3 fit, and nobody waits.
    target.released.countDown();
    queue.stop();
    assertThat(target.lines)
        .containsExactly(
            "p: info: first",
            "p: info: line 0",
            "p: info: line 1",
            "p: info: line 2",
            "p: warning: lines lost from the log: 5");
  }

  @Test
  void countsLinesThatCouldNotBeWritten() throws InterruptedException {
    Target target = new Target(1, 1);
    LogQueue queue = queue(target, 10);
    log(queue, "first");
    target.entered.await();
    log(queue, "second");
    target.released.countDown();
    queue.stop();
    assertThat(target.lines)
        .containsExactly("p: info: second", "p: warning: lines lost from the log: 1");
  }

  private static LogQueue queue(LogTarget target, int capacity) {
    LogQueue queue =
        new LogQueue(
            new TextLines("p", Set.of(), ZoneOffset.UTC),
            target,
            InstantSource.fixed(Events.TIME),
            capacity);
    queue.setContext(new ch.qos.logback.classic.LoggerContext());
    queue.start();
    return queue;
  }

  private static void log(LogQueue queue, String text) {
    queue.doAppend(Events.event(Level.INFO, text));
  }
}
