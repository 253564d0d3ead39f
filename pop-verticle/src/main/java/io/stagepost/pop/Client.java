package io.stagepost.pop;

import io.stagepost.telemetry.RelayLog;

/**
 * Who is at the other end.
 *
 * @param address without port, {@code /} for a unix-domain socket
 * @param peer the address as the log shows it
 * @param log for lines about it
 */
record Client(String address, String peer, RelayLog log) {}
