package io.stagepost.smtp;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** The encoding of parameter values of RFC 3461 §4. */
public final class Xtext {

  private static final String HEX = "0123456789ABCDEF";

  private Xtext() {}

  /** Whether the text is well-formed xtext. */
  public static boolean isValid(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '+') {
        if (i + 2 >= text.length() || !isHex(text.charAt(i + 1)) || !isHex(text.charAt(i + 2))) {
          return false;
        }
        i += 2;
      } else if (!isPlain(c)) {
        return false;
      }
    }
    return true;
  }

  /** Encodes any text. */
  public static String encode(String text) {
    return encode(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Encodes any octets. */
  public static String encode(byte[] octets) {
    StringBuilder out = new StringBuilder(octets.length);
    for (byte b : octets) {
      int octet = b & 0xff;
      if (isPlain((char) octet)) {
        out.append((char) octet);
      } else {
        out.append('+').append(HEX.charAt(octet >> 4)).append(HEX.charAt(octet & 15));
      }
    }
    return out.toString();
  }

  /** Decodes; what is not well-formed stays as it is. */
  public static String decode(String text) {
    return text.indexOf('+') < 0 ? text : new String(decodeOctets(text), StandardCharsets.UTF_8);
  }

  /** Decodes into octets, which need not be text; what is not well-formed stays as it is. */
  public static byte[] decodeOctets(String text) {
    byte[] in = text.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream out = new ByteArrayOutputStream(in.length);
    for (int i = 0; i < in.length; i++) {
      if (in[i] == '+' && i + 2 < in.length && isHex((char) in[i + 1]) && isHex((char) in[i + 2])) {
        out.write(HEX.indexOf(in[i + 1]) << 4 | HEX.indexOf(in[i + 2]));
        i += 2;
      } else {
        out.write(in[i]);
      }
    }
    return out.toByteArray();
  }

  private static boolean isPlain(char c) {
    return c > 32 && c < 127 && c != '+' && c != '=';
  }

  private static boolean isHex(char c) {
    return HEX.indexOf(c) >= 0;
  }
}
