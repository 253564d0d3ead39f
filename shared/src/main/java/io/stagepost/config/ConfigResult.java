package io.stagepost.config;

import java.util.List;

/** What came of reading the configuration. */
public sealed interface ConfigResult {

  /**
   * The relay can start.
   *
   * @param warnings one line each, to be shown as {@code <program>: warning: <text>} and logged
   * @param reading what they were made from, for {@link ConfigurationWatch}
   */
  record Ready(Settings settings, List<String> warnings, Reading reading) implements ConfigResult {

    /** Copies the list. */
    public Ready {
      warnings = List.copyOf(warnings);
    }
  }

  /** A text was asked for: it goes to standard output, and the process ends with 0. */
  record Print(String text) implements ConfigResult {}

  /**
   * The process can't start.
   *
   * @param lines complete, for standard error
   */
  record Failed(int exitCode, List<String> lines) implements ConfigResult {

    /** Copies the list. */
    public Failed {
      lines = List.copyOf(lines);
    }
  }
}
