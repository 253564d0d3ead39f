package io.stagepost.forwarder;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.stagepost.telemetry.RelayLog;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.LoggerFactory;

/** Collects the relay's log lines, as {@code LEVEL text}. */
final class LogLines implements AutoCloseable {

  private final Logger logger = (Logger) LoggerFactory.getLogger(RelayLog.LOGGER);
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final LinkedBlockingQueue<String> queue = new LinkedBlockingQueue<>();
  private final AppenderBase<ILoggingEvent> appender =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
          lines.add(event.getLevel() + " " + event.getFormattedMessage());
          queue.add(event.getFormattedMessage());
        }
      };

  LogLines() {
    logger.setLevel(Level.DEBUG);
    appender.setContext(logger.getLoggerContext());
    appender.start();
    logger.addAppender(appender);
  }

  List<String> lines() {
    return lines;
  }

  /** Waits for a line that begins with this text. */
  void await(String text) {
    try {
      String line = "";
      while (line != null && !line.startsWith(text)) {
        line = queue.poll(Rig.PATIENCE_SECONDS, TimeUnit.SECONDS);
      }
      assertThat(line).as("a line of the log: " + text + "\n" + lines).isNotNull();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    logger.detachAppender(appender);
  }
}
