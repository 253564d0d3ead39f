package io.stagepost.pop.maildrop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * When some directories last changed, in nanoseconds since 1970: as long as that stays the same, so
 * do the names in them.
 */
record Stamps(List<Long> modified) {

  // A change within the grain of the clock that gives files their times would not show.
  private static final Duration GRAIN = Duration.ofSeconds(2);
  private static final long NEVER = Long.MIN_VALUE;

  /** Copies the list. */
  Stamps {
    modified = List.copyOf(modified);
  }

  static Stamps of(Path... directories) throws IOException {
    Long[] found = new Long[directories.length];
    for (int i = 0; i < found.length; i++) {
      found[i] = modified(directories[i]);
    }
    return new Stamps(Arrays.asList(found));
  }

  private static long modified(Path directory) throws IOException {
    try {
      return Files.getLastModifiedTime(directory).to(TimeUnit.NANOSECONDS);
    } catch (NoSuchFileException e) {
      return NEVER;
    }
  }

  /** Whether any later change is sure to show. */
  boolean areSettled(Instant now) {
    long limit = TimeUnit.MILLISECONDS.toNanos(now.minus(GRAIN).toEpochMilli());
    return modified.stream().allMatch(time -> time < limit);
  }
}
