package io.stagepost.config;

import java.util.List;

/**
 * How processes join into one event bus.
 *
 * @param host the address that other members connect to
 * @param port the port, or the next free one after it
 * @param members addresses ({@code host:port}) to look for others at
 */
public record ClusterSettings(String host, int port, List<String> members) {

  /** Copies the list. */
  public ClusterSettings {
    members = List.copyOf(members);
  }
}
