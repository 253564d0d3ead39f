package io.stagepost.telemetry;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import io.stagepost.telemetry.LogSettings.Field;
import io.stagepost.telemetry.LogSettings.Form;
import io.stagepost.telemetry.LogSettings.StandardError;
import io.stagepost.telemetry.LogSettings.Volume;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.time.InstantSource;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * The log of the process, set up as configured.
 *
 * <p>One at a time: starting another replaces the one before.
 */
public final class RelayLogging implements AutoCloseable {

  private static final String OURS = "io.stagepost";

  private final LogSettings settings;
  private final @Nullable LogQueue queue;
  private final @Nullable LogTarget target;

  private RelayLogging(LogSettings settings, @Nullable LogQueue queue, @Nullable LogTarget target) {
    this.settings = settings;
    this.queue = queue;
    this.target = target;
  }

  /**
   * Sets the log up; what was logged before went to standard error.
   *
   * @throws IOException when the log file can't be opened
   */
  public static RelayLogging start(LogSettings settings) throws IOException {
    return start(settings, InstantSource.system(), ZoneId.systemDefault());
  }

  static RelayLogging start(LogSettings settings, InstantSource clock, ZoneId zone)
      throws IOException {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    if (settings.volume() == Volume.OFF) {
      context.reset();
      context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(Level.OFF);
      return new RelayLogging(settings, null, null);
    }
    LogTarget target = target(settings, clock, zone);
    LineFormat format =
        settings.form() == Form.JSON
            ? new JsonLines(settings.program())
            : new TextLines(settings.program(), settings.fields(), zone);
    LogQueue queue = new LogQueue(format, target, clock, LogQueue.CAPACITY);
    context.reset();
    queue.setContext(context);
    queue.start();
    Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.setLevel(settings.fields().contains(Field.ORIGIN) ? Level.INFO : Level.WARN);
    root.addAppender(queue);
    context.getLogger(OURS).setLevel(level(settings.volume()));
    return new RelayLogging(settings, queue, target);
  }

  /** The relay is up: closes standard error if that was asked for; blocks for a moment. */
  public void started() throws IOException {
    if (settings.standardError() == StandardError.CLOSED) {
      if (target instanceof StandardErrorTarget standardError) {
        standardError.close();
      }
      // The JDK redirects the standard descriptors to /dev/null instead of closing them.
      new FileOutputStream(FileDescriptor.err).close();
    }
  }

  /** Writes what is still waiting, for a bounded time; not for an event loop. */
  @Override
  public void close() {
    if (queue != null) {
      queue.stop();
    }
  }

  private static LogTarget target(LogSettings settings, InstantSource clock, ZoneId zone)
      throws IOException {
    if (settings.file().isEmpty()) {
      return new StandardErrorTarget(new FileOutputStream(FileDescriptor.err));
    }
    FileTarget file = new FileTarget(settings.file().get(), zone);
    file.turn(clock.instant());
    return file;
  }

  private static Level level(Volume volume) {
    return switch (volume) {
      case OFF -> Level.OFF;
      case NORMAL -> Level.INFO;
      case VERBOSE -> Level.DEBUG;
      case DETAIL -> Level.TRACE;
    };
  }
}
