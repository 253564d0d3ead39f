package io.stagepost.config;

import java.util.Locale;
import java.util.Optional;

/** The words that switch a flag. */
enum YesNo {
  YES,
  NO;

  /** Reads one of the words, in any case. */
  static Optional<YesNo> of(String word) {
    return switch (word.toLowerCase(Locale.ROOT)) {
      case "y", "yes", "t", "true", "1", "on" -> Optional.of(YES);
      case "n", "no", "f", "false", "0", "off" -> Optional.of(NO);
      default -> Optional.empty();
    };
  }
}
