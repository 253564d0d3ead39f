package io.stagepost.spool;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The receiving half of a spool, in memory, with faults at will. For tests of intake only. */
public final class MemorySpool implements Spool {

  private final AtomicLong sequence = new AtomicLong();
  private final Map<MessageId, Stored> stored = new ConcurrentSkipListMap<>();
  private final Map<MessageId, Writer> open = new ConcurrentHashMap<>();
  private final Set<MessageId> held = ConcurrentHashMap.newKeySet();
  private volatile Fault fault = Fault.NONE;
  private volatile Supplier<SpoolException> failure = () -> new SpoolException.NoSpace("full");
  private volatile boolean stalled;
  private volatile Future<Void> commitGate = Future.succeededFuture();

  /** A message that was committed. */
  public record Stored(Envelope envelope, Buffer content) {}

  /** Whether writers take content. */
  public enum Flow {
    FLOWING,
    STALLED
  }

  /** Where something goes wrong. */
  public enum Fault {
    NONE,
    CREATE,
    WRITE,
    COMMIT
  }

  /** Lets everything of a kind fail from now on. */
  public void failAt(Fault where, Supplier<SpoolException> with) {
    failure = with;
    fault = where;
  }

  /** Commits wait for this. */
  public void holdCommits(Future<Void> until) {
    commitGate = until;
  }

  /** Writers ask for a pause from now on, or no longer. */
  public void stall(Flow flow) {
    stalled = flow == Flow.STALLED;
    if (!stalled) {
      open.values().forEach(Writer::drained);
    }
  }

  /** What has been committed, in the order of the ids. */
  public List<Stored> stored() {
    return List.copyOf(stored.values());
  }

  /** How many messages are begun and neither committed nor aborted. */
  public int unfinished() {
    return open.size();
  }

  @Override
  public Future<RecoveryReport> open() {
    return Future.succeededFuture(new RecoveryReport(0, 0, 0));
  }

  @Override
  public MessageId newId() {
    return new MessageId("emailrelay.1.2." + sequence.incrementAndGet());
  }

  @Override
  public Future<SpoolWriter> create(MessageId id, Envelope envelope) {
    if (fault == Fault.CREATE) {
      return Future.failedFuture(failure.get());
    }
    Writer writer = new Writer(id, envelope);
    open.put(id, writer);
    return Future.succeededFuture(writer);
  }

  @Override
  public Future<Claim> claim(MessageId id) {
    return Future.failedFuture(new SpoolException.NotAvailable("claims are not kept in memory"));
  }

  @Override
  public Future<List<Entry>> list(State state, @Nullable MessageId after, int limit) {
    return Future.succeededFuture(
        stored.keySet().stream()
            .filter(id -> state == state(id) && (after == null || id.compareTo(after) > 0))
            .limit(limit)
            .map(id -> Entry.of(id, state))
            .toList());
  }

  @Override
  public Future<Optional<Entry>> find(MessageId id) {
    return Future.succeededFuture(
        stored.containsKey(id) ? Optional.of(Entry.of(id, state(id))) : Optional.empty());
  }

  @Override
  public long count(State state) {
    return stored.keySet().stream().filter(id -> state == state(id)).count();
  }

  private State state(MessageId id) {
    return held.contains(id) ? State.HELD : State.READY;
  }

  @Override
  public Future<Optional<Details>> inspect(MessageId id) {
    return Future.succeededFuture(
        Optional.ofNullable(stored.get(id))
            .map(
                message ->
                    new Details(
                        Entry.of(id, state(id)),
                        message.envelope(),
                        message.content().length(),
                        Instant.EPOCH,
                        List.of(),
                        0,
                        "")));
  }

  @Override
  public Future<Optional<SpoolReader>> content(MessageId id) {
    return Future.succeededFuture(
        Optional.ofNullable(stored.get(id)).map(message -> new WholeReader(message.content())));
  }

  @Override
  public Future<Void> hold(MessageId id) {
    return stored.containsKey(id) && held.add(id)
        ? Future.succeededFuture()
        : Future.failedFuture(new SpoolException.NotAvailable("not ready: " + id));
  }

  @Override
  public Future<Void> release(MessageId id) {
    return held.remove(id)
        ? Future.succeededFuture()
        : Future.failedFuture(new SpoolException.NotAvailable("not held: " + id));
  }

  @Override
  public Future<Void> retry(MessageId id) {
    return Future.failedFuture(new SpoolException.NotAvailable("nothing fails in memory"));
  }

  @Override
  public Future<Void> delete(MessageId id) {
    stored.remove(id);
    held.remove(id);
    return Future.succeededFuture();
  }

  @Override
  public Future<Void> rescan() {
    return Future.succeededFuture();
  }

  @Override
  public void onArrival(Consumer<MessageId> listener) {}

  @Override
  public Future<Void> close() {
    return Future.succeededFuture();
  }

  private final class Writer implements SpoolWriter {
    private final MessageId id;
    private final Envelope envelope;
    private final Buffer content = Buffer.buffer();
    private @Nullable Handler<Void> whenDrained;

    Writer(MessageId id, Envelope envelope) {
      this.id = id;
      this.envelope = envelope;
    }

    @Override
    public MessageId id() {
      return id;
    }

    @Override
    public long size() {
      return content.length();
    }

    @Override
    public Future<Void> write(Buffer data) {
      if (fault == Fault.WRITE) {
        return Future.failedFuture(failure.get());
      }
      content.appendBuffer(data);
      return Future.succeededFuture();
    }

    @Override
    public Future<Void> commit() {
      return commitGate.compose(
          v -> {
            open.remove(id);
            if (fault == Fault.COMMIT || fault == Fault.WRITE) {
              return Future.failedFuture(failure.get());
            }
            stored.put(id, new Stored(envelope, content));
            return Future.succeededFuture();
          });
    }

    @Override
    public Future<Void> abort() {
      open.remove(id);
      return Future.succeededFuture();
    }

    @Override
    public SpoolWriter exceptionHandler(@Nullable Handler<Throwable> handler) {
      return this;
    }

    @Override
    public SpoolWriter setWriteQueueMaxSize(int maxSize) {
      return this;
    }

    @Override
    public boolean writeQueueFull() {
      return stalled;
    }

    @Override
    public SpoolWriter drainHandler(@Nullable Handler<Void> handler) {
      whenDrained = handler;
      return this;
    }

    private void drained() {
      Handler<Void> handler = whenDrained;
      whenDrained = null;
      if (handler != null) {
        handler.handle(null);
      }
    }
  }

  private static final class WholeReader implements SpoolReader {

    private Buffer left;

    private WholeReader(Buffer whole) {
      this.left = whole;
    }

    @Override
    public Future<Buffer> read() {
      Buffer piece = left;
      left = Buffer.buffer();
      return Future.succeededFuture(piece);
    }

    @Override
    public Future<Void> close() {
      return Future.succeededFuture();
    }
  }
}
