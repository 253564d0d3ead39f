package io.stagepost.spool;

import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The sole right to deliver one message, until exactly one of {@link #delivered()}, {@link
 * #deferred}, {@link #failed} and {@link #release()} ends it.
 *
 * <p>Each of these fails with {@link SpoolException.StaleClaim} when the claim was taken over
 * meanwhile because its owner seemed dead; nothing has been changed then. Each fails with {@link
 * SpoolException.Io} when the store could not record it yet; the store keeps trying, and the claim
 * is over for the caller.
 */
public interface Claim {

  MessageId id();

  /** What travels with the message, as last changed by {@link #remaining}. */
  Envelope envelope();

  /** The content's size in octets. */
  long size();

  /** When the content was complete. */
  Instant arrived();

  /** How often the message was deferred before this claim. */
  int deferrals();

  /** Opens the content at its beginning; may be called again for another attempt. */
  Future<SpoolReader> content();

  /** The message has reached all its recipients: forget it. */
  Future<Void> delivered();

  /** Try again, not before the given time. */
  Future<Void> deferred(Deferral deferral);

  /** No further attempts: keep it for the operator. */
  Future<Void> failed(Failure failure);

  /** Nothing was attempted: make it ready again. */
  Future<Void> release();

  /**
   * Records that only these recipients still need the message, durably. The claim goes on.
   *
   * @param remaining remote recipients; the local ones stay as they are
   */
  Future<Void> remaining(List<String> remaining);

  /**
   * Why a message waits.
   *
   * @param until not before this time; a time in the past makes it ready at once
   * @param reason one line
   */
  record Deferral(Instant until, String reason) {}

  /**
   * Why a message failed.
   *
   * @param reason the text of the refusal or of the trouble; made printable when stored
   * @param code the SMTP reply code, if there was one
   */
  record Failure(String reason, Optional<Integer> code) {}
}
