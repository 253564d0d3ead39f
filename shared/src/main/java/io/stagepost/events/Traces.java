package io.stagepost.events;

import io.stagepost.spool.MessageId;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds what is known of a message, in the log and in what was kept with it. Blocking. */
final class Traces {

  // The second is that of the process's start, so no event of the message is older.
  private static final Pattern OWN_ID = Pattern.compile("emailrelay\\.[0-9]+\\.([0-9]{1,11})\\..*");
  private static final long CLOCK_SLACK_SECONDS = 600;

  private final Path events;
  private final IdIndex index;
  private final Attempts attempts;

  Traces(Path events, IdIndex index, Attempts attempts) {
    this.events = events;
    this.index = index;
    this.attempts = attempts;
  }

  List<JsonObject> of(MessageId id) throws IOException {
    long earliest = earliest(id);
    List<JsonObject> trace = new ArrayList<>();
    for (List<Segment> segments : Lane.all(events).values()) {
      for (int i = 0; i < segments.size(); i++) {
        if (i + 1 == segments.size() || segments.get(i + 1).base() >= earliest) {
          collect(segments.get(i), id, trace);
        }
      }
    }
    Set<JsonObject> known = new HashSet<>(trace);
    attempts.read(id.value()).stream().filter(known::add).forEach(trace::add);
    trace.sort(Comparator.comparing(Traces::time));
    return trace;
  }

  private void collect(Segment segment, MessageId id, List<JsonObject> trace) throws IOException {
    for (int offset : index.find(segment, id.value())) {
      LineReader.read(
          segment.path(),
          offset,
          line -> {
            if (line.id().equals(id.value())) {
              line.json().ifPresent(trace::add);
            }
            return false;
          });
    }
  }

  private static long earliest(MessageId id) {
    Matcher own = OWN_ID.matcher(id.value());
    return own.matches()
        ? Math.max(0, (Long.parseLong(own.group(1)) - CLOCK_SLACK_SECONDS) * 1_000_000)
        : 0;
  }

  private static Instant time(JsonObject event) {
    try {
      return Instant.parse(event.getString("time", ""));
    } catch (DateTimeException | ClassCastException e) {
      return Instant.EPOCH;
    }
  }
}
