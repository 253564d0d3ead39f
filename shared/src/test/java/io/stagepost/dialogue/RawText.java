package io.stagepost.dialogue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Octets written as text: {@code \r \n \t \0 \\}, {@code \xHH}, and <code>\*1000{text}</code> for
 * repetition (the text may hold escapes, but no further repetition); the rest is UTF-8.
 */
public final class RawText {

  private RawText() {}

  /** The octets that the text stands for. */
  public static byte[] octets(String text) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int i = 0;
    while (i < text.length()) {
      int backslash = text.indexOf('\\', i);
      int end = backslash < 0 ? text.length() : backslash;
      out.writeBytes(text.substring(i, end).getBytes(StandardCharsets.UTF_8));
      i = backslash < 0 ? end : escape(text, backslash + 1, out);
    }
    return out.toByteArray();
  }

  /** Shows octets in the same notation. */
  public static String show(byte[] octets) {
    StringBuilder out = new StringBuilder();
    for (byte b : octets) {
      switch (b) {
        case '\r' -> out.append("\\r");
        case '\n' -> out.append("\\n");
        case '\\' -> out.append("\\\\");
        default -> {
          if (b >= 32 && b < 127) {
            out.append((char) b);
          } else {
            out.append(String.format("\\x%02x", b));
          }
        }
      }
    }
    return out.toString();
  }

  private static int escape(String text, int at, ByteArrayOutputStream out) {
    switch (text.charAt(at)) {
      case 'r' -> out.write('\r');
      case 'n' -> out.write('\n');
      case 't' -> out.write('\t');
      case '0' -> out.write(0);
      case '\\' -> out.write('\\');
      case 'x' -> {
        out.write(Integer.parseInt(text.substring(at + 1, at + 3), 16));
        return at + 3;
      }
      case '*' -> {
        int open = text.indexOf('{', at);
        int close = text.indexOf('}', open);
        byte[] unit = octets(text.substring(open + 1, close));
        int times = Integer.parseInt(text.substring(at + 1, open));
        for (int n = 0; n < times; n++) {
          out.writeBytes(unit);
        }
        return close + 1;
      }
      default -> throw new IllegalArgumentException("unknown escape in " + text);
    }
    return at + 1;
  }
}
