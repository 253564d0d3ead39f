package io.stagepost.telemetry;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.vertx.core.json.JsonObject;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * The last lines of the log, whatever it is written to, for those who look from afar: JSON objects
 * with {@code number}, {@code time}, {@code level}, {@code text}, and where they are known {@code
 * relay}, {@code client} and {@code id}. Lines that are not logged are not here either.
 */
public final class LogTap implements AutoCloseable {

  private static final int MOST = 1_000;
  private static final int LONGEST = 2_000;

  private final Deque<JsonObject> lines = new ArrayDeque<>();
  private final Appender appender = new Appender();
  private long number;

  /** Begins to listen. */
  public LogTap() {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    appender.setContext(context);
    appender.start();
    context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(appender);
  }

  /** The last lines, the oldest first. */
  public List<JsonObject> lines() {
    synchronized (lines) {
      return List.copyOf(lines);
    }
  }

  @Override
  public void close() {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.getLogger(Logger.ROOT_LOGGER_NAME).detachAppender(appender);
    appender.stop();
  }

  private void logged(ILoggingEvent event) {
    String text = LineFormat.text(event);
    JsonObject line =
        new JsonObject()
            .put("time", event.getInstant().truncatedTo(ChronoUnit.MILLIS).toString())
            .put("level", event.getLevel().toString().toLowerCase(Locale.ROOT))
            .put("text", text.length() > LONGEST ? text.substring(0, LONGEST) + " ..." : text);
    put(line, "relay", LineFormat.fact(event, RelayLog.UNIT));
    put(line, "client", LineFormat.fact(event, RelayLog.ADDRESS));
    put(line, "id", LineFormat.fact(event, RelayLog.MESSAGE));
    synchronized (lines) {
      line.put("number", ++number);
      if (lines.size() == MOST) {
        lines.removeFirst();
      }
      lines.addLast(line);
    }
  }

  private static void put(JsonObject line, String key, @Nullable Object fact) {
    if (fact != null) {
      line.put(key, fact.toString());
    }
  }

  private final class Appender extends AppenderBase<ILoggingEvent> {

    @Override
    protected void append(ILoggingEvent event) {
      logged(event);
    }
  }
}
