package io.stagepost.smtpserver;

import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The trace line on top of each message (RFC 5321 §4.4). */
final class ReceivedLine {

  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.ENGLISH);

  // Many messages come within a second, and making the text of a date is slow.
  private static volatile Stamp lastStamp = Stamp.of(0);

  private record Stamp(long second, String text) {

    static Stamp of(long second) {
      return new Stamp(
          second, DATE.format(Instant.ofEpochSecond(second).atZone(ZoneId.systemDefault())));
    }
  }

  private ReceivedLine() {}

  /** The line with its CRLF. */
  static Buffer of(Greeted greeted, String client, String domain, Instant time) {
    String line =
        "Received: from "
            + printable(greeted.name())
            + " (["
            + client
            + "]) by "
            + domain
            + " with "
            + greeted.protocol()
            + " ; "
            + date(time.getEpochSecond())
            + "\r\n";
    return Buffer.buffer(line);
  }

  private static String date(long second) {
    Stamp stamp = lastStamp;
    if (stamp.second != second) {
      stamp = Stamp.of(second);
      lastStamp = stamp;
    }
    return stamp.text;
  }

  /** The name in printable ASCII, blanks as {@code -}. */
  private static String printable(String name) {
    StringBuilder out = new StringBuilder(name.length());
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      out.append(c == ' ' ? '-' : c > 32 && c < 127 ? c : '?');
    }
    return out.toString();
  }

  /**
   * How the client introduced itself.
   *
   * @param protocol what the Received line calls it (RFC 3848)
   */
  record Greeted(String name, String protocol) {

    /** Not at all so far. */
    static final Greeted NOT_YET = new Greeted("", "SMTP");

    static Greeted byEhlo(String name) {
      return new Greeted(name, "ESMTP");
    }

    static Greeted byHelo(String name) {
      return new Greeted(name, "SMTP");
    }
  }
}
