package io.stagepost.smtpserver;

import io.stagepost.config.SmtpSettings.Limits;
import io.stagepost.smtp.Reply;
import io.stagepost.spool.SpoolWriter;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Passes content on to the spool and watches its limits. Once it is clear that the message will be
 * refused, what was stored is removed and the rest is dropped. Not thread-safe.
 */
final class ContentReceiver {

  private final SpoolWriter writer;
  private final Limits limits;
  private final HopCounter hopCounter = new HopCounter();
  private @Nullable Reply refusal;
  private @Nullable Runnable resume;
  private boolean drainOwed;
  private Future<Void> removed = Future.succeededFuture();

  ContentReceiver(SpoolWriter writer, Limits limits, Buffer receivedLine) {
    this.writer = writer;
    this.limits = limits;
    // From the start on, as the spool may be ready again before anybody gets round to waiting.
    writer.drainHandler(v -> drained());
    if (receivedLine.length() > 0) {
      store(receivedLine);
    }
  }

  /** Octets stored so far. */
  long size() {
    return writer.size();
  }

  /** Why the message will be refused, if it will. */
  Optional<Reply> refusal() {
    return Optional.ofNullable(refusal);
  }

  void write(Buffer content) {
    if (refusal != null || content.length() == 0) {
      return;
    }
    if (limits.messageSize() > 0 && writer.size() + content.length() > limits.messageSize()) {
      refuse(Replies.TOO_BIG);
      return;
    }
    if (limits.receivedHeaders() > 0 && isLoop(content)) {
      refuse(Replies.TOO_MANY_HOPS);
      return;
    }
    store(content);
  }

  /** Whether the spool asks for a pause. */
  boolean isFull() {
    drainOwed = refusal == null && writer.writeQueueFull();
    return drainOwed;
  }

  /** What to call when a pause is over; perhaps also when nobody has noticed that there was one. */
  void onDrain(Runnable whenDrained) {
    resume = whenDrained;
  }

  /** Decides that the message is refused; the first reason counts. */
  void refuse(Reply reply) {
    if (refusal == null) {
      refusal = reply;
      removed = writer.abort().otherwiseEmpty();
      if (drainOwed) {
        drained(); // an aborted writer may never call back
      }
    }
  }

  /** Makes the message durable; to be called only when it was not refused. */
  Future<Void> commit() {
    return writer.commit();
  }

  /** Completes when nothing of a refused message is left. */
  Future<Void> removed() {
    return removed;
  }

  private boolean isLoop(Buffer content) {
    if (!hopCounter.isPastHeader()) {
      hopCounter.pass(content);
    }
    return hopCounter.hops() > limits.receivedHeaders();
  }

  private void drained() {
    drainOwed = false;
    if (resume != null) {
      resume.run();
    }
  }

  private void store(Buffer content) {
    // The failure is also reported by commit(), but there is no use in receiving the rest.
    writer.write(content).onFailure(e -> refuse(Replies.forStorage(e)));
  }
}
