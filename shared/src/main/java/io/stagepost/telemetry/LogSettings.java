package io.stagepost.telemetry;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The log of a process.
 *
 * @param program what each line begins with
 * @param fields what else is in a line, apart from its level and text
 * @param file its path, where {@code %d} stands for the day as yyyymmdd and {@code %h} for the
 *     hour; instead of standard error
 * @param standardError whether that is closed once the relay is up
 * @param syslog the facility under which the system's log gets every line too
 * @param units the fields of lines about relays of these names, instead of {@code fields}
 */
public record LogSettings(
    String program,
    Volume volume,
    Form form,
    Set<Field> fields,
    Optional<Path> file,
    StandardError standardError,
    Optional<Facility> syslog,
    Map<String, Set<Field>> units) {

  /** Copies the collections. */
  public LogSettings {
    fields = Set.copyOf(fields);
    units = Map.copyOf(units);
  }

  /** The fields of lines about a relay, or about none when the name is empty. */
  Set<Field> fieldsOf(String unit) {
    return units.isEmpty() ? fields : units.getOrDefault(unit, fields);
  }

  /** How much is logged. */
  public enum Volume {
    /** Nothing at all. */
    OFF,
    /** What every administrator wants to know. */
    NORMAL,
    /** The dialogue and the life of messages too. */
    VERBOSE,
    /** The smallest steps too. */
    DETAIL
  }

  /** What a line looks like. */
  public enum Form {
    /** As the original writes it; only the chosen fields. */
    TEXT,
    /** A JSON object with all fields. */
    JSON
  }

  /** A part of a line in the form of text. */
  public enum Field {
    TIME,
    /** The logger; with it, libraries tell more. */
    ORIGIN,
    /** The name of the relay. */
    UNIT,
    /** The peer. */
    ADDRESS,
    PORT,
    /** The message. */
    MSGID
  }

  /** Whether standard error is closed once the relay is up. */
  public enum StandardError {
    KEPT,
    CLOSED
  }

  /** What the system's log files lines under (RFC 3164 §4.1.1). */
  public enum Facility {
    USER(1),
    MAIL(2),
    DAEMON(3),
    LOCAL0(16),
    LOCAL1(17),
    LOCAL2(18),
    LOCAL3(19),
    LOCAL4(20),
    LOCAL5(21),
    LOCAL6(22),
    LOCAL7(23);

    private final int code;

    Facility(int code) {
      this.code = code;
    }

    /** Its number on the wire. */
    public int code() {
      return code;
    }
  }

  /** No log. */
  public static LogSettings off(String program) {
    return new LogSettings(
        program,
        Volume.OFF,
        Form.TEXT,
        Set.of(),
        Optional.empty(),
        StandardError.KEPT,
        Optional.empty(),
        Map.of());
  }
}
