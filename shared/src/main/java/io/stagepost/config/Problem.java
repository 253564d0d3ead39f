package io.stagepost.config;

/**
 * Something that keeps the process from starting.
 *
 * @param text one line
 */
record Problem(Kind kind, String text) {

  /** How early it is found; the earlier kind hides the later. */
  enum Kind {
    /** An option that can't be made out. */
    OPTION,
    /** Options that are well-formed but make no sense. */
    USAGE
  }

  Problem withText(String other) {
    return new Problem(kind, other);
  }

  static Problem option(String text) {
    return new Problem(Kind.OPTION, text);
  }

  static Problem usage(String text) {
    return new Problem(Kind.USAGE, text);
  }
}
