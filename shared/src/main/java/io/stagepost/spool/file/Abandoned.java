package io.stagepost.spool.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Removes what a {@link SpoolDeposit} left unfinished when its process was killed: it must not have
 * changed for an hour, and nobody may hold its lock.
 *
 * <p>Bound: so many are known at a time; the others are found later.
 */
final class Abandoned {

  private static final int MOST = 10_000;
  private static final Duration AGE = Duration.ofHours(1);

  private final SpoolStore store;
  private final Set<String> names = new LinkedHashSet<>();

  Abandoned(SpoolStore store) {
    this.store = store;
  }

  /** Takes note of the name of a file in the directory. */
  synchronized void saw(String name) {
    if (name.endsWith(SpoolFiles.UNFINISHED) && !name.startsWith(".") && names.size() < MOST) {
      names.add(name);
    }
  }

  /** Removes those whose owner is dead. */
  synchronized void sweep() throws IOException {
    Instant limit = Instant.now().minus(AGE);
    for (Iterator<String> each = names.iterator(); each.hasNext(); ) {
      String name = each.next();
      Path path = store.directory().resolve(name);
      Optional<Disk.Stat> stat = store.disk().stat(path);
      if (stat.isEmpty()) {
        each.remove();
      } else if (stat.get().modified().isBefore(limit) && hasNoOwner(path)) {
        SpoolStore.LOG.info("spool: removing {}, which was left unfinished", name);
        String stem = name.substring(0, name.length() - SpoolFiles.UNFINISHED.length());
        store.delete(stem, SpoolFiles.NEW);
        store.disk().delete(path);
        each.remove();
      }
    }
  }

  private static boolean hasNoOwner(Path path) {
    // Looking into a file of our own process would drop its lock.
    if (SpoolDeposit.isOpen(path)) {
      return false;
    }
    try (FileChannel file = FileChannel.open(path, StandardOpenOption.WRITE)) {
      return file.tryLock() != null;
    } catch (IOException | OverlappingFileLockException e) {
      return false; // Nobody can tell.
    }
  }
}
