package io.stagepost.config;

import io.stagepost.telemetry.LogText;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the words that switch features: {@code word}, {@code +word} and {@code with-word} switch
 * on, {@code -word}, {@code noword} and {@code without-word} off, {@code =word} back to the
 * default.
 */
final class Keywords<E extends Enum<E>> {

  private final Class<E> type;
  private final Set<E> defaults;

  Keywords(Class<E> type, Collection<String> defaults) {
    this.type = type;
    this.defaults = EnumSet.noneOf(type);
    defaults.forEach(word -> feature(word).ifPresent(this.defaults::add));
  }

  /**
   * The defaults as changed by the words.
   *
   * @param warnings unknown words are added here and otherwise ignored, as the original does
   */
  Set<E> apply(List<String> words, Collection<String> warnings) {
    Set<E> features = EnumSet.noneOf(type);
    features.addAll(defaults);
    for (String written : words) {
      if (!apply(written.toLowerCase(Locale.ROOT), features)) {
        warnings.add("unknown smtp-config item [" + LogText.escape(written) + "]");
      }
    }
    return features;
  }

  /** The words that make other features out of the defaults. */
  List<String> difference(Set<E> wanted) {
    List<String> words = new ArrayList<>();
    for (E feature : type.getEnumConstants()) {
      String word = feature.name().toLowerCase(Locale.ROOT);
      if (wanted.contains(feature) && !defaults.contains(feature)) {
        words.add("+" + word);
      } else if (!wanted.contains(feature) && defaults.contains(feature)) {
        words.add("-" + word);
      }
    }
    return words;
  }

  private boolean apply(String word, Set<E> features) {
    if (word.startsWith("=")) {
      Optional<E> feature = feature(word.substring(1));
      feature.ifPresent(
          known -> {
            if (defaults.contains(known)) {
              features.add(known);
            } else {
              features.remove(known);
            }
          });
      return feature.isPresent();
    }
    Optional<E> on = feature(without(word, "+", "with-", ""));
    if (on.isPresent()) {
      features.add(on.get());
      return true;
    }
    Optional<E> off = feature(without(word, "-", "without-", "no"));
    off.ifPresent(features::remove);
    return off.isPresent();
  }

  /** What follows the first of the prefixes that the word has; nothing when it has none. */
  private static String without(String word, String... prefixes) {
    for (String prefix : prefixes) {
      if (word.startsWith(prefix)) {
        return word.substring(prefix.length());
      }
    }
    return "";
  }

  private Optional<E> feature(String word) {
    for (E feature : type.getEnumConstants()) {
      if (feature.name().equalsIgnoreCase(word)) {
        return Optional.of(feature);
      }
    }
    return Optional.empty();
  }
}
