package io.stagepost.spool.file;

import io.stagepost.spool.Claim.Failure;
import io.stagepost.spool.Spool.State;
import io.stagepost.spool.file.EnvelopeReader.Parsed;
import io.stagepost.spool.file.EnvelopeReader.UnreadableException;
import io.stagepost.spool.file.NodeFile.Progress;
import io.stagepost.spool.file.NodeFile.Slot;
import io.stagepost.spool.file.Peers.Dead;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Takes back what dead owners held and removes what they left half-written. */
final class Recovery {

  // The clock of the file system is coarser than the one that owners write down.
  private static final Duration CLOCK_GRAIN = Duration.ofMillis(100);

  private final SpoolStore store;
  private final Disk disk;
  private final Peers peers;
  private final Outcomes outcomes;
  private final JournalReplay replay;
  private @Nullable List<Path> mailboxes;
  private long released;
  private long removed;
  private int suspects;

  Recovery(SpoolStore store, Peers peers, Outcomes outcomes, JournalReplay replay) {
    this.store = store;
    this.disk = store.disk();
    this.peers = peers;
    this.outcomes = outcomes;
    this.replay = replay;
  }

  long released() {
    return released;
  }

  long removed() {
    return removed;
  }

  /** Buries the dead among the known owners. */
  void buryDead() throws IOException {
    List<Dead> dead = peers.findDead();
    mailboxes = null;
    suspects = 0;
    try {
      for (Dead one : dead) {
        bury(one);
      }
    } finally {
      for (Dead one : dead) {
        one.close();
      }
    }
  }

  private void bury(Dead dead) throws IOException {
    SpoolStore.LOG.info(
        "spool: taking over {} claims of {}", dead.slots().size(), dead.path().getFileName());
    peers.forget(dead.path());
    // First of all: what was not synced may be missing or cut off.
    replay.of(dead.path());
    Set<String> others = peers.claimed();
    for (Slot slot : dead.slots()) {
      // Written by another process that may have been cut off in the middle of it.
      if (isPlainName(slot.stem())) {
        takeBack(slot, Suspicion.of(dead), others);
      }
    }
    if (!dead.prefix().isEmpty()) {
      cleanUp(dead.prefix(), others);
    }
    disk.delete(dead.path());
  }

  private static boolean isPlainName(String stem) {
    return SpoolFiles.parse(stem + SpoolFiles.READY).isPresent();
  }

  private void takeBack(Slot slot, Suspicion added, Set<String> others) throws IOException {
    String stem = slot.stem();
    if (others.contains(stem)) {
      return;
    }
    Optional<Disk.Stat> busy = disk.stat(store.path(stem, SpoolFiles.BUSY));
    if (busy.isEmpty()) {
      if (slot.progress() == Progress.CLAIMED) {
        removeOrphan(stem);
      }
      return;
    }
    // An announced claim may have lost the race to E-MailRelay, which announces nothing.
    Instant announced = Instant.ofEpochMilli(slot.sinceMillis()).minus(CLOCK_GRAIN);
    if (slot.progress() == Progress.CLAIMED || !busy.get().changed().isBefore(announced)) {
      giveBack(stem, added);
    }
  }

  /** Makes a busy message ready again, at once or later; sets it aside when it killed too many. */
  void giveBack(String stem, Suspicion added) throws IOException {
    store.delete(stem, SpoolFiles.BUSY + SpoolFiles.TMP);
    @Nullable State state = store.locked(stem, () -> giveBackLocked(stem, added));
    if (state == State.READY || state == State.DEFERRED) {
      released++;
    }
    if (state == State.READY) {
      store.arrived(stem);
    }
  }

  /** Tells the new state, or null when there was nothing to give back. */
  private @Nullable State giveBackLocked(String stem, Suspicion added) throws IOException {
    if (!store.exists(stem, SpoolFiles.BUSY)) {
      return null;
    }
    if (!store.exists(stem, SpoolFiles.CONTENT)) {
      // Content goes last, after the envelope: the message had been delivered, and a power cut
      // brought the envelope's entry back.
      SpoolStore.LOG.warn("spool: removing the envelope of {}, whose content is gone", stem);
      store.delete(stem, SpoolFiles.BUSY);
      store.delete(stem, SpoolFiles.STATE);
      store.index().remove(stem);
      return null;
    }
    Sidecar sidecar = added == Suspicion.NONE ? Sidecar.NONE : suspect(stem, added);
    if (sidecar.suspicion() >= store.options().maxSuspicion()) {
      return setAside(stem);
    }
    store.rename(stem, SpoolFiles.BUSY, SpoolFiles.READY);
    if (sidecar.until().isAfter(Instant.now())) {
      store.index().defer(stem, sidecar.until());
      return State.DEFERRED;
    }
    store.index().put(stem, State.READY);
    return State.READY;
  }

  private State setAside(String stem) throws IOException {
    String reason = "set aside: the process has died too often while handling it";
    SpoolStore.ignoring(store.path(stem, SpoolFiles.BUSY), reason);
    Failure failure = new Failure(reason, Optional.empty());
    outcomes.appendReason(stem, EnvelopeFormat.failureLines(failure, EnvelopeFormat.CRLF));
    store.rename(stem, SpoolFiles.BUSY, SpoolFiles.BAD);
    store.index().put(stem, State.FAILED);
    store.delete(stem, SpoolFiles.STATE);
    return State.FAILED;
  }

  private Sidecar suspect(String stem, Suspicion added) throws IOException {
    Path path = store.path(stem, SpoolFiles.STATE);
    Sidecar sidecar = Sidecar.read(disk, path).suspected(added);
    if (sidecar.suspicion() >= Suspicion.SUSPECT_FROM) {
      int units = sidecar.suspicion() + suspects++;
      Duration wait = store.options().times().suspectWait().multipliedBy(units);
      sidecar = sidecar.notBefore(Instant.now().plus(wait));
    }
    try {
      sidecar.write(disk, path);
    } catch (IOException e) {
      SpoolStore.LOG.warn("spool: can't note the suspicion of {}: {}", stem, e.toString());
    }
    return sidecar;
  }

  private void cleanUp(String prefix, Set<String> others) throws IOException {
    List<String> names = new ArrayList<>();
    disk.list(
        store.directory(),
        name -> {
          if (name.startsWith(prefix)) {
            names.add(name);
          }
        });
    for (String name : names) {
      cleanUpFile(name, others);
    }
  }

  private void cleanUpFile(String name, Set<String> others) throws IOException {
    for (String suffix :
        List.of(
            SpoolFiles.NEW + SpoolFiles.TMP,
            SpoolFiles.BUSY + SpoolFiles.TMP,
            SpoolFiles.STATE + SpoolFiles.TMP,
            SpoolFiles.CONTENT + SpoolFiles.TMP,
            ".content.spamd")) {
      if (name.endsWith(suffix)) {
        if (!others.contains(name.substring(0, name.length() - suffix.length()))) {
          disk.delete(store.directory().resolve(name));
        }
        return;
      }
    }
    Optional<SpoolFiles.Name> parsed = SpoolFiles.parse(name);
    if (parsed.isPresent() && parsed.get().suffix().equals(SpoolFiles.NEW)) {
      settleNew(parsed.get().stem());
    } else if (parsed.isPresent()
        && parsed.get().suffix().equals(SpoolFiles.CONTENT)
        && store.index().state(parsed.get().stem()) == null) {
      removeOrphan(parsed.get().stem());
    }
  }

  /** Finishes a commit that was cut off after its files were safe; removes any other. */
  private void settleNew(String stem) throws IOException {
    if (isCommitted(stem)) {
      store.locked(
          stem,
          () -> {
            store.rename(stem, SpoolFiles.NEW, SpoolFiles.READY);
            return store.index().put(stem, State.READY);
          });
      store.arrived(stem);
    } else {
      store.delete(stem, SpoolFiles.NEW);
      removeOrphan(stem);
    }
  }

  private boolean isCommitted(String stem) throws IOException {
    try {
      byte[] file =
          SpoolFiles.read(disk, store.path(stem, SpoolFiles.NEW), SpoolFiles.ENVELOPE_LIMIT);
      Parsed parsed = EnvelopeReader.parse(file);
      Optional<Disk.Stat> content = disk.stat(store.path(stem, SpoolFiles.CONTENT));
      OptionalLong size = parsed.committed();
      return content.isPresent()
          && size.isPresent()
          && content.get().size() == size.getAsLong()
          && !store.exists(stem, SpoolFiles.READY);
    } catch (UnreadableException e) {
      return false;
    }
  }

  /** Removes content that no envelope goes with, in this directory or in a mailbox below. */
  private void removeOrphan(String stem) throws IOException {
    boolean orphan =
        store.locked(
            stem,
            () -> {
              if (hasEnvelope(stem) || mailboxHasEnvelope(stem)) {
                return false;
              }
              store.delete(stem, SpoolFiles.STATE);
              store.index().remove(stem);
              return store.delete(stem, SpoolFiles.CONTENT);
            });
    if (orphan) {
      removed++;
    }
  }

  // An envelope may be renamed between two looks, so all names are looked at more than once.
  private boolean hasEnvelope(String stem) throws IOException {
    for (int round = 0; round < 3; round++) {
      if (anyEnvelope(store.directory(), stem)) {
        return true;
      }
    }
    return false;
  }

  private boolean anyEnvelope(Path directory, String stem) throws IOException {
    for (String suffix :
        List.of(
            SpoolFiles.READY,
            SpoolFiles.BUSY,
            SpoolFiles.BAD,
            SpoolFiles.HELD,
            SpoolFiles.NEW,
            SpoolFiles.BROKEN)) {
      if (disk.exists(directory.resolve(stem + suffix))) {
        return true;
      }
    }
    return false;
  }

  private boolean mailboxHasEnvelope(String stem) throws IOException {
    List<Path> all = mailboxes;
    if (all == null) {
      List<Path> candidates = new ArrayList<>();
      disk.list(
          store.directory(),
          name -> {
            if (SpoolFiles.parse(name).isEmpty() && !name.startsWith(".")) {
              candidates.add(store.directory().resolve(name));
            }
          });
      all = new ArrayList<>();
      for (Path candidate : candidates) {
        if (disk.stat(candidate).filter(s -> s.kind() == Disk.Kind.DIRECTORY).isPresent()) {
          all.add(candidate);
        }
      }
      mailboxes = all;
    }
    for (Path mailbox : all) {
      if (anyEnvelope(mailbox, stem)) {
        return true;
      }
    }
    return false;
  }
}
