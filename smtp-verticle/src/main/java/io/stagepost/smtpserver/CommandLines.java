package io.stagepost.smtpserver;

import io.stagepost.wire.LineInput;
import org.jspecify.annotations.Nullable;

/** Cuts command lines out of the input; of one that is too long, nothing is kept. */
final class CommandLines {

  private static final byte[] SKIPPED = {};

  private final LineInput input;
  private boolean skipping;
  private boolean wasTooLong;
  private long begun = Watchdog.Watched.NO_LINE;

  /** Whom a command line is expected from. */
  enum Turn {
    CLIENT,
    NOBODY
  }

  CommandLines(LineInput input) {
    this.input = input;
  }

  /**
   * Takes the next line without its CRLF, or returns null when there is less than one; of one that
   * has more octets than allowed, maybe nothing is left.
   */
  byte @Nullable [] take(int longest) {
    wasTooLong = false;
    if (skipping) {
      return skip();
    }
    byte[] line = input.takeLine();
    if (line == null) {
      // One octet more than the longest line may be the CR of its end.
      skipping = input.available() > longest + 1;
      return skipping ? skip() : null;
    }
    begun = Watchdog.Watched.NO_LINE;
    wasTooLong = line.length > longest;
    return line;
  }

  /** Whether the line that was taken last had more octets than allowed. */
  boolean wasTooLong() {
    return wasTooLong;
  }

  /** When the line that waits to be ended began. */
  long begun() {
    return begun;
  }

  /** Notes whether a line has begun whose end the client owes. */
  void note(Turn turn) {
    boolean inLine = turn == Turn.CLIENT && (skipping || input.available() > 0);
    if (!inLine) {
      begun = Watchdog.Watched.NO_LINE;
    } else if (begun == Watchdog.Watched.NO_LINE) {
      begun = System.nanoTime();
    }
  }

  private byte @Nullable [] skip() {
    byte[] end = input.takeLine();
    if (end == null) {
      // A CR at the end may belong to the line end.
      input.consume(Math.max(0, input.available() - 1));
      return null;
    }
    skipping = false;
    begun = Watchdog.Watched.NO_LINE;
    wasTooLong = true;
    return SKIPPED;
  }
}
