package io.stagepost.events;

import io.stagepost.bus.DeliveryEvent;
import io.stagepost.spool.MessageId;
import io.stagepost.spool.Spool;
import io.stagepost.spool.SpoolException;
import io.stagepost.spool.file.Disk;
import io.stagepost.spool.file.LocalDisk;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * An event log in files beside the spool's: lines of JSON in {@code .stagepost/events}, what is
 * kept with messages in {@code .stagepost/attempts}, and cursors in {@code .stagepost/cursors}.
 */
public final class FileEventLog implements EventLog {

  private static final long SWEEP_MILLIS = 3_600_000;
  private static final int MOST_SWEPT = 100_000;

  private final Vertx vertx;
  private final Spool spool;
  private final EventWriter writer;
  private final EventReader reader;
  private final Traces traces;
  private final Attempts attempts;
  private final SavedCursors cursors;
  private volatile long sweeper = -1;

  private FileEventLog(
      Vertx vertx, EventLogOptions options, Spool spool, Disk disk, InstantSource clock) {
    this.vertx = vertx;
    this.spool = spool;
    IdIndex index = new IdIndex();
    this.attempts = new Attempts(disk, options.attempts());
    this.cursors = new SavedCursors(disk, options.cursors());
    Retention retention = new Retention(disk, options, cursors, index, clock);
    LaneWriter lane = new LaneWriter(disk, options, index, clock);
    this.writer = new EventWriter(vertx, lane, attempts, retention::enforce);
    this.reader = new EventReader(options.events());
    this.traces = new Traces(options.events(), index, attempts);
  }

  /**
   * A log on the real disk, still to be opened.
   *
   * @param spool tells which messages are still there
   */
  public static EventLog create(Vertx vertx, EventLogOptions options, Spool spool) {
    return create(vertx, options, spool, new LocalDisk(), InstantSource.system());
  }

  /** A log on another disk and by another clock. */
  static FileEventLog create(
      Vertx vertx, EventLogOptions options, Spool spool, Disk disk, InstantSource clock) {
    return new FileEventLog(vertx, options, spool, disk, clock);
  }

  @Override
  public Future<Void> open() {
    return Future.succeededFuture()
        .compose(v -> writer.start())
        .onSuccess(
            v -> {
              sweeper = vertx.setPeriodic(SWEEP_MILLIS, id -> sweep());
              sweep();
            });
  }

  @Override
  public Future<Void> append(DeliveryEvent event, Fate message) {
    Fate fate = event.id().isEmpty() ? Fate.OPEN : message;
    return writer.add(event.toJson().toBuffer(), event.id(), fate);
  }

  @Override
  public Future<Void> room() {
    return writer.room();
  }

  @Override
  public Future<EventPage> read(Cursor after, int limit) {
    checkLimit(limit);
    return work(() -> reader.read(after, limit));
  }

  @Override
  public Future<EventPage> newest(int limit) {
    checkLimit(limit);
    return work(() -> reader.newest(limit));
  }

  private static void checkLimit(int limit) {
    if (limit < 1 || limit > MOST) {
      throw new IllegalArgumentException("limit must be 1 to " + MOST);
    }
  }

  @Override
  public Future<Cursor> end() {
    return work(reader::end);
  }

  @Override
  public Future<List<JsonObject>> trace(MessageId id) {
    return work(() -> traces.of(id));
  }

  @Override
  public Subscription onAppend(Runnable listener) {
    // The same one may be added twice.
    Runnable own = () -> listener.run();
    writer.listeners().add(own);
    return () -> writer.listeners().remove(own);
  }

  @Override
  public Future<Void> save(String consumer, Cursor cursor) {
    SavedCursors.check(consumer);
    return work(
        () -> {
          cursors.save(consumer, cursor);
          return null;
        });
  }

  @Override
  public Future<Optional<Cursor>> saved(String consumer) {
    SavedCursors.check(consumer);
    return work(() -> cursors.read(consumer));
  }

  @Override
  public Future<Void> forget(String consumer) {
    SavedCursors.check(consumer);
    return work(
        () -> {
          cursors.forget(consumer);
          return null;
        });
  }

  @Override
  public long lost() {
    return writer.lost();
  }

  @Override
  public Future<Void> close() {
    vertx.cancelTimer(sweeper);
    return Future.succeededFuture().compose(v -> writer.close());
  }

  /**
   * Forgets what was kept with messages that others have taken out of the spool. Looks at 100,000
   * messages; completes when that is done.
   */
  Future<Void> sweep() {
    return work(() -> attempts.ids(MOST_SWEPT)).compose(this::sweep).otherwiseEmpty();
  }

  private Future<Void> sweep(List<MessageId> ids) {
    Future<Void> swept = Future.succeededFuture();
    for (MessageId id : ids) {
      swept = swept.compose(v -> sweep(id));
    }
    return swept;
  }

  // A message that changes its state at this moment may be found nowhere, but not twice.
  private Future<Void> sweep(MessageId id) {
    return spool
        .find(id)
        .compose(found -> found.isPresent() ? Future.succeededFuture(found) : spool.find(id))
        .compose(found -> found.isPresent() ? Future.succeededFuture() : drop(id));
  }

  private Future<Void> drop(MessageId id) {
    return work(
        () -> {
          attempts.drop(id.value());
          return null;
        });
  }

  private interface Job<T> {
    T run() throws IOException;
  }

  private <T> Future<T> work(Job<T> job) {
    return vertx.executeBlocking(
        () -> {
          try {
            return job.run();
          } catch (IOException | UncheckedIOException e) {
            throw new SpoolException.Io("event log: " + e.getMessage(), e);
          }
        },
        false);
  }
}
