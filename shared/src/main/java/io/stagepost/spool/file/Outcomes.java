package io.stagepost.spool.file;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.stagepost.spool.Claim.Deferral;
import io.stagepost.spool.Claim.Failure;
import io.stagepost.spool.Envelope;
import io.stagepost.spool.Spool.State;
import io.stagepost.spool.SpoolException;
import io.stagepost.spool.SpoolReader;
import io.stagepost.spool.file.FileClaim.Held;
import io.vertx.core.Future;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Records what became of claimed messages, each while nobody can take the claim over. */
final class Outcomes {

  private final SpoolStore store;
  private final Disk disk;
  private final SpoolWorkers workers;
  private final Set<FileClaim> open = ConcurrentHashMap.newKeySet();

  Outcomes(SpoolStore store, SpoolWorkers workers) {
    this.store = store;
    this.disk = store.disk();
    this.workers = workers;
  }

  void opened(FileClaim claim) {
    open.add(claim);
  }

  /** The claims that have not ended; at most one for each slot of the owner. */
  Set<FileClaim> open() {
    return open;
  }

  SpoolReader reader(Held held) {
    return new FileSpoolReader(
        store.path(held.stem(), SpoolFiles.CONTENT), held.size(), disk, workers);
  }

  Future<Void> delivered(FileClaim claim) {
    String stem = claim.held().stem();
    return end(
        claim,
        () -> {
          // The envelope first: a crash in between leaves content that no one takes for a message.
          store.delete(stem, SpoolFiles.BUSY);
          store.delete(stem, SpoolFiles.CONTENT);
          forgetAttempts(claim.held());
          store.locked(stem, () -> store.index().remove(stem));
          store.gone(stem);
          return null;
        });
  }

  Future<Void> released(FileClaim claim) {
    return end(claim, () -> makeReady(claim.held(), Instant.EPOCH));
  }

  Future<Void> deferred(FileClaim claim, Deferral deferral) {
    Held held = claim.held();
    return end(
        claim,
        () -> {
          Sidecar sidecar = held.sidecar().deferred(deferral.until(), deferral.reason());
          try {
            sidecar.write(disk, store.path(held.stem(), SpoolFiles.STATE));
          } catch (IOException e) {
            // The message matters more than its schedule, which is kept in memory at least.
            SpoolStore.LOG.warn(
                "spool: can't keep the schedule of {}: {}", held.id(), e.toString());
          }
          return makeReady(held, deferral.until());
        });
  }

  private Void makeReady(Held held, Instant until) throws IOException {
    String stem = held.stem();
    return store.locked(
        stem,
        () -> {
          store.rename(stem, SpoolFiles.BUSY, SpoolFiles.READY);
          if (until.isAfter(Instant.EPOCH)) {
            store.index().defer(stem, until);
          } else {
            store.index().put(stem, State.READY);
          }
          return nothing();
        });
  }

  Future<Void> failed(FileClaim claim, Failure failure) {
    Held held = claim.held();
    boolean[] appended = {false};
    return end(
        claim,
        () -> {
          if (!appended[0]) {
            appendReason(held.stem(), EnvelopeFormat.failureLines(failure, held.lineEnd()));
            appended[0] = true;
          }
          store.locked(
              held.stem(),
              () -> {
                store.rename(held.stem(), SpoolFiles.BUSY, SpoolFiles.BAD);
                return store.index().put(held.stem(), State.FAILED);
              });
          forgetAttempts(held);
          return null;
        });
  }

  private void forgetAttempts(Held held) throws IOException {
    if (!held.sidecar().equals(Sidecar.NONE)) {
      store.delete(held.stem(), SpoolFiles.STATE);
    }
  }

  /** Appends lines to a busy envelope; does without them when there is no space. */
  void appendReason(String stem, String lines) throws IOException {
    try {
      byte[] old =
          SpoolFiles.read(disk, store.path(stem, SpoolFiles.BUSY), SpoolFiles.ENVELOPE_LIMIT);
      ByteArrayOutputStream all = new ByteArrayOutputStream(old.length + lines.length() + 2);
      all.writeBytes(old);
      if (old.length > 0 && old[old.length - 1] != '\n') {
        all.writeBytes(EnvelopeFormat.CRLF.getBytes(US_ASCII));
      }
      all.writeBytes(lines.getBytes(US_ASCII));
      replace(stem, all.toByteArray());
    } catch (IOException e) {
      if (!SpoolFailures.isNoSpace(e)) {
        throw e;
      }
      SpoolStore.LOG.warn("spool: no space for the reason of {}: {}", stem, lines.strip());
    }
  }

  private void replace(String stem, byte[] octets) throws IOException {
    String tmp = SpoolFiles.BUSY + SpoolFiles.TMP;
    store.delete(stem, tmp);
    try (Disk.Output out = disk.create(store.path(stem, tmp))) {
      out.write(ByteBuffer.wrap(octets));
      out.sync();
    } catch (IOException e) {
      store.delete(stem, tmp);
      throw e;
    }
    store.rename(stem, tmp, SpoolFiles.BUSY);
  }

  Future<Void> rewritten(FileClaim claim, Envelope changed) {
    Held held = claim.held();
    return workers.run(
        () -> {
          try {
            return held.node()
                .guarded(
                    () -> {
                      replace(held.stem(), EnvelopeFormat.write(changed));
                      return nothing();
                    });
          } catch (SpoolException.StaleClaim e) {
            stale(claim);
            throw e;
          }
        });
  }

  private Future<Void> end(FileClaim claim, SpoolWorkers.Job<Void> outcome) {
    return workers.run(
        () -> {
          try {
            return record(claim, outcome);
          } catch (SpoolException.StaleClaim e) {
            throw e;
          } catch (IOException | RuntimeException e) {
            SpoolStore.LOG.warn("spool: {} not recorded yet: {}", claim.id(), e.toString());
            store.limbo().add(() -> record(claim, outcome));
            throw e;
          }
        });
  }

  private Void record(FileClaim claim, SpoolWorkers.Job<Void> outcome) throws IOException {
    Held held = claim.held();
    try {
      held.node().guarded(outcome);
    } catch (SpoolException.StaleClaim e) {
      stale(claim);
      throw e;
    }
    store.owned().remove(held.stem(), held.node());
    held.node().clear(held.slot());
    open.remove(claim);
    return nothing();
  }

  private void stale(FileClaim claim) throws IOException {
    Held held = claim.held();
    open.remove(claim);
    store.owned().remove(held.stem(), held.node());
    store.fenced(held.node());
    store.look(held.stem());
  }

  @SuppressWarnings("NullAway")
  private static Void nothing() {
    return null;
  }
}
