package io.stagepost.mime;

import java.nio.charset.StandardCharsets;
import org.apache.james.mime4j.util.ByteArrayBuffer;
import org.apache.james.mime4j.util.ByteSequence;
import org.apache.james.mime4j.util.MimeUtil;

/**
 * A field of a header (RFC 5322 §2.2), kept as it was written.
 *
 * @param name as written, without blanks
 * @param raw its octets, lines separated by CRLF, without the last line end
 * @param line where it begins in the message
 */
record HeaderField(String name, ByteSequence raw, int line) {

  /**
   * A field as it was written; what comes before its colon is known to be a name.
   *
   * <p>The library would take a bracket in a name, which is allowed, for a comment.
   */
  static HeaderField written(byte[] octets, int line) {
    String text = new String(octets, StandardCharsets.ISO_8859_1);
    String name = text.substring(0, text.indexOf(':')).strip();
    return new HeaderField(name, new ByteArrayBuffer(octets, true), line);
  }

  /** A field of ours, folded where it is long; its text must have no line ends. */
  static HeaderField of(String name, String text) {
    byte[] octets =
        (name + ": " + MimeUtil.fold(text, name.length() + 2)).getBytes(StandardCharsets.UTF_8);
    return new HeaderField(name, new ByteArrayBuffer(octets, true), 0);
  }

  boolean is(String other) {
    return name.equalsIgnoreCase(other);
  }

  /** What follows the colon, unfolded; octets that are no UTF-8 become U+FFFD. */
  String body() {
    String text = new String(raw.toByteArray(), StandardCharsets.UTF_8);
    return MimeUtil.unfold(text.substring(text.indexOf(':') + 1)).strip();
  }

  // RFC 5322 §3.6.8
  static boolean isNameCharacter(int c) {
    return c > 32 && c < 127 && c != ':';
  }
}
