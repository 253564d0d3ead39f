package io.stagepost.spool.file;

import io.stagepost.spool.Envelope;
import io.stagepost.spool.MessageId;
import io.stagepost.spool.SpoolWriter;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes a message in pieces of 64 KiB: one is being written while another fills. A message that
 * fits into one piece goes to the journal at its end, and no worker has to do with it.
 */
final class FileSpoolWriter implements SpoolWriter {

  private static final int PIECE = 64 << 10;
  // Most messages of programs fit.
  private static final int LEAST = 8 << 10;
  private static final byte[] NO_BYTES = {};

  private final MessageId id;
  private final Envelope envelope;
  private final Parts parts;
  private final Node node;

  // All below is guarded by this.
  private byte[] filling = NO_BYTES;
  private int filled;
  private long size;
  private int queueLimit = PIECE;
  private boolean writing;
  private boolean pumped;
  private boolean drainOwed;
  private @Nullable Future<Void> ended;
  private @Nullable Throwable failure;
  private Future<Void> pump = Future.succeededFuture();
  private @Nullable Handler<Void> drainHandler;
  private @Nullable Handler<Throwable> exceptionHandler;

  // Touched only by the one job that runs.
  private Disk.@Nullable Output file;
  private byte[] spare = NO_BYTES;

  /** What writers work with. */
  record Parts(
      Context context,
      SpoolWorkers workers,
      Committer committer,
      BufferBudget budget,
      Consumer<FileSpoolWriter> onEnd) {}

  FileSpoolWriter(MessageId id, Envelope envelope, Node node, Parts parts) {
    this.id = id;
    this.envelope = envelope;
    this.node = node;
    this.parts = parts;
  }

  @Override
  public MessageId id() {
    return id;
  }

  @Override
  public synchronized long size() {
    return size;
  }

  @Override
  public Future<Void> write(Buffer data) {
    boolean start;
    synchronized (this) {
      if (ended != null) {
        return Future.failedFuture(new IllegalStateException("the message has ended"));
      }
      if (failure != null) {
        return Future.failedFuture(SpoolFailures.of(failure));
      }
      append(data);
      start = !writing && isPieceDue();
      writing |= start;
      pumped |= start;
    }
    if (start) {
      startPump();
    }
    return Future.succeededFuture();
  }

  private void append(Buffer data) {
    int length = data.length();
    if (filled + length > filling.length) {
      int capacity =
          Math.max(filled + length, Math.min(PIECE, Math.max(LEAST, filling.length * 2)));
      filling = Arrays.copyOf(filling, capacity);
    }
    data.getBytes(filling, filled);
    filled += length;
    size += length;
    parts.budget().add(length);
  }

  private boolean isPieceDue() {
    return filled >= PIECE || (filled > 0 && parts.budget().isExceeded());
  }

  private void startPump() {
    Future<Void> job =
        parts
            .workers()
            .run(
                () -> {
                  pump();
                  return (Void) null;
                })
            .onFailure(this::fail)
            .otherwiseEmpty();
    synchronized (this) {
      pump = job;
    }
  }

  private void pump() {
    try {
      for (ByteBuffer piece = nextPiece(); piece != null; piece = nextPiece()) {
        writePiece(piece);
        drained();
      }
      drained();
    } catch (IOException | RuntimeException e) {
      fail(e);
    }
  }

  private synchronized @Nullable ByteBuffer nextPiece() {
    if (ended != null || !isPieceDue()) {
      writing = false;
      return null;
    }
    return takePiece();
  }

  private synchronized ByteBuffer takePiece() {
    ByteBuffer piece = ByteBuffer.wrap(filling, 0, filled);
    filling = spare;
    filled = 0;
    return piece;
  }

  private void writePiece(ByteBuffer piece) throws IOException {
    int length = piece.remaining();
    try {
      Disk.Output out = file;
      if (out == null) {
        out = parts.committer().createContent(id.value());
        file = out;
      }
      out.write(piece);
    } finally {
      spare = piece.arrayOffset() == 0 && piece.capacity() <= PIECE ? piece.array() : NO_BYTES;
      parts.budget().add(-length);
    }
  }

  private void drained() {
    Handler<Void> handler;
    synchronized (this) {
      if (!drainOwed || isFull()) {
        return;
      }
      drainOwed = false;
      handler = drainHandler;
    }
    if (handler != null) {
      parts.context().runOnContext(handler);
    }
  }

  private void fail(Throwable trouble) {
    Handler<Throwable> handler;
    Handler<Void> waiting;
    synchronized (this) {
      writing = false;
      if (failure != null) {
        return;
      }
      failure = trouble;
      parts.budget().add(-filled);
      filled = 0;
      filling = NO_BYTES;
      handler = exceptionHandler;
      waiting = drainOwed ? drainHandler : null;
      drainOwed = false;
    }
    if (handler != null) {
      parts.context().runOnContext(v -> handler.handle(SpoolFailures.of(trouble)));
    }
    // A pipe that waits to go on must learn from its next write that there is no point.
    if (waiting != null) {
      parts.context().runOnContext(waiting);
    }
  }

  @Override
  public Future<Void> commit() {
    return end(this::toJournal, this::commitNow, "commit");
  }

  @Override
  public Future<Void> abort() {
    return end(this::abortNow, this::abortNow, "abort").otherwiseEmpty();
  }

  /**
   * Ends the message.
   *
   * @param atOnce what may be done on this thread when no file was written yet; null leaves it all
   *     to the workers
   */
  private Future<Void> end(
      Supplier<@Nullable Future<Void>> atOnce, SpoolWorkers.Job<Future<Void>> job, String what) {
    Future<Void> before;
    boolean whole;
    synchronized (this) {
      if (ended != null) {
        return Future.failedFuture(new IllegalStateException(what + " of an ended message"));
      }
      ended = Future.succeededFuture();
      before = pump;
      whole = !pumped;
    }
    Future<Void> quick = whole ? atOnce.get() : null;
    Future<Void> end =
        (quick != null
                ? quick
                : before.compose(v -> parts.workers().run(job)).compose(last -> last))
            .onComplete(r -> parts.onEnd().accept(this));
    synchronized (this) {
      ended = end;
    }
    return end;
  }

  /** The outcome of the end, or of an abort if it has not ended. */
  Future<Void> ending() {
    Future<Void> end;
    synchronized (this) {
      end = ended;
    }
    return end == null ? abort() : end.otherwiseEmpty();
  }

  private Future<Void> commitNow() throws IOException {
    Throwable before;
    synchronized (this) {
      before = failure;
    }
    try {
      if (before != null) {
        throw SpoolFailures.of(before);
      }
      Future<Void> journalled = file == null ? toJournal() : null;
      if (journalled != null) {
        return journalled;
      }
      writePiece(takePiece());
      Disk.Output out = file;
      if (out != null) {
        out.sync();
        close();
      }
      parts.committer().commit(node, id.value(), envelope, size());
      return Future.succeededFuture();
    } catch (Committer.TakenException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      discard();
      throw e;
    }
  }

  /**
   * Hands the message to the journal, all of which is here; null when the journal can't take it.
   */
  private @Nullable Future<Void> toJournal() {
    ByteBuffer content;
    synchronized (this) {
      if (failure != null) {
        return null;
      }
      content = ByteBuffer.wrap(filling, 0, filled).slice();
    }
    Promise<Void> durable = Promise.promise();
    Committer.Small small = new Committer.Small(node, id.value(), envelope, content);
    int length = content.remaining();
    if (!parts.committer().commitByJournal(small, e -> journalled(e, length, durable))) {
      return null;
    }
    takePiece();
    return durable.future();
  }

  private void journalled(@Nullable Exception trouble, int length, Promise<Void> durable) {
    parts.budget().add(-length);
    if (trouble != null) {
      parts.committer().discard(id.value());
    }
    parts
        .context()
        .runOnContext(
            v -> {
              if (trouble == null) {
                durable.complete();
              } else {
                durable.fail(SpoolFailures.of(trouble));
              }
            });
  }

  private Future<Void> abortNow() {
    parts.budget().add(-takePiece().remaining());
    discard();
    return Future.succeededFuture();
  }

  private void discard() {
    // Files that this writer has not made may be another's.
    if (file != null) {
      close();
      parts.committer().discard(id.value());
    }
  }

  private void close() {
    try {
      if (file != null) {
        file.close();
      }
    } catch (IOException e) {
      SpoolStore.LOG.debug("spool: closing {}: {}", id, e.toString());
    }
  }

  @Override
  public synchronized boolean writeQueueFull() {
    // Once only: others fill the budget meanwhile, and who is told to wait must be told to go on.
    boolean full = isFull();
    drainOwed |= full;
    return full;
  }

  private synchronized boolean isFull() {
    return failure == null
        && writing
        && (filled >= queueLimit || (filled > 0 && parts.budget().isExceeded()));
  }

  @Override
  public synchronized SpoolWriter setWriteQueueMaxSize(int maxSize) {
    queueLimit = Math.clamp(maxSize, 1, PIECE);
    return this;
  }

  @Override
  public synchronized SpoolWriter drainHandler(@Nullable Handler<Void> handler) {
    drainHandler = handler;
    return this;
  }

  @Override
  public synchronized SpoolWriter exceptionHandler(@Nullable Handler<Throwable> handler) {
    exceptionHandler = handler;
    return this;
  }
}
