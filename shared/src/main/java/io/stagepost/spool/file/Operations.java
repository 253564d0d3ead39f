package io.stagepost.spool.file;

import io.stagepost.spool.Claim.Failure;
import io.stagepost.spool.MessageId;
import io.stagepost.spool.Spool.Details;
import io.stagepost.spool.Spool.Entry;
import io.stagepost.spool.Spool.State;
import io.stagepost.spool.SpoolException;
import io.stagepost.spool.file.EnvelopeReader.Parsed;
import io.stagepost.spool.file.EnvelopeReader.UnreadableException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What operators do to messages that nobody has claimed, by renaming their envelopes: a held one is
 * called {@code .envelope.held}, which E-MailRelay and its scripts leave alone.
 */
final class Operations {

  private static final String REASON = "Reason:";
  private static final String REASON_CODE = "ReasonCode:";
  // A message may go from one state to the next between two looks.
  private static final int LOOKS = 3;

  private final SpoolStore store;
  private final Disk disk;

  Operations(SpoolStore store) {
    this.store = store;
    this.disk = store.disk();
  }

  /** Makes a failed message ready again, and a deferred one at once. */
  void retry(MessageId id) throws IOException {
    change(id, State.FAILED, () -> retryLocked(id.value()));
  }

  private State retryLocked(String stem) throws IOException {
    if (store.exists(stem, SpoolFiles.READY)) {
      Path path = store.path(stem, SpoolFiles.STATE);
      Sidecar sidecar = Sidecar.read(disk, path);
      if (!sidecar.until().isAfter(Instant.now())) {
        throw new NoSuchFileException(path.toString());
      }
      sidecar.atOnce().write(disk, path);
      return State.READY;
    }
    store.rename(stem, SpoolFiles.BAD, SpoolFiles.READY);
    return State.READY;
  }

  /** Keeps a message from being claimed. */
  void hold(MessageId id) throws IOException {
    change(
        id,
        State.READY,
        () -> {
          if (store.exists(id.value(), SpoolFiles.HELD)) {
            throw new NoSuchFileException(id.value());
          }
          store.rename(id.value(), SpoolFiles.READY, SpoolFiles.HELD);
          return State.HELD;
        });
  }

  /** Ends a hold. */
  void release(MessageId id) throws IOException {
    change(
        id,
        State.HELD,
        () -> {
          if (store.exists(id.value(), SpoolFiles.READY)) {
            throw new NoSuchFileException(id.value());
          }
          store.rename(id.value(), SpoolFiles.HELD, SpoolFiles.READY);
          return State.READY;
        });
  }

  // What the operator was told is done stays so after a power cut.
  private void change(MessageId id, State from, SpoolWorkers.Job<State> job) throws IOException {
    String stem = id.value();
    @Nullable State now;
    try {
      now = store.locked(stem, () -> changeLocked(stem, job));
    } catch (NoSuchFileException e) {
      store.look(stem);
      String name = from.name().toLowerCase(Locale.ROOT);
      throw new SpoolException.NotAvailable("not " + name + ": " + id);
    }
    try {
      disk.syncDirectory(store.directory());
    } catch (IOException e) {
      SpoolStore.LOG.warn("spool: can't sync the change of {}: {}", id, e.toString());
    }
    if (now == State.READY) {
      store.arrived(stem);
    }
  }

  private @Nullable State changeLocked(String stem, SpoolWorkers.Job<State> job)
      throws IOException {
    if (store.exists(stem, SpoolFiles.BUSY)) {
      throw new NoSuchFileException(stem);
    }
    State next = job.run();
    Instant until =
        next == State.READY
            ? Sidecar.read(disk, store.path(stem, SpoolFiles.STATE)).until()
            : Instant.EPOCH;
    if (until.isAfter(Instant.now())) {
      store.index().defer(stem, until);
      return State.DEFERRED;
    }
    store.index().put(stem, next);
    return next;
  }

  /** Reads what is known of a message; empty when it has gone meanwhile. */
  Optional<Details> inspect(Entry entry) throws IOException {
    String stem = entry.id().value();
    for (int look = 0; look < LOOKS; look++) {
      for (String suffix :
          List.of(SpoolFiles.READY, SpoolFiles.BUSY, SpoolFiles.BAD, SpoolFiles.HELD)) {
        try {
          byte[] file = SpoolFiles.read(disk, store.path(stem, suffix), SpoolFiles.ENVELOPE_LIMIT);
          return Optional.of(details(entry, EnvelopeReader.parse(file), suffix));
        } catch (NoSuchFileException e) {
          // It is in another state.
        } catch (UnreadableException e) {
          throw new SpoolException.Corrupt(String.valueOf(e.getMessage()));
        }
      }
    }
    return Optional.empty();
  }

  /** Where the content of a message is, and how long it is. */
  record Content(Path path, long size) {}

  /** Finds the content of a message. */
  Optional<Content> content(MessageId id) throws IOException {
    Path path = store.path(id.value(), SpoolFiles.CONTENT);
    return disk.stat(path)
        .filter(stat -> stat.kind() == Disk.Kind.FILE)
        .map(stat -> new Content(path, stat.size()));
  }

  private Details details(Entry entry, Parsed parsed, String suffix) throws IOException {
    String stem = entry.id().value();
    Optional<Disk.Stat> content = disk.stat(store.path(stem, SpoolFiles.CONTENT));
    Optional<Disk.Stat> dated = content.isPresent() ? content : disk.stat(store.path(stem, suffix));
    Sidecar sidecar = Sidecar.read(disk, store.path(stem, SpoolFiles.STATE));
    return new Details(
        store.index().find(entry.id()).orElse(entry),
        parsed.envelope(),
        content.map(Disk.Stat::size).orElse(0L),
        dated.map(Disk.Stat::modified).orElse(Instant.EPOCH),
        failures(parsed.envelope().trailer()),
        sidecar.deferrals(),
        sidecar.reason());
  }

  private static List<Failure> failures(List<String> trailer) {
    List<Failure> failures = new ArrayList<>();
    for (String line : trailer) {
      String reason = EnvelopeFormat.PREFIX + REASON;
      String code = EnvelopeFormat.PREFIX + REASON_CODE;
      if (line.startsWith(reason)) {
        failures.add(new Failure(line.substring(reason.length()).strip(), Optional.empty()));
      } else if (line.startsWith(code) && !failures.isEmpty()) {
        String digits = line.substring(code.length()).strip();
        Failure last = failures.removeLast();
        failures.add(
            new Failure(
                last.reason(),
                digits.matches("[0-9]{3}")
                    ? Optional.of(Integer.parseInt(digits))
                    : Optional.empty()));
      }
    }
    return failures;
  }
}
