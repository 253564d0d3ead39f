package io.stagepost.telemetry;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.event.KeyValuePair;

/** Makes events for tests. */
final class Events {

  static final Instant TIME = Instant.parse("2026-11-21T13:05:09.007Z");

  private static final LoggerContext CONTEXT = (LoggerContext) LoggerFactory.getILoggerFactory();

  private Events() {}

  static LoggingEvent event(Level level, String text) {
    return event(RelayLog.LOGGER, level, text, null);
  }

  static LoggingEvent event(String logger, Level level, String text, @Nullable Throwable thrown) {
    LoggingEvent event =
        new LoggingEvent("fqcn", CONTEXT.getLogger(logger), level, text, thrown, null);
    event.setInstant(TIME);
    return event;
  }

  static LoggingEvent with(LoggingEvent event, String key, Object value) {
    event.addKeyValuePair(new KeyValuePair(key, value));
    return event;
  }

  /** A line of a named relay about a peer and a message. */
  static LoggingEvent full(String text) {
    LoggingEvent event = event(Level.DEBUG, text);
    with(event, RelayLog.UNIT, "in");
    with(event, RelayLog.ADDRESS, "192.0.2.1");
    with(event, RelayLog.PORT, 4321);
    return with(event, RelayLog.MESSAGE, "emailrelay.77.1795224783.2");
  }
}
