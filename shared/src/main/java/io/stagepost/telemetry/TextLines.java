package io.stagepost.telemetry;

import ch.qos.logback.classic.spi.ILoggingEvent;
import io.stagepost.telemetry.LogSettings.Field;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;

/**
 * The original's lines: program, time, level, origin, unit, peer, message id and text.
 *
 * <p>Whatever the text holds stays on one line: control characters are escaped here once more, and
 * a line is cut near {@value #LONGEST} octets.
 */
final class TextLines implements LineFormat {

  static final int LONGEST = 1000;

  private static final String CUT = " ...";
  private static final String ID_PREFIX = "emailrelay.";
  private static final DateTimeFormatter SECOND =
      DateTimeFormatter.ofPattern("yyyyMMdd.HHmmss", Locale.ROOT);

  private final String program;
  private final Function<String, Set<Field>> fieldsOf;
  private final ZoneId zone;
  private long lastSecond = Long.MIN_VALUE;
  private String lastSecondText = "";

  TextLines(String program, Set<Field> fields, ZoneId zone) {
    this(program, unit -> fields, zone);
  }

  /**
   * Lines whose fields depend on the relay that they are about.
   *
   * @param fieldsOf the fields for its name, which is empty for none
   */
  TextLines(String program, Function<String, Set<Field>> fieldsOf, ZoneId zone) {
    this.program = program;
    this.fieldsOf = fieldsOf;
    this.zone = zone;
  }

  @Override
  public String format(ILoggingEvent event) {
    StringBuilder line = new StringBuilder(120).append(program).append(": ");
    Object unit = LineFormat.fact(event, RelayLog.UNIT);
    Set<Field> fields = fieldsOf.apply(unit == null ? "" : unit.toString());
    if (fields.contains(Field.TIME)) {
      appendTime(line, event.getInstant());
    }
    line.append(LineFormat.level(event)).append(": ");
    if (fields.contains(Field.ORIGIN)) {
      line.append(origin(event.getLoggerName())).append(": ");
    }
    String text = LineFormat.text(event);
    if (unit != null && (fields.contains(Field.UNIT) || namesUnitAlways(text))) {
      line.append('[').append(LogText.escape(unit.toString())).append("] ");
    }
    appendPeer(line, event, fields);
    if (fields.contains(Field.MSGID)) {
      appendMessageId(line, event);
    }
    return cut(line.append(LogText.escape(text)).toString());
  }

  private void appendTime(StringBuilder line, Instant time) {
    if (time.getEpochSecond() != lastSecond) {
      lastSecond = time.getEpochSecond();
      lastSecondText = SECOND.format(time.atZone(zone));
    }
    int millis = time.getNano() / 1_000_000;
    line.append(lastSecondText)
        .append('.')
        .append((char) ('0' + millis / 100))
        .append((char) ('0' + millis / 10 % 10))
        .append((char) ('0' + millis % 10))
        .append(": ");
  }

  /** Without their unit these would look alike for all relays of a process. */
  private static boolean namesUnitAlways(String text) {
    return text.startsWith("forwarding to ")
        || text.startsWith("smtp server on ")
        || text.startsWith("pop server on ")
        || text.startsWith("admin server on ");
  }

  private static void appendPeer(StringBuilder line, ILoggingEvent event, Set<Field> fields) {
    Object address = LineFormat.fact(event, RelayLog.ADDRESS);
    Object port = LineFormat.fact(event, RelayLog.PORT);
    boolean withAddress = address != null && fields.contains(Field.ADDRESS);
    boolean withPort = port != null && fields.contains(Field.PORT);
    if (withAddress) {
      line.append(LogText.escape(address.toString())).append(withPort ? ";" : "; ");
    }
    if (withPort) {
      line.append(port).append(": ");
    }
  }

  private static void appendMessageId(StringBuilder line, ILoggingEvent event) {
    Object message = LineFormat.fact(event, RelayLog.MESSAGE);
    if (message != null) {
      String id = message.toString();
      String bare = id.startsWith(ID_PREFIX) ? id.substring(ID_PREFIX.length()) : id;
      line.append('(').append(LogText.escape(bare)).append(") ");
    }
  }

  private static String origin(String logger) {
    return LogText.escape(logger.substring(logger.lastIndexOf('.') + 1));
  }

  private static String cut(String line) {
    if (line.length() <= LONGEST / 3) {
      return line; // No character takes more than three octets for each char.
    }
    byte[] octets = line.getBytes(StandardCharsets.UTF_8);
    if (octets.length <= LONGEST) {
      return line;
    }
    int end = LONGEST - CUT.length();
    while ((octets[end] & 0xc0) == 0x80) {
      end--; // Not within a character.
    }
    return new String(octets, 0, end, StandardCharsets.UTF_8) + CUT;
  }
}
