package io.stagepost.config;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Finds the brace or bracket that is never closed in a file.
 *
 * @param unclosed the line of the innermost, from 1; 0 when there is none
 * @param missing what would close it
 */
record HoconBraces(int unclosed, char missing) {

  private record Open(int line, char closing) {}

  static HoconBraces of(List<String> lines) {
    Deque<Open> open = new ArrayDeque<>();
    for (int i = 0; i < lines.size(); i++) {
      scan(lines.get(i), i + 1, open);
    }
    return open.isEmpty()
        ? new HoconBraces(0, '}')
        : new HoconBraces(open.getLast().line(), open.getLast().closing());
  }

  // Strings of several lines are rare, and here only a hint is wanted.
  private static void scan(String line, int number, Deque<Open> open) {
    boolean quoted = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (quoted) {
        i += c == '\\' ? 1 : 0;
        quoted = c != '"';
      } else if (c == '#' || line.startsWith("//", i)) {
        return;
      } else {
        switch (c) {
          case '"' -> quoted = true;
          case '{' -> open.addLast(new Open(number, '}'));
          case '[' -> open.addLast(new Open(number, ']'));
          case '}', ']' -> {
            if (!open.isEmpty() && open.getLast().closing() == c) {
              open.removeLast();
            }
          }
          default -> {}
        }
      }
    }
  }
}
