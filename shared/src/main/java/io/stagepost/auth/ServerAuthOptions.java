package io.stagepost.auth;

import io.stagepost.telemetry.RelayLog;

/**
 * How clients are authenticated.
 *
 * @param modern whether mechanisms are offered that E-MailRelay has not got
 * @param log of the relay
 */
public record ServerAuthOptions(
    MechanismRules rules,
    Modern modern,
    ThrottleOptions throttle,
    SecurityEvents events,
    RelayLog log) {

  /** Without a throttle, and nobody listening. */
  public static ServerAuthOptions of(MechanismRules rules, RelayLog log) {
    return new ServerAuthOptions(
        rules, Modern.ON_REQUEST, ThrottleOptions.OFF, SecurityEvents.NONE, log);
  }

  /** When SCRAM-SHA-256 is offered. */
  public enum Modern {
    /** Whenever there is an account that can use it. */
    OFFERED,
    /** Only when a secret was made for it. */
    ON_REQUEST
  }
}
