package io.stagepost.config;

import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * What a value, or an item of a list, must look like.
 *
 * @param placeholder what stands for it in help, for instance {@code seconds}
 * @param expected completes the sentence "… is needed"
 * @param accepts the test
 * @param suggestion what may be meant by a value that is not accepted, as the end of a message
 */
record ValueRule(
    String placeholder,
    String expected,
    Predicate<String> accepts,
    UnaryOperator<String> suggestion) {

  /** One that suggests nothing. */
  ValueRule(String placeholder, String expected, Predicate<String> accepts) {
    this(placeholder, expected, accepts, value -> "");
  }

  /** The same with what to say of a value that is not accepted. */
  ValueRule suggesting(UnaryOperator<String> other) {
    return new ValueRule(placeholder, expected, accepts, other);
  }

  /** Anything at all, apart from nothing. */
  static ValueRule text(String placeholder, String expected) {
    return new ValueRule(placeholder, expected, value -> !value.isEmpty());
  }

  /** A file or directory. */
  static ValueRule path(String placeholder) {
    return new ValueRule(
        placeholder, "a path", value -> !value.isEmpty() && value.indexOf('\0') < 0);
  }

  /** A whole number in a range. */
  static ValueRule number(String placeholder, long least, long most) {
    return new ValueRule(
        placeholder,
        "a number from " + least + " to " + most,
        value -> ValueText.isNumber(value, least, most));
  }

  /** A whole number without an upper bound worth mentioning. */
  static ValueRule count(String placeholder, long least) {
    return new ValueRule(
        placeholder,
        "a whole number" + (least > 0 ? " of at least " + least : ""),
        value -> ValueText.isNumber(value, least, Integer.MAX_VALUE));
  }

  /** Seconds, or a number with s, m, h or d. */
  static ValueRule period(long leastSeconds) {
    return new ValueRule(
        "seconds",
        "a number of seconds"
            + (leastSeconds > 0 ? " of at least " + leastSeconds : "")
            + ", or a number with s, m, h or d,",
        value -> ValueText.isPeriod(value) && ValueText.period(value).toSeconds() >= leastSeconds);
  }

  /** Octets, or a number with k, M or G. */
  static ValueRule size() {
    return new ValueRule(
        "bytes", "a number of bytes, or a number with k, M or G,", ValueText::isSize);
  }

  /** One of some words. */
  static ValueRule oneOf(String placeholder, String... words) {
    return new ValueRule(
        placeholder,
        "one of " + String.join(", ", words),
        value -> {
          for (String word : words) {
            if (word.equalsIgnoreCase(value)) {
              return true;
            }
          }
          return false;
        });
  }
}
