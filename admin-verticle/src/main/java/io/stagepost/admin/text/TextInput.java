package io.stagepost.admin.text;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Lines that end with LF or CRLF; the first one decides what replies end with.
 *
 * <p>Bound: the owner stops when a line {@link #isTooLong()}.
 */
final class TextInput {

  private static final int LONGEST_LINE = 4_096;
  private static final String CRLF = "\r\n";

  private Buffer waiting = Buffer.buffer();
  private int start;
  private int scanned;
  private @Nullable String lineEnd;

  void append(Buffer chunk) {
    waiting = start == 0 ? waiting : waiting.getBuffer(start, waiting.length());
    scanned -= start;
    start = 0;
    waiting.appendBuffer(chunk);
  }

  /** The next line without its end, or null when no whole one waits. */
  @Nullable String next() {
    for (int i = Math.max(start, scanned); i < waiting.length(); i++) {
      if (waiting.getByte(i) == '\n') {
        boolean cr = i > start && waiting.getByte(i - 1) == '\r';
        String line = waiting.getString(start, cr ? i - 1 : i, StandardCharsets.UTF_8.name());
        if (lineEnd == null) {
          lineEnd = cr ? CRLF : "\n";
        }
        start = i + 1;
        scanned = start;
        return line;
      }
    }
    scanned = waiting.length();
    return null;
  }

  /** Whether so much waits without a line end that none is to be expected. */
  boolean isTooLong() {
    return scanned == waiting.length() && waiting.length() - start > LONGEST_LINE;
  }

  /** What replies end with. */
  String lineEnd() {
    return lineEnd == null ? CRLF : lineEnd;
  }
}
