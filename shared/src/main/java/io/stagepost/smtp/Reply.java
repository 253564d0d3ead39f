package io.stagepost.smtp;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An SMTP reply: a code and one or more lines of text (RFC 5321 §4.2).
 *
 * @param code the reply code
 * @param status the enhanced status shown when the extension is in use, or null where RFC 2034
 *     forbids one (greeting, EHLO, 354)
 * @param lines the text, at least one line, without code, status or line ends
 */
public record Reply(ReplyCode code, @Nullable EnhancedStatus status, List<String> lines) {

  /**
   * Checks that there is text and that no line can break out of its reply.
   *
   * @throws IllegalArgumentException when there is no line, or a line holds CR or LF
   */
  public Reply {
    lines = List.copyOf(lines);
    if (lines.isEmpty()) {
      throw new IllegalArgumentException("a reply needs a line of text");
    }
    for (String line : lines) {
      if (line.indexOf('\r') >= 0 || line.indexOf('\n') >= 0) {
        throw new IllegalArgumentException("line end within a reply line");
      }
    }
  }

  /** A reply of one line. */
  public static Reply of(ReplyCode code, EnhancedStatus status, String text) {
    return new Reply(code, status, List.of(text));
  }

  /** A reply of one line that never shows an enhanced status. */
  public static Reply of(ReplyCode code, String text) {
    return new Reply(code, null, List.of(text));
  }

  /** The text of all lines joined by a separator. */
  public String text(String separator) {
    return String.join(separator, lines);
  }

  /** The lines as they are sent, without line ends. */
  public List<String> wireLines(StatusDisplay display) {
    String prefix =
        display == StatusDisplay.SHOWN && status != null ? status.withClassOf(code) + " " : "";
    int last = lines.size() - 1;
    List<String> wire = new ArrayList<>(lines.size());
    for (int i = 0; i <= last; i++) {
      wire.add(code + (i == last ? " " : "-") + prefix + lines.get(i));
    }
    return wire;
  }

  /** The reply as octets, each line ended by CRLF. */
  public byte[] encode(StatusDisplay display) {
    StringBuilder out = new StringBuilder();
    for (String line : wireLines(display)) {
      out.append(line).append("\r\n");
    }
    return out.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** Whether replies show enhanced status codes (RFC 2034). */
  public enum StatusDisplay {
    SHOWN,
    HIDDEN
  }
}
