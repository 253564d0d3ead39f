package io.stagepost.auth;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.stagepost.telemetry.RelayLog;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/** What the relay's log says in the meantime. */
final class LogLines extends AppenderBase<ILoggingEvent> implements AutoCloseable {

  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final Logger logger = (Logger) LoggerFactory.getLogger(RelayLog.LOGGER);

  private final Level usual = logger.getLevel();
  private final boolean usuallyAdditive = logger.isAdditive();

  private LogLines() {}

  static LogLines listening() {
    LogLines lines = new LogLines();
    lines.start();
    lines.logger.addAppender(lines);
    lines.logger.setLevel(Level.DEBUG);
    lines.logger.setAdditive(false);
    return lines;
  }

  /** As {@code warn: text}. */
  List<String> lines() {
    return List.copyOf(lines);
  }

  @Override
  public void close() {
    logger.detachAppender(this);
    logger.setLevel(usual);
    logger.setAdditive(usuallyAdditive);
  }

  @Override
  protected void append(ILoggingEvent event) {
    lines.add(
        event.getLevel().toString().toLowerCase(Locale.ROOT) + ": " + event.getFormattedMessage());
  }
}
