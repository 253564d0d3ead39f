package io.stagepost.smtpserver;

import io.stagepost.telemetry.RelayLog;
import io.stagepost.wire.BareLineEnds;

/**
 * Who is at the other end.
 *
 * @param address without port, {@code /} for a unix-domain socket
 * @param peer the address as the log shows it
 * @param session names the session on the event bus
 * @param bareLineEnds what is done about bare CR and LF in its messages
 * @param log for lines about it
 */
record Client(
    String address, String peer, String session, BareLineEnds bareLineEnds, RelayLog log) {}
