package io.stagepost.spool.file;

import io.stagepost.spool.Claim;
import io.stagepost.spool.Envelope;
import io.stagepost.spool.MessageId;
import io.stagepost.spool.Spool;
import io.stagepost.spool.SpoolException;
import io.stagepost.spool.SpoolReader;
import io.stagepost.spool.SpoolWriter;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The default spool: two files a message in one directory, readable and writable by E-MailRelay.
 *
 * <p>Several spools, in this process and in others, may share a directory. Names of files are the
 * truth; an index of them is kept in memory.
 */
public final class FileSpool implements Spool {

  // So few due times are read before the opening ends, so that nothing starts too early or late.
  private static final long SCHEDULES_AT_ONCE = 1_000;
  private static final int PAGE = 10_000;

  private final Vertx vertx;
  private final SpoolStore store;
  private final SpoolWorkers workers;
  private final Committer committer;
  private final Outcomes outcomes;
  private final Claiming claiming;
  private final Operations operations;
  private final BufferBudget budget;
  private final FreeSpace freeSpace;
  private final Lookout lookout;
  private final JournalReplay replay;
  private final Recovery recovery;
  private final Housekeeping housekeeping;
  private final Inspection inspection;
  private final Set<FileSpoolWriter> writers = ConcurrentHashMap.newKeySet();
  private volatile Phase phase = Phase.NEW;

  private enum Phase {
    NEW,
    OPEN,
    CLOSED
  }

  private FileSpool(Vertx vertx, FileSpoolOptions options, Disk disk) {
    this.vertx = vertx;
    this.store = new SpoolStore(options, disk);
    this.workers = new SpoolWorkers(vertx, options.workers());
    this.committer = new Committer(store);
    this.outcomes = new Outcomes(store, workers);
    this.claiming = new Claiming(store, outcomes);
    this.operations = new Operations(store);
    this.budget = new BufferBudget(options.bufferLimit());
    this.freeSpace = new FreeSpace(store.directory(), options.minFree());
    Peers peers = new Peers(store.directory(), options.times().lease(), System::nanoTime);
    this.lookout = new Lookout(store, peers);
    this.replay = new JournalReplay(store);
    this.recovery = new Recovery(store, peers, outcomes, replay);
    this.housekeeping = new Housekeeping(store, lookout, recovery, freeSpace);
    this.inspection = new Inspection(vertx, store, workers, claiming);
  }

  /** A spool on the real disk, still to be opened. */
  public static FileSpool create(Vertx vertx, FileSpoolOptions options) {
    return create(vertx, options, new LocalDisk());
  }

  /** A spool on another disk, still to be opened. */
  public static FileSpool create(Vertx vertx, FileSpoolOptions options, Disk disk) {
    return new FileSpool(vertx, options, disk);
  }

  @Override
  public Future<RecoveryReport> open() {
    return workers.run(this::openNow);
  }

  private RecoveryReport openNow() throws IOException {
    if (phase != Phase.NEW) {
      throw new IllegalStateException("the spool was opened before");
    }
    if (!Files.isDirectory(store.directory())) {
      throw new NotDirectoryException(store.directory() + ": no such directory");
    }
    freeSpace.check();
    try {
      return load();
    } catch (IOException | RuntimeException e) {
      housekeeping.close();
      throw e;
    }
  }

  private RecoveryReport load() throws IOException {
    housekeeping.watch();
    replay.orphans();
    lookout.load();
    store.register(lookout.latestSecond());
    recovery.buryDead();
    lookout.reviewBusy(recovery);
    boolean few = store.index().count(State.DEFERRED) <= SCHEDULES_AT_ONCE;
    if (few) {
      lookout.readSchedules();
    }
    phase = Phase.OPEN;
    housekeeping.start();
    inspection.begin();
    if (!few) {
      Future<Void> reading =
          workers.run(
              () -> {
                lookout.readSchedules();
                return null;
              });
      reading.onFailure(e -> SpoolStore.LOG.warn("spool: schedules not read: {}", e.toString()));
    }
    return new RecoveryReport(
        store.index().count(State.READY), recovery.released(), recovery.removed());
  }

  @Override
  public MessageId newId() {
    return new MessageId(store.node().nextStem());
  }

  @Override
  public Future<SpoolWriter> create(MessageId id, Envelope envelope) {
    EnvelopeFormat.check(envelope);
    if (phase == Phase.CLOSED) {
      return Future.failedFuture(new SpoolException.Closed());
    }
    if (freeSpace.isLow()) {
      return Future.failedFuture(new SpoolException.NoSpace("too little free space"));
    }
    Node node = store.node();
    if (store.isRetired(id.value()) || !store.writing().add(id.value())) {
      return Future.failedFuture(new SpoolException.NotAvailable("id not usable: " + id));
    }
    FileSpoolWriter.Parts parts =
        new FileSpoolWriter.Parts(
            vertx.getOrCreateContext(), workers, committer, budget, this::written);
    FileSpoolWriter writer = new FileSpoolWriter(id, envelope, node, parts);
    writers.add(writer);
    return Future.succeededFuture(writer);
  }

  private void written(FileSpoolWriter writer) {
    writers.remove(writer);
    store.writing().remove(writer.id().value());
  }

  @Override
  public Future<Claim> claim(MessageId id) {
    return whileOpen(() -> claiming.claim(id));
  }

  @Override
  public Future<List<Entry>> list(State state, @Nullable MessageId after, int limit) {
    if (limit < 1 || limit > PAGE) {
      throw new IllegalArgumentException("limit must be 1 to " + PAGE);
    }
    return phase == Phase.CLOSED
        ? Future.failedFuture(new SpoolException.Closed())
        : Future.succeededFuture(store.index().list(state, after, limit));
  }

  @Override
  public Future<Optional<Entry>> find(MessageId id) {
    Optional<Entry> known = store.index().find(id);
    if (known.isPresent() && phase == Phase.OPEN) {
      return Future.succeededFuture(known);
    }
    return whileOpen(
        () -> {
          store.look(id.value());
          return store.index().find(id);
        });
  }

  @Override
  public long count(State state) {
    return store.index().count(state);
  }

  @Override
  public Future<Optional<Details>> inspect(MessageId id) {
    return find(id)
        .compose(
            entry ->
                entry.isEmpty()
                    ? Future.succeededFuture(Optional.empty())
                    : whileOpen(() -> operations.inspect(entry.get())));
  }

  @Override
  public Future<Optional<SpoolReader>> content(MessageId id) {
    return find(id)
        .compose(
            entry ->
                entry.isEmpty()
                    ? Future.succeededFuture(Optional.<Operations.Content>empty())
                    : whileOpen(() -> operations.content(id)))
        .map(found -> found.map(this::reader));
  }

  private SpoolReader reader(Operations.Content content) {
    return new FileSpoolReader(content.path(), content.size(), store.disk(), workers);
  }

  @Override
  public Future<Void> retry(MessageId id) {
    return whileOpen(
        () -> {
          operations.retry(id);
          return null;
        });
  }

  @Override
  public Future<Void> hold(MessageId id) {
    return whileOpen(
        () -> {
          operations.hold(id);
          return null;
        });
  }

  @Override
  public Future<Void> release(MessageId id) {
    return whileOpen(
        () -> {
          operations.release(id);
          return null;
        });
  }

  @Override
  public Future<Void> delete(MessageId id) {
    return whileOpen(
        () -> {
          claiming.delete(id);
          return null;
        });
  }

  @Override
  public Future<Void> rescan() {
    return whileOpen(
        () -> {
          housekeeping.rescanNow();
          return null;
        });
  }

  private <T extends @Nullable Object> Future<T> whileOpen(SpoolWorkers.Job<T> job) {
    return phase == Phase.CLOSED
        ? Future.failedFuture(new SpoolException.Closed())
        : workers.run(job);
  }

  @Override
  public void onArrival(Consumer<MessageId> listener) {
    store.onArrival(listener);
  }

  @Override
  public Future<Void> close() {
    if (phase != Phase.OPEN) {
      phase = Phase.CLOSED;
      return workers.close();
    }
    phase = Phase.CLOSED;
    inspection.close();
    List<Future<Void>> endings = new ArrayList<>();
    writers.forEach(writer -> endings.add(writer.ending()));
    outcomes.open().forEach(claim -> endings.add(claim.ending()));
    return Future.join(endings)
        .otherwiseEmpty()
        .compose(v -> workers.run(this::closeNow))
        .eventually(workers::close);
  }

  private @Nullable Void closeNow() throws IOException {
    housekeeping.close();
    store.limbo().retry();
    store.endJournal(SpoolStore.JournalEnd.ORDERLY);
    store.node().close(store.disk());
    return null;
  }

  /** Stops without giving anything back, as the end of the process would; for tests. */
  Future<Void> abandon() {
    phase = Phase.CLOSED;
    inspection.close();
    return workers
        .<Void>run(
            () -> {
              housekeeping.close();
              store.endJournal(SpoolStore.JournalEnd.ABRUPT);
              store.node().abandon();
              return null;
            })
        .eventually(workers::close);
  }
}
