package io.stagepost.forwarder;

import io.stagepost.smtp.Reply;
import io.stagepost.smtp.ReplyCode;
import io.stagepost.wire.LineInput;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the replies of a server (RFC 5321 §4.2.1) from a stream that may be cut anywhere.
 *
 * <p>A reply longer than {@link #LIMIT} octets is not read any further. Not thread-safe.
 */
final class ReplyParser {

  /** The longest reply in octets, with line ends. */
  static final int LIMIT = 20_000;

  private static final Result INCOMPLETE = new Result.Incomplete();

  private final LineInput input = new LineInput();
  private final List<String> lines = new ArrayList<>();
  private int code;
  private int octets;

  /** Adds what has arrived. */
  void append(Buffer chunk) {
    input.append(chunk);
  }

  /** Whether anything waits that is no whole reply yet, or has not been asked for. */
  boolean hasRemainder() {
    return input.available() > 0 || !lines.isEmpty();
  }

  /** Takes the next reply. After {@link Result.Invalid} the stream can't be understood any more. */
  Result next() {
    while (true) {
      byte[] line = input.takeLine();
      octets += line == null ? 0 : line.length + 2;
      if (octets + (line == null ? input.available() : 0) > LIMIT) {
        return new Result.Invalid("overflow on input");
      }
      if (line == null) {
        return INCOMPLETE;
      }
      if (!isReplyLine(line) || (!lines.isEmpty() && codeOf(line) != code)) {
        return new Result.Invalid("invalid response");
      }
      code = codeOf(line);
      lines.add(textOf(line));
      if (line.length == 3 || line[3] == ' ') {
        Reply reply = new Reply(new ReplyCode(code), null, lines);
        lines.clear();
        octets = 0;
        return new Result.Complete(reply);
      }
    }
  }

  private static boolean isReplyLine(byte[] line) {
    return line.length >= 3
        && line[0] >= '2'
        && line[0] <= '5'
        && isDigit(line[1])
        && isDigit(line[2])
        && (line.length == 3 || line[3] == ' ' || line[3] == '-');
  }

  private static int codeOf(byte[] line) {
    return (line[0] - '0') * 100 + (line[1] - '0') * 10 + line[2] - '0';
  }

  private static String textOf(byte[] line) {
    if (line.length <= 4) {
      return "";
    }
    // A bare CR or LF is no line end, and must not become one when the text is passed on.
    return new String(line, 4, line.length - 4, StandardCharsets.UTF_8)
        .replace('\r', ' ')
        .replace('\n', ' ');
  }

  private static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }

  /** What a look at the stream gave. */
  sealed interface Result {

    /** A whole reply. */
    record Complete(Reply reply) implements Result {}

    /** More octets are needed. */
    record Incomplete() implements Result {}

    /** This is no reply. */
    record Invalid(String reason) implements Result {}
  }
}
