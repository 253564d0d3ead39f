package io.stagepost.telemetry;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.filter.ThresholdFilter;
import io.stagepost.telemetry.LogSettings.Facility;
import io.stagepost.telemetry.LogSettings.Field;
import io.stagepost.telemetry.LogSettings.Form;
import io.stagepost.telemetry.LogSettings.StandardError;
import io.stagepost.telemetry.LogSettings.Volume;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * The log of the process, set up as configured.
 *
 * <p>One at a time: starting another replaces the one before.
 */
public final class RelayLogging implements AutoCloseable {

  private static final String OURS = "io.stagepost";
  // A test's way to another place than /dev/log.
  private static final String SYSTEM_SOCKET = "stagepost.syslog";

  private final LogSettings settings;
  private final ZoneId zone;
  private final List<LogQueue> queues;
  private final @Nullable LogTarget target;

  private RelayLogging(
      LogSettings settings, ZoneId zone, List<LogQueue> queues, @Nullable LogTarget target) {
    this.settings = settings;
    this.zone = zone;
    this.queues = List.copyOf(queues);
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
      return new RelayLogging(settings, zone, List.of(), null);
    }
    LogTarget target = target(settings, clock, zone);
    List<LogQueue> queues = new ArrayList<>();
    LogQueue queue = new LogQueue(format(settings, zone), target, clock, LogQueue.CAPACITY);
    if (isForTroubleOnly(settings)) {
      queue.addFilter(trouble());
    }
    queues.add(queue);
    settings.syslog().ifPresent(facility -> queues.add(system(settings, facility, clock, zone)));
    context.reset();
    Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    for (LogQueue each : queues) {
      each.setContext(context);
      each.start();
      root.addAppender(each);
    }
    setLevels(context, settings);
    return new RelayLogging(settings, zone, queues, target);
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

  /**
   * How much is logged, and what a line looks like, changes; where lines go stays as it was.
   * Without a log there is still none.
   */
  public void become(LogSettings next) {
    if (queues.isEmpty() || next.volume() == Volume.OFF) {
      return;
    }
    queues.getFirst().become(format(next, zone));
    settings
        .syslog()
        .filter(facility -> queues.size() > 1)
        .ifPresent(
            facility ->
                queues.getLast().become(new SyslogLines(format(next, zone), next, facility, zone)));
    setLevels((LoggerContext) LoggerFactory.getILoggerFactory(), next);
  }

  /** Writes what is still waiting, for a bounded time; not for an event loop. */
  @Override
  public void close() {
    queues.forEach(LogQueue::stop);
  }

  private static LineFormat format(LogSettings settings, ZoneId zone) {
    return settings.form() == Form.JSON
        ? new JsonLines(settings.program())
        : new TextLines(settings.program(), settings::fieldsOf, zone);
  }

  private static void setLevels(LoggerContext context, LogSettings settings) {
    boolean curious = settings.fields().contains(Field.ORIGIN);
    context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(curious ? Level.INFO : Level.WARN);
    context.getLogger(OURS).setLevel(level(settings.volume()));
  }

  private static LogQueue system(
      LogSettings settings, Facility facility, InstantSource clock, ZoneId zone) {
    LineFormat lines = new SyslogLines(format(settings, zone), settings, facility, zone);
    Path socket = Path.of(System.getProperty(SYSTEM_SOCKET, "/dev/log"));
    return new LogQueue(lines, new SyslogTarget(socket), clock, LogQueue.CAPACITY);
  }

  /**
   * What goes to the system's log is not wanted on standard error too when that is about to be
   * closed.
   */
  private static boolean isForTroubleOnly(LogSettings settings) {
    return settings.syslog().isPresent()
        && settings.file().isEmpty()
        && settings.standardError() == StandardError.CLOSED;
  }

  private static ThresholdFilter trouble() {
    ThresholdFilter filter = new ThresholdFilter();
    filter.setLevel(Level.WARN.toString());
    filter.start();
    return filter;
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
