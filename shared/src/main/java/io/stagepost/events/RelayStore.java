package io.stagepost.events;

import io.stagepost.spool.Spool;

/**
 * What the verticles of a relay share: its messages, and the log of what becomes of them. Both are
 * opened and closed by others.
 */
public record RelayStore(Spool spool, EventLog events) {}
