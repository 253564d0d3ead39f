package io.stagepost.admin.control;

import io.stagepost.admin.queue.ForwardDesk;
import io.stagepost.admin.queue.QueueDesk;
import io.stagepost.telemetry.RelayLog;
import java.nio.file.Path;

/**
 * What the control socket works with.
 *
 * @param relay the relay's name on the event bus
 * @param socket where it is
 */
public record ControlServices(
    String relay, Path socket, QueueDesk queue, ForwardDesk forwarding, RelayLog log) {}
