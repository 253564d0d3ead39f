package io.stagepost.telemetry;

/** Makes text from outside fit for a line of the log, so that nobody can forge one. */
public final class LogText {

  private static final String HEX = "0123456789ABCDEF";

  private LogText() {}

  /**
   * Escapes control characters: {@code \t}, {@code \n}, {@code \r}, otherwise {@code \xHH}; an
   * escape character becomes a dot. Everything else stays.
   */
  public static String escape(String text) {
    int i = 0;
    while (i < text.length() && !Character.isISOControl(text.charAt(i))) {
      i++;
    }
    if (i == text.length()) {
      return text;
    }
    StringBuilder out = new StringBuilder(text.length() + 16).append(text, 0, i);
    for (; i < text.length(); i++) {
      appendEscaped(out, text.charAt(i));
    }
    return out.toString();
  }

  /** The same, between double quotes. */
  public static String quote(String text) {
    return '"' + escape(text) + '"';
  }

  private static void appendEscaped(StringBuilder out, char c) {
    if (!Character.isISOControl(c)) {
      out.append(c);
      return;
    }
    switch (c) {
      case '\t' -> out.append("\\t");
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case 0x1b -> out.append('.');
      default -> out.append("\\x").append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
    }
  }
}
