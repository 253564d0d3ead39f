package io.stagepost.events;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file of events: lines of JSON whose sequence numbers are above its base and rise. The base is
 * the number of the last event before it, so that a gap before the oldest file can be told.
 *
 * <p>Sequence numbers are never below the microseconds since 1970 at the time of writing, unless
 * the clock is set back, so a base is a time as well.
 */
record Segment(String lane, long base, Path path) implements Comparable<Segment> {

  private static final Pattern NAME = Pattern.compile("([0-9]{1,18})\\.jsonl");

  /** The segment of a name in the directory of its lane, or empty when it is something else. */
  static Optional<Segment> of(Path lane, String name) {
    Matcher parts = NAME.matcher(name);
    return parts.matches()
        ? Optional.of(
            new Segment(
                lane.getFileName().toString(), Long.parseLong(parts.group(1)), lane.resolve(name)))
        : Optional.empty();
  }

  static Segment in(Path lane, long base) {
    return new Segment(lane.getFileName().toString(), base, lane.resolve(base + ".jsonl"));
  }

  /** The time that a sequence number stands for. */
  static Instant time(long sequence) {
    return Instant.EPOCH.plusNanos(sequence * 1000);
  }

  /** The sequence number that a time stands for. */
  static long sequence(Instant time) {
    return time.getEpochSecond() * 1_000_000 + time.getNano() / 1000;
  }

  @Override
  public int compareTo(Segment other) {
    int order = Long.compare(base, other.base);
    return order != 0 ? order : lane.compareTo(other.lane);
  }
}
