package io.stagepost.spool.file;

import io.stagepost.spool.Claim;
import io.stagepost.spool.Envelope;
import io.stagepost.spool.MessageId;
import io.stagepost.spool.SpoolReader;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;

/** A claim on a busy envelope file. */
final class FileClaim implements Claim {

  private final Held held;
  private final Outcomes outcomes;
  private volatile Envelope envelope;
  private volatile Future<Void> changing = Future.succeededFuture();
  private Phase phase = Phase.OPEN;

  private enum Phase {
    OPEN,
    ENDED
  }

  /**
   * What was found when the message was claimed.
   *
   * @param lineEnd of the envelope file
   */
  record Held(
      MessageId id,
      Node node,
      int slot,
      long size,
      Instant arrived,
      Sidecar sidecar,
      String lineEnd) {

    String stem() {
      return id.value();
    }
  }

  FileClaim(Held held, Envelope envelope, Outcomes outcomes) {
    this.held = held;
    this.envelope = envelope;
    this.outcomes = outcomes;
  }

  Held held() {
    return held;
  }

  @Override
  public MessageId id() {
    return held.id();
  }

  @Override
  public Envelope envelope() {
    return envelope;
  }

  @Override
  public long size() {
    return held.size();
  }

  @Override
  public Instant arrived() {
    return held.arrived();
  }

  @Override
  public int deferrals() {
    return held.sidecar().deferrals();
  }

  @Override
  public Future<SpoolReader> content() {
    return Future.succeededFuture(outcomes.reader(held));
  }

  @Override
  public Future<Void> delivered() {
    return end(() -> outcomes.delivered(this));
  }

  @Override
  public Future<Void> deferred(Deferral deferral) {
    return end(() -> outcomes.deferred(this, deferral));
  }

  @Override
  public Future<Void> failed(Failure failure) {
    return end(() -> outcomes.failed(this, failure));
  }

  @Override
  public Future<Void> release() {
    return end(() -> outcomes.released(this));
  }

  @Override
  public Future<Void> remaining(List<String> remaining) {
    Envelope old = envelope;
    Envelope changed =
        old.withRecipients(new Envelope.Recipients(old.recipients().local(), remaining));
    EnvelopeFormat.check(changed);
    synchronized (this) {
      if (phase == Phase.ENDED) {
        return Future.failedFuture(new IllegalStateException("the claim has ended"));
      }
      changing =
          changing
              .otherwiseEmpty()
              .compose(v -> outcomes.rewritten(this, changed))
              .onSuccess(v -> envelope = changed);
      return changing;
    }
  }

  private Future<Void> end(Outcome outcome) {
    synchronized (this) {
      if (phase == Phase.ENDED) {
        return Future.failedFuture(new IllegalStateException("the claim has ended"));
      }
      phase = Phase.ENDED;
      changing = changing.otherwiseEmpty().compose(v -> outcome.record());
      return changing;
    }
  }

  private interface Outcome {
    Future<Void> record();
  }

  /** The outcome of the end, or of a release if it has not ended. */
  Future<Void> ending() {
    synchronized (this) {
      if (phase == Phase.ENDED) {
        return changing.otherwiseEmpty();
      }
    }
    return release().otherwiseEmpty();
  }
}
