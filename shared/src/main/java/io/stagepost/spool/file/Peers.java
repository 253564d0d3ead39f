package io.stagepost.spool.file;

import io.stagepost.spool.file.NodeFile.Header;
import io.stagepost.spool.file.NodeFile.Slot;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The other owners that share the directory, and which of them are dead.
 *
 * <p>An owner is dead when the lock that it holds all its life can be had, as far as locks can be
 * trusted there; or when its heartbeat stood still for a whole lease on our own clock.
 */
final class Peers {

  private final Path directory;
  private final Map<Path, Seen> seen = new ConcurrentHashMap<>();
  private final Duration lease;
  private final boolean localLocks;
  private final LongSupplier nanoTime;

  private record Seen(long heartbeat, long sinceNanos) {}

  /** How an owner's end was known. */
  enum Cause {
    DIED,
    STOOD_STILL
  }

  /** A dead owner, fenced off and locked for us until closed. */
  record Dead(Path path, FileChannel file, Cause cause, String prefix, List<Slot> slots)
      implements AutoCloseable {

    @Override
    public void close() throws IOException {
      file.close();
    }
  }

  Peers(Path directory, Duration lease, LongSupplier nanoTime) {
    this.directory = directory;
    this.lease = lease;
    this.localLocks = HostFacts.isLocal(directory);
    this.nanoTime = nanoTime;
  }

  /** An owner's file was seen. */
  void add(Path path) {
    seen.putIfAbsent(path, new Seen(-1, nanoTime.getAsLong()));
  }

  /** The dead among those seen; each is to be closed. */
  List<Dead> findDead() throws IOException {
    List<Dead> dead = new ArrayList<>();
    for (Path path : List.copyOf(seen.keySet())) {
      // One of this process lives, but may end without a word.
      if (!Node.isLocal(path)) {
        examine(path).ifPresent(dead::add);
      }
    }
    return dead;
  }

  /** What all owners have claimed or are about to claim, those of this process included. */
  Set<String> claimed() throws IOException {
    Set<String> stems = new HashSet<>(Node.claimedHere(directory));
    for (Path path : List.copyOf(seen.keySet())) {
      if (!Node.isLocal(path)) {
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
          NodeFile.readSlots(file).forEach(slot -> stems.add(slot.stem()));
        } catch (NoSuchFileException e) {
          seen.remove(path);
        }
      }
    }
    return stems;
  }

  void forget(Path path) {
    seen.remove(path);
  }

  private Optional<Dead> examine(Path path) throws IOException {
    FileChannel file;
    try {
      file = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
    } catch (NoSuchFileException e) {
      seen.remove(path);
      return Optional.empty();
    }
    boolean taken = false;
    try {
      Optional<Dead> dead = examine(path, file);
      taken = dead.isPresent();
      return dead;
    } finally {
      if (!taken) {
        file.close();
      }
    }
  }

  private Optional<Dead> examine(Path path, FileChannel file) throws IOException {
    // The clock first: when we are paused between the two, it is not the other who stood still.
    long now = nanoTime.getAsLong();
    Optional<Header> header = NodeFile.readHeader(file);
    boolean still = stoodStill(path, header, now);
    boolean trusted =
        header.isPresent() && (localLocks || header.get().boot().equals(HostFacts.bootId()));
    Cause cause;
    if (trusted && tryLock(file, NodeFile.LIFE) == Lock.HAD) {
      cause = Cause.DIED;
    } else if (still) {
      cause = Cause.STOOD_STILL;
    } else {
      return Optional.empty();
    }
    // Whoever is ending a claim this very moment lives.
    if (tryLock(file, NodeFile.FINISH) == Lock.REFUSED) {
      return Optional.empty();
    }
    // Another may have buried this owner between our opening the file and our locking it.
    if (!Files.exists(path)) {
      return Optional.empty();
    }
    if (header.isPresent()) {
      NodeFile.fence(file);
    }
    String prefix = header.map(Header::prefix).orElse("");
    return Optional.of(new Dead(path, file, cause, prefix, NodeFile.readSlots(file)));
  }

  private boolean stoodStill(Path path, Optional<Header> header, long now) {
    long heartbeat = header.map(Header::heartbeat).orElse(-1L);
    @Nullable Seen before = seen.get(path);
    if (before == null || before.heartbeat() != heartbeat) {
      seen.put(path, new Seen(heartbeat, now));
      return false;
    }
    return now - before.sinceNanos() >= lease.toNanos();
  }

  private enum Lock {
    HAD,
    REFUSED,
    UNSUPPORTED
  }

  // Released when the file is closed.
  private static Lock tryLock(FileChannel file, long at) {
    try {
      @Nullable FileLock lock = file.tryLock(at, 1, false);
      return lock == null ? Lock.REFUSED : Lock.HAD;
    } catch (OverlappingFileLockException e) {
      return Lock.REFUSED;
    } catch (IOException e) {
      return Lock.UNSUPPORTED;
    }
  }
}
