package io.stagepost.spool.file;

import io.stagepost.spool.Claim.Failure;
import io.stagepost.spool.MessageId;
import io.stagepost.spool.Spool.State;
import io.stagepost.spool.SpoolException;
import io.stagepost.spool.file.EnvelopeReader.Parsed;
import io.stagepost.spool.file.EnvelopeReader.UnreadableException;
import io.stagepost.spool.file.FileClaim.Held;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Takes messages for this process; sets aside those that can't be understood. */
final class Claiming {

  private static final int SUSPECTS = 10_000;

  private final SpoolStore store;
  private final Disk disk;
  private final Outcomes outcomes;

  // When envelopes that can't be read were first seen; beyond the bound the oldest is forgotten,
  // which only gives it more time to become whole.
  private final Map<String, Long> suspects =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
          return size() > SUSPECTS;
        }
      };

  Claiming(SpoolStore store, Outcomes outcomes) {
    this.store = store;
    this.disk = store.disk();
    this.outcomes = outcomes;
  }

  FileClaim claim(MessageId id) throws IOException {
    String stem = id.value();
    State state = store.index().state(stem);
    if (state != null && state != State.READY) {
      throw notAvailable(id);
    }
    Sidecar sidecar = sidecar(stem);
    if (sidecar.until().isAfter(Instant.now())) {
      store.look(stem);
      throw notAvailable(id);
    }
    Taken taken = take(id, SpoolFiles.READY);
    try {
      FileClaim claim = open(taken, sidecar);
      outcomes.opened(claim);
      forgetSuspect(stem);
      return claim;
    } catch (BrokenException e) {
      // Not by its state afterwards: others may have changed that by then.
      boolean settled = isSettled(taken);
      finish(taken, () -> settled ? setAside(stem, e) : makeReadyLater(stem));
      throw settled
          ? new SpoolException.Corrupt(String.valueOf(e.getMessage()))
          : new SpoolException.NotAvailable("not complete yet: " + e.getMessage());
    } catch (IOException | RuntimeException e) {
      finish(taken, () -> makeReadyLater(stem));
      throw e;
    }
  }

  /** What {@link #inspect} found. */
  enum Found {
    READABLE,
    SET_ASIDE,
    /** It can't be read, but is so fresh that it may still be being written. */
    UNSETTLED
  }

  /** Sets a ready message aside when it can't be read; any other is left as it is. */
  Found inspect(MessageId id) throws IOException {
    Optional<Disk.Stat> stat = disk.stat(store.path(id.value(), SpoolFiles.READY));
    if (stat.isEmpty()) {
      return Found.READABLE; // by whoever has taken it
    }
    if (stat.get().kind() != Disk.Kind.FILE) {
      return claimBroken(id);
    }
    try {
      read(id.value(), SpoolFiles.READY);
      return Found.READABLE;
    } catch (NoSuchFileException e) {
      return Found.READABLE; // by whoever has just taken it
    } catch (IOException e) {
      return claimBroken(id);
    }
  }

  private Found claimBroken(MessageId id) throws IOException {
    try {
      claim(id).release(); // it has become whole
      return Found.READABLE;
    } catch (SpoolException.Corrupt e) {
      return Found.SET_ASIDE;
    } catch (SpoolException.NotAvailable e) {
      return Found.UNSETTLED;
    }
  }

  private record Taken(MessageId id, Node node, int slot, Instant changed) {}

  // What the disk refuses now is done later; until then the message stays busy.
  private void finish(Taken taken, SpoolWorkers.Job<@Nullable State> job) throws IOException {
    SpoolWorkers.Job<Void> whole =
        () -> {
          String stem = taken.id().value();
          taken.node().guarded(() -> store.locked(stem, job));
          store.owned().remove(stem, taken.node());
          taken.node().clear(taken.slot());
          return null;
        };
    try {
      whole.run();
    } catch (IOException e) {
      store.limbo().add(whole);
      throw e;
    }
  }

  private static SpoolException.NotAvailable notAvailable(MessageId id) {
    return new SpoolException.NotAvailable("not ready: " + id);
  }

  private Sidecar sidecar(String stem) throws IOException {
    return store.exists(stem, SpoolFiles.STATE)
        ? Sidecar.read(disk, store.path(stem, SpoolFiles.STATE))
        : Sidecar.NONE;
  }

  /**
   * Makes an envelope busy on behalf of this process.
   *
   * @param suffix of the envelope as it is now
   */
  private Taken take(MessageId id, String suffix) throws IOException {
    String stem = id.value();
    Node node = store.node();
    if (store.owned().putIfAbsent(stem, node) != null) {
      throw notAvailable(id);
    }
    int slot = -1;
    boolean taken = false;
    try {
      Optional<Disk.Stat> stat = disk.stat(store.path(stem, suffix));
      if (stat.isPresent() && stat.get().kind() != Disk.Kind.FILE) {
        store.leaveAlone(stem);
        throw new SpoolException.Corrupt("not a plain file");
      }
      if (stat.isPresent() && !store.exists(stem, SpoolFiles.BUSY)) {
        slot = node.announce(stem);
        node.guarded(() -> store.locked(stem, () -> makeBusy(stem, suffix)));
        taken = true;
        node.confirm(slot);
        return new Taken(id, node, slot, stat.get().changed());
      }
    } catch (NoSuchFileException e) {
      // Somebody was quicker.
    } catch (SpoolException.StaleClaim e) {
      store.fenced(node);
    } finally {
      if (!taken) {
        store.owned().remove(stem, node);
        if (slot >= 0) {
          node.clear(slot);
        }
      }
    }
    store.look(stem);
    throw notAvailable(id);
  }

  private @Nullable State makeBusy(String stem, String suffix) throws IOException {
    store.rename(stem, suffix, SpoolFiles.BUSY);
    return store.index().put(stem, State.BUSY);
  }

  private FileClaim open(Taken taken, Sidecar sidecar) throws IOException {
    Message message = read(taken.id().value(), SpoolFiles.BUSY);
    Held held =
        new Held(
            taken.id(),
            taken.node(),
            taken.slot(),
            message.content().size(),
            message.content().modified(),
            sidecar,
            message.parsed().lineEnd());
    return new FileClaim(held, message.parsed().envelope(), outcomes);
  }

  private record Message(Parsed parsed, Disk.Stat content) {}

  private Message read(String stem, String suffix) throws IOException {
    Path path = store.path(stem, suffix);
    Parsed parsed;
    try {
      parsed = EnvelopeReader.parse(SpoolFiles.read(disk, path, SpoolFiles.ENVELOPE_LIMIT));
    } catch (UnreadableException e) {
      throw new BrokenException(String.valueOf(e.getMessage()), Flaw.ENVELOPE);
    }
    Optional<Disk.Stat> content = disk.stat(store.path(stem, SpoolFiles.CONTENT));
    if (content.isEmpty() || content.get().kind() != Disk.Kind.FILE) {
      throw new BrokenException("missing content file", Flaw.CONTENT);
    }
    return new Message(parsed, content.get());
  }

  private enum Flaw {
    ENVELOPE,
    CONTENT
  }

  private static final class BrokenException extends IOException {
    private static final long serialVersionUID = 1L;
    private final Flaw flaw;

    BrokenException(String reason, Flaw flaw) {
      super(reason);
      this.flaw = flaw;
    }
  }

  private @Nullable State makeReadyLater(String stem) throws IOException {
    store.rename(stem, SpoolFiles.BUSY, SpoolFiles.READY);
    return store.index().defer(stem, Instant.now().plus(SpoolStore.PUT_OFF));
  }

  // An envelope may be seen while it is still being copied into the directory.
  private boolean isSettled(Taken taken) {
    Duration settle = store.options().times().settle();
    long now = System.nanoTime();
    synchronized (suspects) {
      Long first = suspects.putIfAbsent(taken.id().value(), now);
      if (first != null) {
        return now - first >= settle.toNanos();
      }
    }
    Duration age = Duration.between(taken.changed(), Instant.now()).abs();
    return age.compareTo(settle) >= 0;
  }

  private void forgetSuspect(String stem) {
    synchronized (suspects) {
      suspects.remove(stem);
    }
  }

  private @Nullable State setAside(String stem, BrokenException broken) throws IOException {
    String reason = String.valueOf(broken.getMessage());
    SpoolStore.ignoring(store.path(stem, SpoolFiles.READY), reason);
    forgetSuspect(stem);
    if (broken.flaw == Flaw.CONTENT) {
      Failure failure = new Failure(reason, Optional.empty());
      outcomes.appendReason(stem, EnvelopeFormat.failureLines(failure, EnvelopeFormat.CRLF));
      store.rename(stem, SpoolFiles.BUSY, SpoolFiles.BAD);
      return store.index().put(stem, State.FAILED);
    }
    store.rename(stem, SpoolFiles.BUSY, SpoolFiles.BROKEN);
    return store.index().remove(stem);
  }

  /** Removes a message that nobody has claimed. */
  void delete(MessageId id) throws IOException {
    String stem = id.value();
    Taken taken = take(id, resting(stem));
    finish(
        taken,
        () -> {
          store.delete(stem, SpoolFiles.BUSY);
          store.delete(stem, SpoolFiles.CONTENT);
          store.delete(stem, SpoolFiles.STATE);
          store.gone(stem);
          return store.index().remove(stem);
        });
  }

  /** The suffix of an envelope that nobody has claimed. */
  private String resting(String stem) throws IOException {
    for (String suffix : List.of(SpoolFiles.BAD, SpoolFiles.HELD)) {
      if (store.exists(stem, suffix)) {
        return suffix;
      }
    }
    return SpoolFiles.READY;
  }
}
