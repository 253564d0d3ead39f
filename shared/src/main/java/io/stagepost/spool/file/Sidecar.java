package io.stagepost.spool.file;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;

/**
 * What is kept of a message's attempts, in a file of its own beside the envelope so that
 * E-MailRelay is not disturbed. Losing it in a power cut only makes the next attempt come earlier.
 *
 * @param until when it may be claimed
 * @param deferrals how often it was deferred
 * @param reason why it was deferred last
 * @param suspicion how much it is suspected of killing its owners, see {@link Suspicion}
 */
record Sidecar(Instant until, int deferrals, String reason, int suspicion) {

  static final Sidecar NONE = new Sidecar(Instant.EPOCH, 0, "", 0);
  private static final Sidecar UNREADABLE = new Sidecar(Instant.EPOCH, 0, "unreadable", 0);
  private static final int LIMIT = 64 << 10;

  /** Put off by an owner that has survived it. */
  Sidecar deferred(Instant next, String why) {
    return new Sidecar(next, deferrals + 1, why, 0);
  }

  Sidecar suspected(Suspicion added) {
    return new Sidecar(until, deferrals, reason, added.to(suspicion));
  }

  Sidecar notBefore(Instant next) {
    return new Sidecar(next.isAfter(until) ? next : until, deferrals, reason, suspicion);
  }

  /** Due now. */
  Sidecar atOnce() {
    return new Sidecar(Instant.EPOCH, deferrals, reason, suspicion);
  }

  /** Reads it; one that is missing or can't be understood says nothing. */
  static Sidecar read(Disk disk, Path path) throws IOException {
    try {
      JsonObject json = new JsonObject(new String(SpoolFiles.read(disk, path, LIMIT), UTF_8));
      return new Sidecar(
          Instant.parse(json.getString("until", "")),
          json.getInteger("deferrals", 0),
          json.getString("reason", ""),
          json.getInteger("suspicion", 0));
    } catch (NoSuchFileException e) {
      return NONE;
    } catch (DecodeException | DateTimeException | ClassCastException e) {
      return UNREADABLE;
    }
  }

  void write(Disk disk, Path path) throws IOException {
    JsonObject json =
        new JsonObject()
            .put("until", until.toString())
            .put("deferrals", deferrals)
            .put("reason", reason.length() > 4096 ? reason.substring(0, 4096) : reason)
            .put("suspicion", suspicion);
    Path tmp = path.resolveSibling(path.getFileName() + SpoolFiles.TMP);
    disk.delete(tmp);
    try (Disk.Output out = disk.create(tmp)) {
      out.write(ByteBuffer.wrap(json.encodePrettily().getBytes(UTF_8)));
    }
    disk.rename(tmp, path);
  }
}
