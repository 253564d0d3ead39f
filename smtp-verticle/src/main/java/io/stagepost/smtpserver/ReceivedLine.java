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
  static Buffer of(
      Greeted greeted, Transport transport, String client, String domain, Instant time) {
    String name = greeted.name().isEmpty() ? "[" + client + "]" : greeted.name();
    String line =
        "Received: from "
            + printable(name)
            + " (["
            + client
            + "]) by "
            + domain
            + " with "
            + greeted.protocol(transport)
            + transport.tls()
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
   * How what is received comes.
   *
   * @param suffix of the protocol's name: {@code S} when encrypted, {@code A} when authenticated
   * @param tls a word about the cipher after a blank, or nothing
   */
  record Transport(String suffix, String tls) {

    static final Transport CLEAR = new Transport("", "");
  }

  /**
   * How the client introduced itself.
   *
   * @param protocol what the Received line calls it (RFC 3848)
   */
  record Greeted(String name, String protocol) {

    private static final String EXTENDED = "ESMTP";

    /** Not at all so far. */
    static final Greeted NOT_YET = new Greeted("", "SMTP");

    /** By an EHLO that does not count any more. */
    static final Greeted FORGOTTEN = new Greeted("", EXTENDED);

    static Greeted byEhlo(String name) {
      return new Greeted(name, EXTENDED);
    }

    String protocol(Transport transport) {
      return protocol.equals(EXTENDED) ? protocol + transport.suffix() : protocol;
    }

    static Greeted byHelo(String name) {
      return new Greeted(name, "SMTP");
    }
  }
}
