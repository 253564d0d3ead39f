package io.stagepost.config;

import io.stagepost.net.ListenAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * The console of a process and its programming interface.
 *
 * @param listen where to serve them
 * @param names host names, in lower case, that requests may be for besides addresses and {@code
 *     localhost}
 * @param accounts a secrets file, or {@code pam:}
 * @param users the file that says who has which role
 */
public record HttpSettings(
    List<ListenAddress.Inet> listen,
    List<String> names,
    Transport transport,
    String accounts,
    Path users,
    Sessions sessions) {

  /** Copies the lists. */
  public HttpSettings {
    listen = List.copyOf(listen);
    names = List.copyOf(names);
  }

  /** How it is served. */
  public enum Transport {
    PLAIN,
    TLS
  }

  /**
   * How long somebody stays signed in.
   *
   * @param longest at the most
   * @param idle without any request
   */
  public record Sessions(Duration longest, Duration idle) {}

  /** Whether nobody but this host can connect. */
  public boolean isLoopback() {
    return listen.stream().allMatch(address -> HttpMaker.isLoopback(address.host()));
  }
}
