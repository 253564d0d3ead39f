package io.stagepost.config;

import java.util.Collection;
import java.util.Optional;

/** Finds what somebody may have meant. */
final class Nearest {

  // A longer word is garbage, and the table of the distance grows with it.
  private static final int LONGEST = 80;
  // From a shorter word, everything is near.
  private static final int SHORTEST = 3;

  private Nearest() {}

  /** {@code : did you mean "x"?}, or nothing when nothing is near. */
  static String hint(String word, Collection<String> known, String dashes) {
    return to(word, known).map(name -> meant(dashes + name)).orElse("");
  }

  /** {@code : did you mean "x"?}. */
  static String meant(String name) {
    return ": did you mean \"" + name + "\"?";
  }

  /** A known word that goes on where the word ends, or the one that is fewest edits away. */
  static Optional<String> to(String word, Collection<String> known) {
    if (known.contains(word)) {
      return Optional.of(word); // It was followed by something odd.
    }
    if (word.length() < SHORTEST || word.length() > LONGEST) {
      return Optional.empty();
    }
    Optional<String> longer =
        known.stream()
            .filter(name -> name.startsWith(word + "-") || name.startsWith(word + "."))
            .findFirst();
    return longer.isPresent() ? longer : fewestEdits(word, known);
  }

  private static Optional<String> fewestEdits(String word, Collection<String> known) {
    Optional<String> best = Optional.empty();
    int bestDistance = Math.max(2, word.length() / 3) + 1;
    for (String candidate : known) {
      int distance = distance(word, candidate);
      if (distance < bestDistance) {
        best = Optional.of(candidate);
        bestDistance = distance;
      }
    }
    return best;
  }

  /** Edits between two words, a swap of neighbours being one edit. */
  static int distance(String left, String right) {
    int[][] cost = new int[left.length() + 1][right.length() + 1];
    for (int i = 0; i <= left.length(); i++) {
      cost[i][0] = i;
    }
    for (int j = 0; j <= right.length(); j++) {
      cost[0][j] = j;
    }
    for (int i = 1; i <= left.length(); i++) {
      for (int j = 1; j <= right.length(); j++) {
        int change = left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1;
        cost[i][j] =
            Math.min(Math.min(cost[i - 1][j], cost[i][j - 1]) + 1, cost[i - 1][j - 1] + change);
        if (i > 1
            && j > 1
            && left.charAt(i - 1) == right.charAt(j - 2)
            && left.charAt(i - 2) == right.charAt(j - 1)) {
          cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
        }
      }
    }
    return cost[left.length()][right.length()];
  }
}
