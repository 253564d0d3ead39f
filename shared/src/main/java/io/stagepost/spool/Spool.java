package io.stagepost.spool;

import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A durable store of messages between their arrival and their delivery.
 *
 * <p>The promise: a message whose {@link SpoolWriter#commit()} succeeded survives the death of the
 * process and the loss of power, and is handed to exactly one owner at a time, also when several
 * processes share the store, until that owner says it was delivered or has failed. An owner that
 * dies loses its claims to the next; delivery is therefore at-least-once.
 *
 * <p>All methods may be called from any thread, never block, and complete on the caller's Vert.x
 * context. Operational trouble fails the future with a {@link SpoolException}.
 */
public interface Spool {

  /**
   * Opens the store, takes back what dead owners held and removes half-written messages. Messages
   * that can't be read are set aside when they are claimed, the first ones also soon after this.
   */
  Future<RecoveryReport> open();

  /** A new id, unique among all processes that share the store. */
  MessageId newId();

  /**
   * Begins a message. Nothing becomes visible to others before {@link SpoolWriter#commit()}.
   *
   * <p>Fails with {@link SpoolException.NoSpace} when the store is known to be full.
   */
  Future<SpoolWriter> create(MessageId id, Envelope envelope);

  /**
   * Takes a ready message for delivery.
   *
   * <p>Fails with {@link SpoolException.NotAvailable} when it is not ready (any more), and with
   * {@link SpoolException.Corrupt} when it could not be read, in which case it has been set aside.
   */
  Future<Claim> claim(MessageId id);

  /**
   * The messages in a state, in the order they are to be sent.
   *
   * @param state which ones
   * @param after the last id of the page before, or null for the first page
   * @param limit how many at the most, 1 to 10,000
   */
  Future<List<Entry>> list(State state, @Nullable MessageId after, int limit);

  /** One message wherever it is, or empty. */
  Future<Optional<Entry>> find(MessageId id);

  /** How many messages are in a state, as far as this process has seen. */
  long count(State state);

  /**
   * What is known of a message wherever it is, without claiming it; empty when there is none.
   *
   * <p>Fails with {@link SpoolException.Corrupt} when its envelope can't be understood.
   */
  Future<Optional<Details>> inspect(MessageId id);

  /**
   * A message's content wherever it is, without claiming it; empty when there is none. Reading
   * fails when the message leaves meanwhile.
   */
  Future<Optional<SpoolReader>> content(MessageId id);

  /** Makes a failed message ready again, and a deferred one at once. */
  Future<Void> retry(MessageId id);

  /** Keeps a ready or deferred message from being claimed, until it is released or deleted. */
  Future<Void> hold(MessageId id);

  /** Ends a hold: the message is ready, or still deferred when its time has not come. */
  Future<Void> release(MessageId id);

  /** Removes a message that nobody has claimed. */
  Future<Void> delete(MessageId id);

  /** Looks for messages that others put into the store, without waiting for the next look. */
  Future<Void> rescan();

  /**
   * Asks to be told of each message that becomes ready without a commit of this process: put there
   * by others, taken back from a dead owner, due after a deferral. Called on any thread.
   */
  void onArrival(Consumer<MessageId> listener);

  /** Finishes what is under way and gives back what is still claimed. */
  Future<Void> close();

  /** Where a message is in its life. */
  enum State {
    /** May be claimed now. */
    READY,
    /** Waiting for a time to come. */
    DEFERRED,
    /** Claimed by an owner. */
    BUSY,
    /** Failed, kept for the operator. */
    FAILED,
    /** Kept from being claimed by the operator. */
    HELD
  }

  /**
   * A message in a listing.
   *
   * @param due when it may be claimed, present when {@link State#DEFERRED} and already known
   */
  record Entry(MessageId id, State state, Optional<Instant> due) {

    /** A message that waits for no time. */
    public static Entry of(MessageId id, State state) {
      return new Entry(id, state, Optional.empty());
    }
  }

  /**
   * What is known of a message.
   *
   * @param size of the content in octets; 0 when it has none
   * @param arrived when the content was complete
   * @param failures as noted in the envelope, the oldest first
   * @param deferrals how often it was deferred since it last failed
   * @param deferral why it was deferred last, or empty
   */
  record Details(
      Entry entry,
      Envelope envelope,
      long size,
      Instant arrived,
      List<Claim.Failure> failures,
      int deferrals,
      String deferral) {

    /** Copies the list. */
    public Details {
      failures = List.copyOf(failures);
    }

    /** How often it was tried without success, as far as that is noted. */
    public int attempts() {
      return failures.size() + deferrals;
    }

    /** Why it was not delivered the last time, or empty. */
    public String reason() {
      return deferral.isEmpty() && !failures.isEmpty() ? failures.getLast().reason() : deferral;
    }
  }

  /**
   * What {@link #open()} found.
   *
   * @param ready how many messages wait
   * @param released how many were taken back from dead owners
   * @param removed how many half-written messages were removed
   */
  record RecoveryReport(long ready, long released, long removed) {}
}
