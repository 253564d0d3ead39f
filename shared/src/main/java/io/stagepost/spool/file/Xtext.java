package io.stagepost.spool.file;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The xtext encoding of RFC 3461 §4, over UTF-8. */
final class Xtext {

  private static final String HEX = "0123456789ABCDEF";

  private Xtext() {}

  static String encode(String text) {
    StringBuilder out = new StringBuilder(text.length());
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      int c = b & 0xff;
      if (isPlain(c)) {
        out.append((char) c);
      } else {
        out.append('+').append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
      }
    }
    return out.toString();
  }

  /** The text, or empty when this is not xtext. */
  static Optional<String> decode(String xtext) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(xtext.length());
    for (int i = 0; i < xtext.length(); i++) {
      char c = xtext.charAt(i);
      if (isPlain(c)) {
        out.write(c);
      } else if (c == '+' && i + 2 < xtext.length()) {
        int high = HEX.indexOf(xtext.charAt(++i));
        int low = HEX.indexOf(xtext.charAt(++i));
        if (high < 0 || low < 0) {
          return Optional.empty();
        }
        out.write((high << 4) | low);
      } else {
        return Optional.empty();
      }
    }
    return Optional.of(out.toString(StandardCharsets.UTF_8));
  }

  private static boolean isPlain(int c) {
    return c >= 33 && c <= 126 && c != '+' && c != '=';
  }
}
