package io.stagepost.auth;

import io.stagepost.telemetry.RelayLog;

/**
 * The client that wants to be somebody.
 *
 * @param protocol as events name it: {@code smtp}, {@code pop}, {@code http}
 * @param address its bare IP address, or {@code /} for a unix-domain socket
 * @param privacy of the connection now
 * @param domain our name, for challenges
 * @param log of the connection
 */
public record AuthPeer(
    String protocol, String address, Privacy privacy, String domain, RelayLog log) {}
