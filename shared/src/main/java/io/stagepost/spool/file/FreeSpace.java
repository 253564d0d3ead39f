package io.stagepost.spool.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether the file system has room for more; looked at once a second. */
final class FreeSpace {

  private final Path directory;
  private final long reserve;
  private volatile boolean low;

  FreeSpace(Path directory, long reserve) {
    this.directory = directory;
    this.reserve = reserve;
  }

  /** How many octets may still be written; without bound where that is not known. */
  static long of(Path path) {
    try {
      return Files.getFileStore(path).getUsableSpace();
    } catch (IOException e) {
      return Long.MAX_VALUE; // let the writes find out
    }
  }

  boolean isLow() {
    return low;
  }

  void check() {
    boolean nowLow = of(directory) < reserve;
    if (nowLow != low) {
      SpoolStore.LOG.warn("spool {}: {}", directory, nowLow ? "no space left" : "space again");
    }
    low = nowLow;
  }
}
