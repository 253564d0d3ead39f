package io.stagepost.config;

/** Where a setting was written. */
sealed interface Origin {

  /** As the beginning of a message about it: {@code "/etc/relay.conf, line 3: "}, or nothing. */
  String prefix();

  /** As the answer to where a value comes from. */
  String told();

  /** Another option that implies this one. */
  record Implied(String by) implements Origin {

    @Override
    public String prefix() {
      return "";
    }

    @Override
    public String told() {
      return "implied by " + by;
    }
  }

  /** The words of the command line. */
  record Words() implements Origin {

    @Override
    public String prefix() {
      return "";
    }

    @Override
    public String told() {
      return "command line";
    }
  }

  /**
   * A file.
   *
   * @param format what kind of file
   * @param line from 1, or 0 when it isn't known
   */
  record File(Format format, String path, int line) implements Origin {

    @Override
    public String prefix() {
      return told() + ": ";
    }

    @Override
    public String told() {
      return line > 0 ? path + ", line " + line : path;
    }
  }

  /** The formats of configuration files. */
  enum Format {
    /** Lines of options without dashes, as if they stood at the end of the command line. */
    EMAILRELAY,
    /** HOCON; the command line takes precedence. */
    RELAY
  }

  Origin COMMAND_LINE = new Words();
}
