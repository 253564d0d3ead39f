package io.stagepost.events;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/** Reads the whole lines of a segment; a last one without an end is not there yet. */
final class LineReader {

  private static final int PIECE = 64 << 10;
  // Ten thousand recipients fit; what is longer was not written by us.
  private static final int LONGEST = 16 << 20;

  private LineReader() {}

  /** Looks at a line. */
  interface Visitor {
    /** Returns whether to go on. */
    boolean line(Line line) throws IOException;
  }

  /**
   * Reads lines from an offset on, which is the beginning of a line.
   *
   * @return the offset behind the last line that was looked at
   */
  static long read(Path path, long from, Visitor visitor) throws IOException {
    try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
      return read(file, from, visitor);
    } catch (NoSuchFileException e) {
      return from; // removed as too old
    }
  }

  private static long read(FileChannel file, long from, Visitor visitor) throws IOException {
    byte[] octets = new byte[PIECE];
    long base = from; // the offset of the first octet in the array
    int filled = 0;
    int searched = 0;
    while (true) {
      int got = file.read(ByteBuffer.wrap(octets, filled, octets.length - filled), base + filled);
      if (got <= 0) {
        return base;
      }
      filled += got;
      int start = 0;
      for (int at = searched; at < filled; at++) {
        if (octets[at] == '\n') {
          boolean more = visitor.line(new Line(octets, start, at, base + start));
          start = at + 1;
          if (!more) {
            return base + start;
          }
        }
      }
      searched = filled - start;
      System.arraycopy(octets, start, octets, 0, searched);
      base += start;
      filled = searched;
      if (filled == octets.length) {
        if (filled >= LONGEST) {
          return base;
        }
        octets = Arrays.copyOf(octets, octets.length * 2);
      }
    }
  }

  /** Where a line begins, and its sequence number. */
  record Start(long sequence, long offset) {}

  /** Where the last lines of a segment begin, so many of them at the most, in order. */
  static List<Start> last(Segment segment, int count) throws IOException {
    try (FileChannel file = FileChannel.open(segment.path(), StandardOpenOption.READ)) {
      long size = file.size();
      for (long window = PIECE; ; window *= 4) {
        long from = Math.max(0, size - window);
        ArrayDeque<Start> last = new ArrayDeque<>();
        // What a window begins with in the middle of a line has no number.
        read(file, from, line -> note(line, segment, last, count));
        if (last.size() == count || from == 0) {
          return List.copyOf(last);
        }
      }
    } catch (NoSuchFileException e) {
      return List.of(); // removed as too old
    }
  }

  private static boolean note(Line line, Segment segment, Deque<Start> last, int count) {
    if (line.sequence() > segment.base()) {
      last.add(new Start(line.sequence(), line.offset()));
      if (last.size() > count) {
        last.removeFirst();
      }
    }
    return true;
  }

  /** Whether a line begins at an offset. */
  static boolean isBeginning(FileChannel file, long offset) throws IOException {
    ByteBuffer before = ByteBuffer.allocate(1);
    return offset == 0 || (file.read(before, offset - 1) == 1 && before.get(0) == '\n');
  }

  /** The highest sequence number in the last lines of a segment, or its base when it has none. */
  static long last(Segment segment) throws IOException {
    try (FileChannel file = FileChannel.open(segment.path(), StandardOpenOption.READ)) {
      long size = file.size();
      for (long window = PIECE; ; window *= 4) {
        long from = Math.max(0, size - window);
        long[] last = {segment.base()};
        read(
            file,
            from,
            line -> {
              last[0] = Math.max(last[0], line.sequence());
              return true;
            });
        if (last[0] > segment.base() || from == 0) {
          return last[0];
        }
      }
    }
  }
}
