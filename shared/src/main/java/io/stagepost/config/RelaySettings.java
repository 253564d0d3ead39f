package io.stagepost.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * One relay: a spool, its intake and its forwarding.
 *
 * @param name names the relay on the event bus; also its unit in the log unless {@link
 *     #DEFAULT_NAME}
 * @param held why nothing is to be forwarded, if so
 * @param spool where its messages are kept
 */
public record RelaySettings(
    String name,
    SpoolSettings spool,
    SmtpSettings smtp,
    ForwardSettings forward,
    Optional<String> held) {

  /** The name of a relay that was not given one. */
  public static final String DEFAULT_NAME = "relay";

  /** What the log calls it: nothing for the unnamed one. */
  public String unit() {
    return name.equals(DEFAULT_NAME) ? "" : name;
  }

  /**
   * The spool.
   *
   * @param sync when directories are synced, as the store names it: {@code auto}, {@code always} or
   *     {@code never}
   */
  public record SpoolSettings(Path directory, String sync) {}
}
