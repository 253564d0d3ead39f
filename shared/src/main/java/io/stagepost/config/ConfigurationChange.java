package io.stagepost.config;

import java.util.List;

/**
 * What came of reading the configuration again; each list has one line for each thing.
 *
 * @param applied what has taken effect
 * @param pending what takes effect at the next start
 * @param warnings what is most likely not meant, and was not said before
 * @param problems why nothing has taken effect; otherwise empty
 */
public record ConfigurationChange(
    List<String> applied, List<String> pending, List<String> warnings, List<String> problems) {

  /** Everything is as it was. */
  public static final ConfigurationChange NOTHING =
      new ConfigurationChange(List.of(), List.of(), List.of(), List.of());

  /** Copies the lists. */
  public ConfigurationChange {
    applied = List.copyOf(applied);
    pending = List.copyOf(pending);
    warnings = List.copyOf(warnings);
    problems = List.copyOf(problems);
  }

  static ConfigurationChange refused(List<String> problems) {
    return new ConfigurationChange(List.of(), List.of(), List.of(), problems);
  }
}
