package io.stagepost.smtpserver;

import io.vertx.core.buffer.Buffer;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The trace line on top of each message (RFC 5321 §4.4). */
final class ReceivedLine {

  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.ENGLISH);

  private ReceivedLine() {}

  /** The line with its CRLF. */
  static Buffer of(Greeted greeted, String client, String domain, ZonedDateTime time) {
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
            + DATE.format(time)
            + "\r\n";
    return Buffer.buffer(line);
  }

  /** The name in printable ASCII, blanks as {@code -}. */
  private static String printable(String name) {
    StringBuilder out = new StringBuilder(name.length());
    name.chars().forEach(c -> out.append(c == ' ' ? '-' : c > 32 && c < 127 ? (char) c : '?'));
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
