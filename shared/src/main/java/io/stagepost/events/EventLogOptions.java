package io.stagepost.events;

import java.nio.file.Path;
import java.time.Duration;

/**
 * Where an event log is and how much it keeps.
 *
 * @param spool the directory of the spool; the log is in {@code .stagepost} below it
 * @param size octets that the events may take; older ones go
 * @param keep how long events are kept
 */
public record EventLogOptions(Path spool, long size, Duration keep) {

  private static final long LEAST_SEGMENT = 16 << 10;
  private static final long MOST_SEGMENT = 8 << 20;

  /** Checks the ranges. */
  public EventLogOptions {
    if (size < 1 || !keep.isPositive()) {
      throw new IllegalArgumentException("size and keep must be positive");
    }
  }

  /** 64 MiB and a week. */
  public static EventLogOptions defaults(Path spool) {
    return new EventLogOptions(spool, 64 << 20, Duration.ofDays(7));
  }

  /** Where the lanes are. */
  Path events() {
    return directory("events");
  }

  /** Where the events are that are kept with their messages. */
  Path attempts() {
    return directory("attempts");
  }

  /** Where the cursors of consumers are. */
  Path cursors() {
    return directory("cursors");
  }

  private Path directory(String name) {
    return spool.toAbsolutePath().normalize().resolve(".stagepost").resolve(name);
  }

  /** The size at which a file is followed by the next. */
  long segment() {
    return Math.clamp(size / 16, LEAST_SEGMENT, MOST_SEGMENT);
  }

  /** The age at which a file is followed by the next, so that old events can go. */
  Duration segmentAge() {
    return keep.dividedBy(8);
  }
}
