package io.stagepost.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * One relay: a spool, its intake and its forwarding.
 *
 * @param name names the relay on the event bus; also its unit in the log unless {@link
 *     #DEFAULT_NAME}
 * @param held why nothing is to be forwarded, if so
 * @param spool where its messages are kept
 * @param pop its POP3 server, if it has one
 * @param admin the ways in for its operators
 */
public record RelaySettings(
    String name,
    SpoolSettings spool,
    EventSettings events,
    SmtpSettings smtp,
    ForwardSettings forward,
    SecuritySettings security,
    Optional<PopSettings> pop,
    AdminSettings admin,
    Optional<String> held) {

  /** The name of a relay that was not given one. */
  public static final String DEFAULT_NAME = "relay";

  /** What the log calls it: nothing for the unnamed one. */
  public String unit() {
    return unit(name);
  }

  /** What the log calls a relay of this name. */
  static String unit(String name) {
    return name.equals(DEFAULT_NAME) ? "" : name;
  }

  /**
   * The spool.
   *
   * @param sync when directories are synced, as the store names it: {@code auto}, {@code always} or
   *     {@code never}
   */
  public record SpoolSettings(Path directory, String sync) {}

  /**
   * The log of delivery events.
   *
   * @param size octets; 0 when none is kept
   * @param keep how long events are kept
   */
  public record EventSettings(long size, Duration keep) {}
}
