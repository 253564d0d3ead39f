package io.stagepost.events;

import io.stagepost.spool.file.Disk;
import io.vertx.core.buffer.Buffer;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes the events of this process into a lane, one segment after the other. One thread's. */
final class LaneWriter implements Closeable {

  private final Disk disk;
  private final EventLogOptions options;
  private final IdIndex index;
  private final InstantSource clock;
  private ByteBuffer buffer = ByteBuffer.allocate(0);
  private @Nullable Lane lane;
  private @Nullable Segment segment;
  private Disk.@Nullable Log file;
  private long position;
  private long dirty; // a write that failed may have reached this far
  private boolean torn;
  private long last;
  private Instant begun = Instant.MAX;

  /** An event in its published form, and the message's id. */
  interface Written {
    Buffer json();

    String id();
  }

  LaneWriter(Disk disk, EventLogOptions options, IdIndex index, InstantSource clock) {
    this.disk = disk;
    this.options = options;
    this.index = index;
    this.clock = clock;
  }

  /** Takes a lane and goes on where it ends; does nothing when that was done. */
  void open() throws IOException {
    if (file != null) {
      return;
    }
    Lane taken = lane;
    if (taken == null) {
      taken = Lane.take(options.events());
      lane = taken;
    }
    List<Segment> there = Lane.segments(taken.directory());
    Segment newest = there.isEmpty() ? Segment.in(taken.directory(), 0) : there.getLast();
    position = disk.stat(newest.path()).map(Disk.Stat::size).orElse(0L);
    last = Math.max(last, position == 0 ? newest.base() : LineReader.last(newest));
    torn = position > 0 && !endsWithLine(newest);
    begun = position == 0 ? Instant.MAX : firstTime(newest);
    dirty = 0;
    file = disk.openLog(newest.path());
    segment = newest;
  }

  private static Instant firstTime(Segment segment) throws IOException {
    long[] first = {0};
    LineReader.read(
        segment.path(),
        0,
        line -> {
          first[0] = line.sequence();
          return first[0] <= 0;
        });
    return Segment.time(Math.max(first[0], segment.base()));
  }

  private boolean endsWithLine(Segment newest) throws IOException {
    try (FileChannel channel = FileChannel.open(newest.path(), StandardOpenOption.READ)) {
      return LineReader.isBeginning(channel, position);
    }
  }

  /**
   * Writes all of a batch, or fails; what of it can be read then is not known.
   *
   * @return whether a new segment was begun
   */
  boolean write(List<? extends Written> batch) throws IOException {
    open();
    int room = 1;
    for (Written event : batch) {
      room += event.json().length() + Line.EXTRA;
    }
    // Who has read what a failed attempt left behind must not go on in the middle of a line.
    Segment before = segment();
    if (position > 0 && (position + room > options.segment() || dirty > position)) {
      turn();
    }
    Segment here = segment();
    ByteBuffer out = cleared(room + (int) Math.max(0, dirty - position));
    if (torn) {
      out.put((byte) '\n');
    }
    int[] starts = new int[batch.size() + 1];
    for (int i = 0; i < batch.size(); i++) {
      starts[i] = out.position();
      last = Math.max(last + 1, Segment.sequence(clock.instant()));
      Line.write(last, batch.get(i).json(), out);
    }
    starts[batch.size()] = out.position();
    // What an earlier attempt has left behind must not be read as lines.
    while (position + out.position() < dirty) {
      out.put((byte) '\n');
    }
    int length = out.position();
    dirty = Math.max(dirty, position + length);
    log().write(out.flip(), position);
    for (int i = 0; i < batch.size(); i++) {
      index.add(here, batch.get(i).id(), position + starts[i], position + starts[i + 1]);
    }
    begun = begun.equals(Instant.MAX) ? clock.instant() : begun;
    position += length;
    torn = false;
    return !here.equals(before);
  }

  /** Begins a new segment when this one is old, so that it can go in time. */
  void turnIfOld() throws IOException {
    if (file != null && clock.instant().minus(options.segmentAge()).isAfter(begun)) {
      turn();
    }
  }

  private void turn() throws IOException {
    Segment full = segment();
    if (last == full.base()) {
      return;
    }
    Segment next = Segment.in(full.path().getParent(), last);
    Disk.Log fresh = disk.openLog(next.path());
    log().close();
    file = fresh;
    segment = next;
    position = 0;
    dirty = 0;
    torn = false;
    begun = Instant.MAX;
  }

  private ByteBuffer cleared(int room) {
    if (buffer.capacity() < room) {
      buffer = ByteBuffer.allocate(Math.max(8192, room + room / 2));
    }
    return buffer.clear();
  }

  private Segment segment() {
    Segment current = segment;
    if (current == null) {
      throw new IllegalStateException("not open");
    }
    return current;
  }

  private Disk.Log log() {
    Disk.Log current = file;
    if (current == null) {
      throw new IllegalStateException("not open");
    }
    return current;
  }

  @Override
  public void close() throws IOException {
    Disk.Log open = file;
    Lane held = lane;
    file = null;
    lane = null;
    try {
      if (open != null) {
        open.close();
      }
    } finally {
      if (held != null) {
        held.close();
      }
    }
  }
}
