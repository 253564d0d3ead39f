package io.stagepost.spool.file;

import io.stagepost.spool.Spool.State;
import io.stagepost.spool.SpoolOrder;
import io.stagepost.spool.file.SpoolFiles.Name;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Reads the directory: once whole at the start, later for what changed without our doing. */
final class Lookout {

  private final SpoolStore store;
  private final Peers peers;
  private final Disk disk;
  private final Abandoned abandoned;
  private @Nullable Instant lastModified;
  private long latestSecond;

  Lookout(SpoolStore store, Peers peers) {
    this.store = store;
    this.peers = peers;
    this.disk = store.disk();
    this.abandoned = new Abandoned(store);
  }

  /** The latest second in the stems of our process number, to go beyond for new ones. */
  long latestSecond() {
    return latestSecond;
  }

  /** Reads the whole directory by names alone and fills the index. */
  void load() throws IOException {
    List<String> ready = new ArrayList<>();
    List<String> busy = new ArrayList<>();
    List<String> bad = new ArrayList<>();
    List<String> held = new ArrayList<>();
    Hashes states = new Hashes(0);
    String ours = "emailrelay." + ProcessHandle.current().pid() + ".";
    disk.list(
        store.directory(),
        name -> {
          if (name.startsWith(SpoolFiles.NODE_PREFIX)) {
            peers.add(store.directory().resolve(name));
            return;
          }
          if (name.startsWith(ours)) {
            latestSecond = Math.max(latestSecond, second(name, ours.length()));
          }
          if (name.endsWith(SpoolFiles.CONTENT)) {
            return;
          }
          abandoned.saw(name);
          Optional<Name> parsed = SpoolFiles.parse(name);
          if (parsed.isPresent()) {
            String stem = parsed.get().stem();
            switch (parsed.get().suffix()) {
              case SpoolFiles.READY -> ready.add(stem);
              case SpoolFiles.BUSY -> busy.add(stem);
              case SpoolFiles.BAD -> bad.add(stem);
              case SpoolFiles.HELD -> held.add(stem);
              case SpoolFiles.STATE -> states.add(stem);
              default -> {
                // Content and half-written messages are no concern of the index.
              }
            }
          }
        });
    SpoolIndex index = store.index();
    // In order, the index is built with neighbouring memory in the cache.
    ready.sort(SpoolOrder::compare);
    for (String stem : ready) {
      if (states.contains(stem)) {
        index.deferUnknown(stem);
      } else {
        index.load(stem, State.READY);
      }
    }
    // Names that stand for two states at once end in the later one.
    busy.forEach(stem -> index.put(stem, State.BUSY));
    bad.forEach(stem -> index.put(stem, State.FAILED));
    held.stream()
        .filter(stem -> index.state(stem) == null)
        .forEach(stem -> index.put(stem, State.HELD));
    abandoned.sweep();
  }

  private static long second(String name, int from) {
    int end = name.indexOf('.', from);
    try {
      return end < 0 ? 0 : Long.parseLong(name, from, end, 10);
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  /** Reads the due times of those found deferred at the start. */
  void readSchedules() throws IOException {
    List<String> stems = new ArrayList<>();
    store.index().each(State.DEFERRED, stems::add);
    for (String stem : stems) {
      store.look(stem);
    }
  }

  /** Compares the directory with the index, unless nothing in it changed since the last time. */
  void rescan() throws IOException {
    abandoned.sweep();
    Instant modified = disk.stat(store.directory()).map(Disk.Stat::modified).orElse(Instant.EPOCH);
    // A change within the grain of the clock would not show.
    boolean fresh = Duration.between(modified, Instant.now()).abs().toMillis() < 2_000;
    if (modified.equals(lastModified) && !fresh) {
      return;
    }
    lastModified = modified;
    // By hash: looking a million names up in the index in no order would take its time.
    long total = 0;
    for (State state : State.values()) {
      total += store.index().count(state);
    }
    Hashes known = new Hashes(total);
    eachOnDisk((stem, suffix) -> known.add(stem + suffix));
    List<String> differing = new ArrayList<>();
    disk.list(
        store.directory(),
        name -> {
          if (name.startsWith(SpoolFiles.NODE_PREFIX)) {
            peers.add(store.directory().resolve(name));
          } else if (!name.endsWith(SpoolFiles.CONTENT) && !known.mark(name)) {
            abandoned.saw(name);
            SpoolFiles.parse(name)
                .filter(parsed -> stateOf(parsed.suffix()) != null && differs(parsed))
                .ifPresent(parsed -> differing.add(parsed.stem()));
          }
        });
    eachOnDisk(
        (stem, suffix) -> {
          String name = stem + suffix;
          if (known.contains(name) && !known.isMarked(name)) {
            differing.add(stem);
          }
        });
    for (String stem : differing) {
      store.look(stem);
    }
  }

  // Names every envelope file that should be there.
  private void eachOnDisk(BiConsumer<String, String> files) {
    store.index().each(State.READY, stem -> files.accept(stem, SpoolFiles.READY));
    store.index().each(State.DEFERRED, stem -> files.accept(stem, SpoolFiles.READY));
    store.index().each(State.BUSY, stem -> files.accept(stem, SpoolFiles.BUSY));
    store.index().each(State.FAILED, stem -> files.accept(stem, SpoolFiles.BAD));
    store.index().each(State.HELD, stem -> files.accept(stem, SpoolFiles.HELD));
  }

  private static @Nullable State stateOf(String suffix) {
    return switch (suffix) {
      case SpoolFiles.READY -> State.READY;
      case SpoolFiles.BUSY -> State.BUSY;
      case SpoolFiles.BAD -> State.FAILED;
      case SpoolFiles.HELD -> State.HELD;
      default -> null;
    };
  }

  private boolean differs(Name name) {
    State expected = stateOf(name.suffix());
    State known = store.index().state(name.stem());
    boolean waits = known == State.DEFERRED && expected == State.READY;
    return known != expected && !waits;
  }

  /** A file of this name appeared. */
  void appeared(String file) throws IOException {
    if (file.startsWith(SpoolFiles.NODE_PREFIX)) {
      peers.add(store.directory().resolve(file));
      return;
    }
    Optional<Name> name = SpoolFiles.parse(file);
    if (name.isPresent() && concernsUs(name.get())) {
      String stem = name.get().stem();
      boolean newState =
          name.get().suffix().equals(SpoolFiles.STATE) && store.index().state(stem) == State.READY;
      boolean newEnvelope = stateOf(name.get().suffix()) != null && differs(name.get());
      // Our own messages come and go faster than they are announced.
      boolean ownPast = store.index().state(stem) == null && isOwn(stem);
      if (newState || (newEnvelope && !ownPast)) {
        store.look(stem);
      }
    }
  }

  /** A file of this name went away. */
  void vanished(String file) throws IOException {
    Optional<Name> name = SpoolFiles.parse(file);
    if (name.isPresent() && concernsUs(name.get()) && stateOf(name.get().suffix()) != null) {
      if (store.index().state(name.get().stem()) != null && !differs(name.get())) {
        store.look(name.get().stem());
      }
    }
  }

  private boolean concernsUs(Name name) {
    return !store.owned().containsKey(name.stem()) && !store.writing().contains(name.stem());
  }

  private boolean isOwn(String stem) {
    return stem.startsWith(store.node().prefix());
  }

  /**
   * Makes busy messages ready that no owner of ours holds: left from before the system's start, or
   * so long ago that a forwarder of E-MailRelay can't be at work on them any more.
   */
  void reviewBusy(Recovery recovery) throws IOException {
    List<String> busy = new ArrayList<>();
    store.index().each(State.BUSY, busy::add);
    busy.removeIf(stem -> store.owned().containsKey(stem));
    if (busy.isEmpty()) {
      return;
    }
    // Ages by the clock that gives the files their times, whatever ours shows.
    store.node().beat();
    Instant now = disk.stat(store.node().path()).map(Disk.Stat::modified).orElseGet(Instant::now);
    Optional<Instant> boot =
        HostFacts.isLocal(store.directory()) ? HostFacts.bootTime() : Optional.empty();
    Instant limit = now.minus(store.options().times().foreignLease());
    Set<String> claimed = peers.claimed();
    for (String stem : busy) {
      Optional<Disk.Stat> stat = disk.stat(store.path(stem, SpoolFiles.BUSY));
      if (stat.isEmpty()) {
        store.look(stem);
      } else if (!claimed.contains(stem) && !store.owned().containsKey(stem)) {
        Instant changed = stat.get().changed();
        boolean beforeBoot = boot.isPresent() && changed.isBefore(boot.get());
        if (beforeBoot || !changed.isAfter(limit)) {
          SpoolStore.LOG.warn("spool: releasing {}, busy since {}", stem, changed);
          recovery.giveBack(stem, Suspicion.NONE);
        }
      }
    }
  }
}
