package io.stagepost.deploy.submit;

/**
 * An option of a command.
 *
 * @param letter its short name, or 0
 * @param placeholder what stands for its value in help, or empty
 */
record ToolOption(String name, char letter, Takes takes, String placeholder, String meaning) {

  private static final int MEANING_COLUMN = 34;

  /** Whether it takes a value. */
  enum Takes {
    /** None, apart from {@code =yes} and {@code =no}. */
    NOTHING,
    /** One; a repeat must be the same. */
    ONE,
    /** One each time that it is given. */
    MANY,
    /** One that may be left out, and is only recognised after {@code =}. */
    OPTIONAL;

    boolean takesWord() {
      return this == ONE || this == MANY;
    }
  }

  static ToolOption flag(String name, char letter, String meaning) {
    return new ToolOption(name, letter, Takes.NOTHING, "", meaning);
  }

  static ToolOption one(String name, char letter, String placeholder, String meaning) {
    return new ToolOption(name, letter, Takes.ONE, placeholder, meaning);
  }

  static ToolOption many(String name, char letter, String placeholder, String meaning) {
    return new ToolOption(name, letter, Takes.MANY, placeholder, meaning);
  }

  static ToolOption optional(String name, char letter, String placeholder, String meaning) {
    return new ToolOption(name, letter, Takes.OPTIONAL, placeholder, meaning);
  }

  /** Its line of the help. */
  String help() {
    String value =
        switch (takes) {
          case NOTHING -> "";
          case ONE, MANY -> "=<" + placeholder + ">";
          case OPTIONAL -> "[=<" + placeholder + ">]";
        };
    StringBuilder line = new StringBuilder(letter == 0 ? "      " : "  -" + letter + ", ");
    line.append("--").append(name).append(value);
    while (line.length() < MEANING_COLUMN) {
      line.append(' ');
    }
    return line.append("  ").append(meaning).append('\n').toString();
  }
}
