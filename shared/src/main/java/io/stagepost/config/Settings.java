package io.stagepost.config;

import java.util.List;

/**
 * All of the configuration.
 *
 * @param relays at least one, in order
 */
public record Settings(ProcessSettings process, List<RelaySettings> relays) {

  /** Copies the list. */
  public Settings {
    relays = List.copyOf(relays);
    if (relays.isEmpty()) {
      throw new IllegalArgumentException("no relay");
    }
  }
}
