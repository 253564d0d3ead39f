package io.stagepost.forwarder;

import io.stagepost.smtp.Reply;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;

/** The wording of the dialogue. */
final class Protocol {

  private static final byte[] LINE_END = {'\r', '\n'};

  private Protocol() {}

  /** Adds a command line to what is to be written, and notes it. */
  static Buffer command(String line, Buffer out, SmtpLink link) {
    link.sent(line);
    return out.appendBytes(line.getBytes(StandardCharsets.UTF_8)).appendBytes(LINE_END);
  }

  /** The reason when a reply's code leaves no way to go on. */
  static String unexpected(Reply reply) {
    return "smtp error: unexpected response: " + reply.text("\n");
  }

  /** Whether an address from an envelope could break out of its command. */
  static boolean isUnsafe(String address) {
    return address.chars().anyMatch(c -> c == '\r' || c == '\n' || c == 0);
  }
}
