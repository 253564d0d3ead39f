package io.stagepost.spool;

/** The order in which messages are taken: character order, but digits compare as whole numbers. */
public final class SpoolOrder {

  private SpoolOrder() {}

  /**
   * Compares two ids: equal to plain order for zero-padded names, first-in first-out for unpadded
   * sequence numbers.
   */
  public static int compare(String a, String b) {
    // Most ids begin alike: begin at the number in which they first differ.
    int i = firstDifference(a, b);
    while (i > 0 && isDigit(a.charAt(i - 1))) {
      i--;
    }
    int j = i;
    while (i < a.length() && j < b.length()) {
      char x = a.charAt(i);
      char y = b.charAt(j);
      if (isDigit(x) && isDigit(y)) {
        int endA = digitsEnd(a, i);
        int endB = digitsEnd(b, j);
        int order = compareNumbers(a, i, endA, b, j, endB);
        if (order != 0) {
          return order;
        }
        i = endA;
        j = endB;
      } else if (x != y) {
        return Character.compare(x, y);
      } else {
        i++;
        j++;
      }
    }
    int order = Integer.compare(a.length() - i, b.length() - j);
    // Names that differ in leading zeros only are different messages still.
    return order != 0 ? order : a.compareTo(b);
  }

  private static int firstDifference(String a, String b) {
    int end = Math.min(a.length(), b.length());
    int i = 0;
    while (i < end && a.charAt(i) == b.charAt(i)) {
      i++;
    }
    return i;
  }

  private static int compareNumbers(String a, int i, int endA, String b, int j, int endB) {
    int startA = skipZeros(a, i, endA);
    int startB = skipZeros(b, j, endB);
    int order = Integer.compare(endA - startA, endB - startB);
    for (int k = 0; order == 0 && k < endA - startA; k++) {
      order = Character.compare(a.charAt(startA + k), b.charAt(startB + k));
    }
    return order;
  }

  private static int skipZeros(String s, int from, int end) {
    int i = from;
    while (i < end && s.charAt(i) == '0') {
      i++;
    }
    return i;
  }

  private static int digitsEnd(String s, int from) {
    int i = from;
    while (i < s.length() && isDigit(s.charAt(i))) {
      i++;
    }
    return i;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
