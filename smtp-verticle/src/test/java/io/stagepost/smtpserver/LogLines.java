package io.stagepost.smtpserver;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.stagepost.telemetry.RelayLog;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.slf4j.LoggerFactory;

/** Catches the relay's log while it is open. */
final class LogLines extends AppenderBase<ILoggingEvent> implements AutoCloseable {

  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final Logger logger = (Logger) LoggerFactory.getLogger(RelayLog.LOGGER);

  LogLines(Level level) {
    logger.setLevel(level);
    start();
    logger.addAppender(this);
  }

  /** The lines so far, each after its level. */
  List<String> lines() {
    return lines;
  }

  /** Waits for a line that holds the text. */
  void await(String text) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    synchronized (lines) {
      while (lines.stream().noneMatch(line -> line.contains(text))) {
        try {
          TimeUnit.NANOSECONDS.timedWait(lines, Math.max(1, deadline - System.nanoTime()));
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new IllegalStateException(e);
        }
        if (System.nanoTime() > deadline) {
          throw new AssertionError("the log never said: " + text + "\n" + lines);
        }
      }
    }
  }

  @Override
  protected void append(ILoggingEvent event) {
    synchronized (lines) {
      lines.add(event.getLevel() + " " + event.getFormattedMessage());
      lines.notifyAll();
    }
  }

  @Override
  public void close() {
    logger.detachAppender(this);
    logger.setLevel(Level.INFO);
  }
}
