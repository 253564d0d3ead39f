package io.stagepost.pop;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.stagepost.telemetry.LogText;
import io.stagepost.telemetry.RelayLog;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.function.IntFunction;

/**
 * A reply of several lines, made a piece at a time. None of them begins with a dot.
 *
 * @param first the line before them
 * @param count how many there are
 * @param line makes one; null for one that is left out
 */
record Lines(String first, int count, IntFunction<String> line) {

  private static final int PIECE = 32 << 10;
  private static final int LOGGED_WHOLE = 7;
  private static final int LOGGED_FIRST = 4;
  private static final int LOGGED_LAST = 2;

  static Lines of(String first, List<String> lines) {
    return new Lines(first, lines.size(), lines::get);
  }

  /** Adds lines from an index on until a piece is full; gives the index after the last. */
  int append(int from, Buffer out) {
    int start = out.length();
    if (from == 0) {
      end(out.appendString(first));
    }
    int i = from;
    while (i < count && out.length() - start < PIECE) {
      end(out.appendBytes(line.apply(i).getBytes(UTF_8)));
      i++;
    }
    if (i == count) {
      end(out.appendByte((byte) '.'));
    }
    return i;
  }

  private static void end(Buffer out) {
    out.appendByte((byte) '\r').appendByte((byte) '\n');
  }

  /** Shows them in the log, the middle of many only as a number. */
  void log(RelayLog log) {
    int total = count + 2;
    for (int i = 0; i < total; i++) {
      if (total > LOGGED_WHOLE && i == LOGGED_FIRST) {
        int left = total - LOGGED_FIRST - LOGGED_LAST;
        log.verbose("tx>>: [" + left + " lines]");
        i += left;
      }
      String text = i == 0 ? first : i <= count ? line.apply(i - 1) : ".";
      log.verbose("tx>>: " + LogText.quote(text));
    }
  }
}
