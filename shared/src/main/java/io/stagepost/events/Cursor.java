package io.stagepost.events;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How far a consumer has read in an {@link EventLog}: for each process that writes, the sequence
 * number of the last event read.
 *
 * <p>As text, {@code 0:1763712000000042,1:1763712000000917}: printable ASCII without blanks, empty
 * for the start; fit for a header of HTTP.
 *
 * @param positions sequence numbers by lane
 */
public record Cursor(Map<String, Long> positions) {

  /** Before the oldest event that is kept. */
  public static final Cursor START = new Cursor(Map.of());

  // More lanes than processes that ever shared a spool at the same time.
  private static final int MOST_LANES = 1000;
  private static final Pattern ITEM = Pattern.compile("([0-9a-z]{1,40}):([0-9]{1,18})");

  /** Copies the positions. */
  public Cursor {
    positions = Map.copyOf(positions);
  }

  /** Reads what {@link #toString()} has made, or is empty when it is something else. */
  public static Optional<Cursor> parse(String text) {
    if (text.isEmpty()) {
      return Optional.of(START);
    }
    Map<String, Long> positions = new TreeMap<>();
    for (String item : text.split(",", MOST_LANES + 1)) {
      var parts = ITEM.matcher(item);
      if (!parts.matches() || positions.size() == MOST_LANES) {
        return Optional.empty();
      }
      positions.put(parts.group(1), Long.valueOf(parts.group(2)));
    }
    return Optional.of(new Cursor(positions));
  }

  /** The position in a lane; 0 for its beginning. */
  long position(String lane) {
    return positions.getOrDefault(lane, 0L);
  }

  /** The same at another position in a lane. */
  Cursor at(String lane, long sequence) {
    Map<String, Long> moved = new TreeMap<>(positions);
    moved.put(lane, sequence);
    return new Cursor(moved);
  }

  @Override
  public String toString() {
    return new TreeMap<>(positions)
        .entrySet().stream()
            .map(e -> e.getKey() + ':' + e.getValue())
            .collect(Collectors.joining(","));
  }
}
