package io.stagepost.smtp;

import java.util.Arrays;
import java.util.List;

/** The blank-separated parameters after a path: words, or {@code KEYWORD=value}. */
record Parameters(List<String> words) {

  static Parameters parse(String text) {
    return new Parameters(
        text.isEmpty() ? List.of() : List.copyOf(Arrays.asList(text.split("[ \t]+"))));
  }

  /** Whether a word stands there exactly so. */
  boolean hasWord(String word) {
    return words.contains(word);
  }

  /** Whether a keyword with a value, perhaps an empty one, is there. */
  boolean has(String keyword) {
    for (String word : words) {
      if (isKeyword(word, keyword)) {
        return true;
      }
    }
    return false;
  }

  /** The value of the first parameter with a keyword, or empty. */
  String value(String keyword) {
    for (String word : words) {
      if (isKeyword(word, keyword)) {
        return word.substring(keyword.length() + 1);
      }
    }
    return "";
  }

  /** The same, for a parameter that must not be repeated or lack its value. */
  String single(String keyword) throws SyntaxException {
    int count = 0;
    for (String word : words) {
      if (isKeyword(word, keyword) || word.equalsIgnoreCase(keyword)) {
        count++;
      }
    }
    if (count > 1 || (count == 1 && !has(keyword))) {
      throw SyntaxException.parameter("invalid " + keyword + " parameter");
    }
    return value(keyword);
  }

  static boolean isDigits(String text) {
    return text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  private static boolean isKeyword(String word, String keyword) {
    return word.length() > keyword.length()
        && word.charAt(keyword.length()) == '='
        && word.regionMatches(true, 0, keyword, 0, keyword.length());
  }
}
