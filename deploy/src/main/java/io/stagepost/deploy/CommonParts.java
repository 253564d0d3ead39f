package io.stagepost.deploy;

import io.stagepost.admin.metrics.Meters;
import io.stagepost.auth.LoginGuard;
import io.stagepost.config.ProcessSettings;
import io.stagepost.spool.file.Disk;
import io.stagepost.spool.file.LocalDisk;
import io.stagepost.spool.file.TimedDisk;
import io.vertx.core.Vertx;
import java.util.Optional;

/**
 * What all relays of a process share.
 *
 * @param meters present when metrics are wanted
 */
record CommonParts(LoginGuard guard, Optional<Meters> meters) {

  static CommonParts of(Vertx vertx, ProcessSettings settings) {
    return new CommonParts(
        LoginGuard.create(vertx), settings.metrics().map(wanted -> new Meters()));
  }

  /** The disk of a relay's spool, measured if that is wanted. */
  Disk disk(String relay) {
    Disk disk = new LocalDisk();
    return meters.isPresent() ? new TimedDisk(disk, meters.get().syncs(relay)) : disk;
  }
}
