package io.stagepost.events;

import io.stagepost.spool.file.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * Removes segments that are too old or too much, oldest first. Those that a consumer has not read
 * to the end stay for twice as long. The last segment of a lane is never removed.
 */
final class Retention {

  private final Disk disk;
  private final EventLogOptions options;
  private final SavedCursors cursors;
  private final IdIndex index;
  private final InstantSource clock;

  /**
   * A segment that is followed by another.
   *
   * @param end the base of the next
   */
  private record Closed(Segment segment, long end, long size) {}

  Retention(
      Disk disk,
      EventLogOptions options,
      SavedCursors cursors,
      IdIndex index,
      InstantSource clock) {
    this.disk = disk;
    this.options = options;
    this.cursors = cursors;
    this.index = index;
    this.clock = clock;
  }

  void enforce() throws IOException {
    SortedMap<String, List<Segment>> lanes = Lane.all(options.events());
    List<Closed> closed = new ArrayList<>();
    long total = 0;
    for (List<Segment> segments : lanes.values()) {
      for (int i = 0; i < segments.size(); i++) {
        long size = size(segments.get(i).path());
        total += size;
        if (i + 1 < segments.size()) {
          closed.add(new Closed(segments.get(i), segments.get(i + 1).base(), size));
        }
      }
    }
    closed.sort((a, b) -> a.segment().compareTo(b.segment()));
    List<Cursor> readers = cursors.all();
    for (Closed candidate : closed) {
      int patience = isUnread(candidate, readers) ? 2 : 1;
      // The last segment is still to grow.
      long most = options.size() * patience - options.segment();
      if (total > most || isOlder(candidate.end(), patience)) {
        disk.delete(candidate.segment().path());
        index.forget(candidate.segment());
        total -= candidate.size();
      }
    }
    closeAbandoned(lanes);
  }

  private static boolean isUnread(Closed candidate, List<Cursor> readers) {
    return readers.stream()
        .anyMatch(cursor -> cursor.position(candidate.segment().lane()) < candidate.end());
  }

  private boolean isOlder(long sequence, int patience) {
    Duration age = options.keep().multipliedBy(patience);
    return Segment.time(sequence).isBefore(clock.instant().minus(age));
  }

  // Nobody else would ever follow the last segment of a process that has gone by another.
  private void closeAbandoned(SortedMap<String, List<Segment>> lanes) throws IOException {
    for (List<Segment> segments : lanes.values()) {
      if (segments.isEmpty()) {
        continue;
      }
      Segment newest = segments.getLast();
      Optional<Disk.Stat> stat = disk.stat(newest.path());
      Instant old = clock.instant().minus(options.segmentAge());
      if (stat.isEmpty() || stat.get().size() == 0 || stat.get().modified().isAfter(old)) {
        continue;
      }
      Optional<Lane> taken = Lane.tryTake(newest.path().getParent());
      if (taken.isPresent()) {
        try (Lane lane = taken.get()) {
          long last = LineReader.last(newest);
          if (last > newest.base()) {
            disk.openLog(Segment.in(lane.directory(), last).path()).close();
          }
        }
      }
    }
  }

  private long size(Path path) throws IOException {
    return disk.stat(path).map(Disk.Stat::size).orElse(0L);
  }
}
