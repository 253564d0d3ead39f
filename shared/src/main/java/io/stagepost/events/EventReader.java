package io.stagepost.events;

import io.stagepost.events.EventPage.Entry;
import io.stagepost.events.EventPage.Loss;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/** Reads the events of all lanes in the order of their sequence numbers. Blocking. */
final class EventReader {

  private static final int REMEMBERED = 256;

  private final Path events;
  // Where those who read again and again have got to; others search their segment.
  private final Map<Place, Spot> spots =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Place, Spot> eldest) {
          return size() > REMEMBERED;
        }
      };

  private record Place(String lane, long sequence) {}

  private record Spot(Segment segment, long offset) {}

  private record Found(Place place, Spot after, JsonObject event) {}

  EventReader(Path events) {
    this.events = events;
  }

  EventPage read(Cursor after, int limit) throws IOException {
    List<Found> found = new ArrayList<>();
    List<Loss> lost = new ArrayList<>();
    Cursor cursor = after;
    for (Map.Entry<String, List<Segment>> lane : Lane.all(events).entrySet()) {
      List<Segment> segments = lane.getValue();
      long position = after.position(lane.getKey());
      if (!segments.isEmpty() && segments.getFirst().base() > position) {
        long oldest = segments.getFirst().base();
        // Who begins at the start has missed nothing.
        if (!after.equals(Cursor.START)) {
          lost.add(new Loss(Segment.time(position), Segment.time(oldest)));
        }
        cursor = cursor.at(lane.getKey(), oldest);
        position = oldest;
      }
      collect(segments, new Place(lane.getKey(), position), limit, found);
    }
    sort(found);
    return page(cursor, found.subList(0, Math.min(limit, found.size())), lost);
  }

  /** The newest events of all lanes. */
  EventPage newest(int limit) throws IOException {
    List<Found> found = new ArrayList<>();
    Cursor cursor = Cursor.START;
    for (Map.Entry<String, List<Segment>> lane : Lane.all(events).entrySet()) {
      Place start = before(lane.getKey(), lane.getValue(), limit);
      cursor = cursor.at(lane.getKey(), start.sequence());
      collect(lane.getValue(), start, limit, found);
    }
    sort(found);
    int passed = Math.max(0, found.size() - limit);
    for (Found one : found.subList(0, passed)) {
      cursor = cursor.at(one.place().lane(), one.place().sequence());
    }
    return page(cursor, found.subList(passed, found.size()), List.of());
  }

  // Within a lane they are in order already, and the sort is stable.
  private static void sort(List<Found> found) {
    found.sort(Comparator.comparingLong(f -> f.place().sequence()));
  }

  private EventPage page(Cursor start, List<Found> found, List<Loss> lost) {
    Cursor cursor = start;
    List<Entry> entries = new ArrayList<>();
    for (Found one : found) {
      cursor = cursor.at(one.place().lane(), one.place().sequence());
      entries.add(new Entry(cursor, one.place().sequence(), one.event()));
      remember(one);
    }
    return new EventPage(entries, cursor, lost);
  }

  /** The place in a lane behind which there are so many events, or its beginning. */
  private Place before(String lane, List<Segment> segments, int limit) throws IOException {
    int missing = limit;
    for (Segment segment : segments.reversed()) {
      List<LineReader.Start> last = LineReader.last(segment, missing);
      missing -= last.size();
      if (missing == 0) {
        Place place = new Place(lane, last.getFirst().sequence() - 1);
        remember(place, new Spot(segment, last.getFirst().offset()));
        return place;
      }
    }
    return new Place(lane, segments.isEmpty() ? 0 : segments.getFirst().base());
  }

  private static int firstWith(List<Segment> segments, long position) {
    int first = 0;
    while (first + 1 < segments.size() && segments.get(first + 1).base() <= position) {
      first++;
    }
    return first;
  }

  private void collect(List<Segment> segments, Place place, int limit, List<Found> found)
      throws IOException {
    int enough = found.size() + limit;
    for (int i = firstWith(segments, place.sequence()); i < segments.size(); i++) {
      Segment segment = segments.get(i);
      LineReader.read(
          segment.path(),
          offset(segment, place),
          line -> {
            long sequence = line.sequence();
            if (sequence > place.sequence()) {
              Spot next = new Spot(segment, line.next());
              line.json()
                  .ifPresent(
                      json -> found.add(new Found(new Place(place.lane(), sequence), next, json)));
            }
            return found.size() < enough;
          });
      if (found.size() >= enough) {
        return;
      }
    }
  }

  private long offset(Segment segment, Place place) {
    synchronized (spots) {
      Spot spot = spots.get(place);
      return spot != null && spot.segment().equals(segment) ? spot.offset() : 0;
    }
  }

  private void remember(Found found) {
    remember(found.place(), found.after());
  }

  private void remember(Place place, Spot spot) {
    synchronized (spots) {
      spots.put(place, spot);
    }
  }

  /** The cursor behind all. */
  Cursor end() throws IOException {
    Cursor cursor = Cursor.START;
    SortedMap<String, List<Segment>> lanes = Lane.all(events);
    for (Map.Entry<String, List<Segment>> lane : lanes.entrySet()) {
      if (!lane.getValue().isEmpty()) {
        cursor = cursor.at(lane.getKey(), LineReader.last(lane.getValue().getLast()));
      }
    }
    return cursor;
  }
}
