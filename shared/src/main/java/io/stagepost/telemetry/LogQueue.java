package io.stagepost.telemetry;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Hands lines to a thread of its own, which writes them in order, so that nobody who logs ever
 * waits for a disk or a terminal.
 *
 * <p>When it is full, lines are dropped; a line says how many, as soon as there is room or every
 * second. The same holds for lines that could not be written.
 */
final class LogQueue extends UnsynchronizedAppenderBase<ILoggingEvent> {

  /** How many lines may wait. */
  static final int CAPACITY = 16_384;

  private static final int BATCH = 256;
  // Lines may gather so long, as a write for each costs more than making it.
  private static final long GATHER_MILLIS = 5;
  private static final long STOP_SECONDS = 5;

  private static final long REPORT_MILLIS = 1000;

  private volatile LineFormat format;
  private final LogTarget target;
  private final InstantSource clock;
  private final BlockingQueue<ILoggingEvent> queue;
  private final AtomicLong lost = new AtomicLong();
  private final ILoggingEvent end = new LoggingEvent();
  private final Thread writer = new Thread(this::run, "log");
  private final Lines lines = new Lines();
  private long lastReport;

  /** Lines that are written together. */
  private static final class Lines extends ByteArrayOutputStream {

    private int number;

    void add(String line) {
      writeBytes(line.getBytes(StandardCharsets.UTF_8));
      write('\n');
      number++;
    }

    void writeTo(LogTarget target) throws IOException {
      target.write(buf, size());
    }

    void clear() {
      reset();
      number = 0;
    }
  }

  LogQueue(LineFormat format, LogTarget target, InstantSource clock, int capacity) {
    this.format = format;
    this.target = target;
    this.clock = clock;
    this.queue = new ArrayBlockingQueue<>(capacity);
    writer.setDaemon(true);
    setName("queue");
  }

  /** What is written from now on looks like this. */
  void become(LineFormat next) {
    format = next;
  }

  @Override
  public void start() {
    super.start();
    writer.start();
  }

  @Override
  protected void append(ILoggingEvent event) {
    event.prepareForDeferredProcessing();
    if (!queue.offer(event)) {
      lost.incrementAndGet();
    }
  }

  /** Waits, for a bounded time, until all lines are written; not for an event loop. */
  @Override
  public void stop() {
    if (!isStarted()) {
      return;
    }
    super.stop();
    try {
      if (queue.offer(end, STOP_SECONDS, TimeUnit.SECONDS)) {
        writer.join(TimeUnit.SECONDS.toMillis(STOP_SECONDS));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    List<ILoggingEvent> batch = new ArrayList<>(BATCH);
    boolean running = true;
    long written = System.nanoTime() - GATHER_MILLIS * 1_000_000;
    while (running) {
      try {
        batch.add(queue.take());
        long early = GATHER_MILLIS - (System.nanoTime() - written) / 1_000_000;
        if (early > 0 && queue.size() < BATCH) {
          Thread.sleep(early);
        }
      } catch (InterruptedException e) {
        return; // Nobody does; the JVM is on its way out.
      }
      queue.drainTo(batch, BATCH - 1);
      running = write(batch);
      written = System.nanoTime();
      batch.clear();
    }
    try {
      target.close();
    } catch (IOException e) {
      addError("closing the log", e);
    }
  }

  /** Writes a batch; false when it was the last. */
  private boolean write(List<ILoggingEvent> batch) {
    boolean more = true;
    for (ILoggingEvent event : batch) {
      if (event.equals(end)) {
        more = false;
      } else {
        add(event);
      }
    }
    long count = isReportDue() || !more ? lost.getAndSet(0) : 0;
    if (count > 0) {
      add(lossOf(count));
    }
    // A loss that could not be reported is one again, so that the number is right in the end.
    if (!flush() && count > 0) {
      lost.addAndGet(count - 1);
    }
    return more;
  }

  /** Not for each batch of a flood, but when it is over, and every second. */
  private boolean isReportDue() {
    long now = clock.millis();
    if (queue.isEmpty() || now - lastReport >= REPORT_MILLIS) {
      lastReport = now;
      return true;
    }
    return false;
  }

  private void add(ILoggingEvent event) {
    Instant time = event.getInstant();
    if (target.turnsAt(time)) {
      flush();
      try {
        target.turn(time);
      } catch (IOException e) {
        addError("opening the log", e);
      }
    }
    try {
      lines.add(format.format(event));
    } catch (RuntimeException e) {
      // An argument of a library's line may fail to print; the log goes on.
      addError("formatting a line", e);
      lost.incrementAndGet();
    }
  }

  private boolean flush() {
    try {
      if (lines.size() > 0) {
        lines.writeTo(target);
      }
      return true;
    } catch (IOException e) {
      addError("writing the log", e);
      lost.addAndGet(lines.number);
      return false;
    } finally {
      lines.clear();
    }
  }

  private LoggingEvent lossOf(long count) {
    LoggingEvent event = new LoggingEvent();
    event.setLevel(Level.WARN);
    event.setLoggerName(RelayLog.LOGGER);
    event.setMessage("lines lost from the log: " + count);
    event.setInstant(clock.instant());
    return event;
  }
}
