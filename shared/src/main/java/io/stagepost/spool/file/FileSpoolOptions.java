package io.stagepost.spool.file;

import java.nio.file.Path;
import java.time.Duration;

/**
 * The settings of a file spool.
 *
 * @param directory where the files are; must exist
 * @param sync whether commits wait for the directory
 * @param workers threads for disk calls, 1 to 256
 * @param bufferLimit octets that all unfinished messages may hold in memory before they are written
 *     early
 * @param minFree octets of free space below which new messages are refused
 * @param times how long things take
 * @param maxSuspicion the units of suspicion at which a message is set aside: the death of an owner
 *     counts five units for the only message that it held, one for each of several
 */
public record FileSpoolOptions(
    Path directory,
    SpoolSync sync,
    int workers,
    long bufferLimit,
    long minFree,
    Times times,
    int maxSuspicion) {

  /** Checks the ranges. */
  public FileSpoolOptions {
    if (workers < 1 || workers > 256) {
      throw new IllegalArgumentException("workers must be 1 to 256");
    }
    if (bufferLimit < 0 || minFree < 0 || maxSuspicion < 1) {
      throw new IllegalArgumentException(
          "bufferLimit and minFree must not be negative, maxSuspicion must be positive");
    }
  }

  /** What suits most spools. */
  public static FileSpoolOptions defaults(Path directory) {
    return new FileSpoolOptions(
        directory, SpoolSync.AUTO, 24, 32L << 20, 16L << 20, Times.DEFAULT, 25);
  }

  /** The same with another rule for syncing the directory. */
  public FileSpoolOptions withSync(SpoolSync other) {
    return new FileSpoolOptions(
        directory, other, workers, bufferLimit, minFree, times, maxSuspicion);
  }

  /** The same with other times. */
  public FileSpoolOptions withTimes(Times other) {
    return new FileSpoolOptions(
        directory, sync, workers, bufferLimit, minFree, other, maxSuspicion);
  }

  /** The same with another limit on buffered octets. */
  public FileSpoolOptions withBufferLimit(long other) {
    return new FileSpoolOptions(directory, sync, workers, other, minFree, times, maxSuspicion);
  }

  /** The same with another reserve of free space. */
  public FileSpoolOptions withMinFree(long other) {
    return new FileSpoolOptions(directory, sync, workers, bufferLimit, other, times, maxSuspicion);
  }

  /**
   * How long things take.
   *
   * @param lease how long an owner may show no sign of life, on the observer's clock, before its
   *     claims are taken over
   * @param foreignLease the age at which a busy file that no owner of ours holds is made ready
   *     again
   * @param rescan how often the directory is read for changes that were not announced, at the most;
   *     stretched to twenty times what the last reading took
   * @param settle how long an envelope that can't be read yet is taken for one being copied
   * @param suspectWait how long a message that may have killed its owners waits for each unit of
   *     suspicion before it is tried again
   */
  public record Times(
      Duration lease,
      Duration foreignLease,
      Duration rescan,
      Duration settle,
      Duration suspectWait) {

    public static final Times DEFAULT =
        new Times(
            Duration.ofSeconds(60),
            Duration.ofMinutes(10),
            Duration.ofSeconds(30),
            Duration.ofSeconds(60),
            Duration.ofSeconds(1));

    /** Checks that the periods are positive. */
    public Times {
      if (!lease.isPositive() || foreignLease.isNegative() || !rescan.isPositive()) {
        throw new IllegalArgumentException("lease and rescan must be positive");
      }
      if (settle.isNegative() || suspectWait.isNegative()) {
        throw new IllegalArgumentException("settle and suspectWait must not be negative");
      }
    }

    /** How often an owner shows that it lives. */
    Duration heartbeat() {
      long millis = Math.clamp(lease.toMillis() / 12, 10, 5_000);
      return Duration.ofMillis(millis);
    }
  }
}
