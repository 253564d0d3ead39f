package io.stagepost.spool.file;

import io.stagepost.spool.MessageId;
import io.stagepost.spool.Spool.Entry;
import io.stagepost.spool.Spool.State;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directory and what is known of it. A change of a message's state on disk and in the index is
 * one step under the message's lock; no sync happens under it.
 */
final class SpoolStore {

  static final Logger LOG = LoggerFactory.getLogger("io.stagepost.spool");

  /** How long a message waits that can't be claimed yet; no file tells of it. */
  static final Duration PUT_OFF = Duration.ofSeconds(2);

  private final Path directory;
  private final Disk disk;
  private final FileSpoolOptions options;
  private final SpoolIndex index = new SpoolIndex();
  private final Limbo limbo = new Limbo();
  private final ReentrantLock[] locks =
      Stream.generate(ReentrantLock::new).limit(256).toArray(ReentrantLock[]::new);
  private final Map<String, Node> owned = new ConcurrentHashMap<>();
  private final Set<String> writing = ConcurrentHashMap.newKeySet();
  private final Set<String> retired = ConcurrentHashMap.newKeySet();
  private final Set<String> odd = ConcurrentHashMap.newKeySet();
  private final List<Consumer<MessageId>> listeners = new CopyOnWriteArrayList<>();
  private final boolean journalling;
  private volatile @Nullable Node node;
  private volatile @Nullable Journal journal;
  private volatile boolean rescanWanted;

  SpoolStore(FileSpoolOptions options, Disk disk) {
    this.directory = options.directory().toAbsolutePath().normalize();
    this.disk = disk;
    this.options = options;
    this.journalling =
        options.sync() == SpoolSync.AUTO && HostFacts.isLocal(directory) && disk.canSyncAll();
  }

  Path directory() {
    return directory;
  }

  Disk disk() {
    return disk;
  }

  FileSpoolOptions options() {
    return options;
  }

  SpoolIndex index() {
    return index;
  }

  Limbo limbo() {
    return limbo;
  }

  /** Claims of this process by stem. */
  Map<String, Node> owned() {
    return owned;
  }

  /** Stems being written by this process. */
  Set<String> writing() {
    return writing;
  }

  Path path(String stem, String suffix) {
    return directory.resolve(stem + suffix);
  }

  boolean exists(String stem, String suffix) throws IOException {
    return disk.exists(path(stem, suffix));
  }

  void rename(String stem, String from, String to) throws IOException {
    disk.rename(path(stem, from), path(stem, to));
  }

  boolean delete(String stem, String suffix) throws IOException {
    return disk.delete(path(stem, suffix));
  }

  /** Runs a change of one message. */
  <T extends @Nullable Object> T locked(String stem, SpoolWorkers.Job<T> job) throws IOException {
    ReentrantLock lock = locks[(stem.hashCode() * 0x9E3779B9) >>> 24];
    lock.lock();
    try {
      return job.run();
    } finally {
      lock.unlock();
    }
  }

  /** This process as an owner. */
  Node node() {
    Node current = node;
    if (current == null) {
      throw new IllegalStateException("the spool is not open");
    }
    return current;
  }

  /** Begins a new owner, in the second after the last one seen in a file of this process number. */
  synchronized void register(long latestSecond) throws IOException {
    long now = System.currentTimeMillis() / 1000;
    Node registered = Node.register(directory, Math.max(now, latestSecond + 1));
    node = registered;
    journal = journalling ? new Journal(disk, directory, registered) : null;
  }

  /** The journal of an owner that is this process, or null when there is none. */
  @Nullable Journal journal(Node owner) {
    Journal current = journal;
    return owner == node ? current : null;
  }

  /** Notes that a message has left the spool. */
  void gone(String stem) {
    Journal current = journal;
    if (current != null) {
      current.gone(stem);
    }
  }

  /** Ends the journal, with or without bringing everything to the disk. */
  void endJournal(JournalEnd end) throws IOException {
    Journal current = journal;
    if (current != null && end == JournalEnd.ORDERLY) {
      current.close();
    } else if (current != null) {
      current.abandon();
    }
  }

  /** How a journal ends. */
  enum JournalEnd {
    ORDERLY,
    ABRUPT
  }

  /** Begins anew after others have taken this process for dead. */
  synchronized void fenced(Node old) throws IOException {
    if (node != old) {
      return;
    }
    LOG.warn("spool {}: this process was taken for dead; its claims are lost", directory);
    retired.add(old.prefix());
    endJournal(JournalEnd.ABRUPT);
    old.abandon();
    register(0);
    owned.values().removeIf(owner -> owner == old);
    rescanWanted = true;
  }

  /** Whether the stem was given out before this process was taken for dead. */
  boolean isRetired(String stem) {
    return !retired.isEmpty() && retired.stream().anyMatch(stem::startsWith);
  }

  void wantRescan() {
    rescanWanted = true;
  }

  boolean takeRescanWanted() {
    boolean wanted = rescanWanted;
    rescanWanted = false;
    return wanted;
  }

  void onArrival(Consumer<MessageId> listener) {
    listeners.add(listener);
  }

  void arrived(String stem) {
    for (Consumer<MessageId> listener : listeners) {
      try {
        listener.accept(new MessageId(stem));
      } catch (RuntimeException e) {
        LOG.warn("spool: a listener failed", e);
      }
    }
  }

  /** Sees which state a message is in on the disk. */
  void look(String stem) throws IOException {
    boolean arrived = locked(stem, () -> lookLocked(stem));
    if (arrived) {
      arrived(stem);
    }
  }

  /**
   * Leaves alone what has the name of an envelope but is no plain file. A thousand are remembered;
   * further ones are looked at again with each reading of the directory.
   */
  void leaveAlone(String stem) {
    ignoring(path(stem, SpoolFiles.READY), "not a plain file");
    if (odd.size() < 1_000) {
      odd.add(stem);
    }
    index.remove(stem);
  }

  private boolean lookLocked(String stem) throws IOException {
    if (!odd.isEmpty() && odd.contains(stem)) {
      return false;
    }
    if (owned.containsKey(stem) || writing.contains(stem)) {
      return false;
    }
    if (exists(stem, SpoolFiles.READY)) {
      Instant until =
          exists(stem, SpoolFiles.STATE)
              ? Sidecar.read(disk, path(stem, SpoolFiles.STATE)).until()
              : putOffUntil(stem);
      if (until.isAfter(Instant.now())) {
        index.defer(stem, until);
        return false;
      }
      return index.put(stem, State.READY) != State.READY;
    }
    if (exists(stem, SpoolFiles.BUSY)) {
      index.put(stem, State.BUSY);
    } else if (exists(stem, SpoolFiles.BAD)) {
      index.put(stem, State.FAILED);
    } else if (exists(stem, SpoolFiles.HELD)) {
      index.put(stem, State.HELD);
    } else {
      index.remove(stem);
    }
    return false;
  }

  // The watch tells of our own claims too: what one of them put off must not come back at once.
  private Instant putOffUntil(String stem) {
    return index
        .find(new MessageId(stem))
        .filter(entry -> entry.state() == State.DEFERRED)
        .flatMap(Entry::due)
        .filter(due -> !due.isAfter(Instant.now().plus(PUT_OFF)))
        .orElse(Instant.EPOCH);
  }

  static void ignoring(Path path, String reason) {
    LOG.warn("ignoring \"{}\": {}", path, reason);
  }
}
