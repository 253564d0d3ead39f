package io.stagepost.config;

/** Whether an option takes a value. */
public enum Syntax {
  /** None, apart from {@code =yes} and {@code =no}; repeats are counted. */
  NONE,
  /** One; a repeat must be the same. */
  ONE,
  /** A list separated by commas; repeats are joined. */
  LIST,
  /** A list that may be left out, and is only recognised after {@code =}. */
  OPTIONAL;

  /** Whether the next word of the command line is the value. */
  boolean takesWord() {
    return this == ONE || this == LIST;
  }
}
