package io.stagepost.telemetry;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * Puts in front of a line what syslog(3) does: priority, time, program and process id (RFC 3164
 * §4.1).
 */
final class SyslogLines implements LineFormat {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("MMM ppd HH:mm:ss", Locale.ROOT);
  private static final int ERROR = 3;
  private static final int WARNING = 4;
  private static final int INFO = 6;

  private final LineFormat line;
  private final int facility;
  private final String tag;
  private final ZoneId zone;

  SyslogLines(LineFormat line, LogSettings settings, LogSettings.Facility facility, ZoneId zone) {
    this.line = line;
    this.facility = facility.code() << 3;
    this.tag = " " + settings.program() + "[" + ProcessHandle.current().pid() + "]: ";
    this.zone = zone;
  }

  @Override
  public String format(ILoggingEvent event) {
    Instant time = event.getInstant();
    int priority = facility | severity(event.getLevel());
    return "<" + priority + ">" + TIME.format(time.atZone(zone)) + tag + line.format(event);
  }

  private static int severity(Level level) {
    if (level.isGreaterOrEqual(Level.ERROR)) {
      return ERROR;
    }
    return level.isGreaterOrEqual(Level.WARN) ? WARNING : INFO;
  }
}
