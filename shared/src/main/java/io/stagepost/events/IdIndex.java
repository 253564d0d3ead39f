package io.stagepost.events;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Where in a segment a message's events are, by the hash of its id. Own events are added as they
 * are written; others when somebody asks.
 *
 * <p>Holds about {@link #MOST} events at eight octets each; beyond that the oldest segments are
 * forgotten and read again when somebody asks.
 */
final class IdIndex {

  private static final int MOST = 1 << 18;

  private final Map<Segment, Ids> segments = new HashMap<>();

  /** The events of one segment. */
  private static final class Ids {
    private int[] hashes = new int[64];
    private int[] offsets = new int[64];
    private int count;
    private long known; // so much of the file is in here

    private synchronized void add(int hash, long offset, long end) {
      if (offset == known) {
        put(hash, offset);
        known = end;
      }
    }

    private void put(int hash, long offset) {
      if (count == hashes.length) {
        hashes = Arrays.copyOf(hashes, count * 2);
        offsets = Arrays.copyOf(offsets, count * 2);
      }
      hashes[count] = hash;
      offsets[count] = (int) offset;
      count++;
    }

    private synchronized int[] find(Segment segment, int hash) throws IOException {
      known =
          LineReader.read(
              segment.path(),
              known,
              line -> {
                if (line.sequence() > 0) {
                  put(line.id().hashCode(), line.offset());
                }
                return true;
              });
      return IntStream.range(0, count)
          .filter(i -> hashes[i] == hash)
          .map(i -> offsets[i])
          .toArray();
    }
  }

  /** Notes a line that was written. */
  void add(Segment segment, String id, long offset, long end) {
    Ids ids = offset == 0 ? of(segment) : known(segment);
    if (ids != null) {
      ids.add(id.hashCode(), offset, end);
    }
  }

  /** The offsets of the lines that may be about a message. */
  int[] find(Segment segment, String id) throws IOException {
    return of(segment).find(segment, id.hashCode());
  }

  synchronized void forget(Segment segment) {
    segments.remove(segment);
  }

  private synchronized @Nullable Ids known(Segment segment) {
    return segments.get(segment);
  }

  private synchronized Ids of(Segment segment) {
    while (segments.values().stream().mapToInt(ids -> ids.count).sum() > MOST) {
      segments.keySet().stream().sorted().findFirst().ifPresent(segments::remove);
    }
    return segments.computeIfAbsent(segment, s -> new Ids());
  }
}
