package io.stagepost.events;

import io.stagepost.bus.DeliveryEvent;
import io.stagepost.spool.MessageId;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;

/**
 * What has happened to the messages of one relay, in the order in which it happened.
 *
 * <p>What was appended survives the death of the process, and is read by who keeps a {@link Cursor}
 * or by message. Several processes may write into the log of one spool; each reads what all have
 * written.
 *
 * <p>Mail never waits for a log that can't be written: events are lost then, which is said in the
 * relay's log and counted. All methods may be called from any thread and never block; futures
 * complete on the caller's Vert.x context. Reading fails with {@link
 * io.stagepost.spool.SpoolException.Io}.
 */
public interface EventLog {

  /** The most events of a page. */
  int MOST = 10_000;

  /** Makes the log ready; never fails, as what is in the way may go later. */
  Future<Void> open();

  /**
   * Writes an event. Never fails; completes when the event is in the file, or is known to be lost.
   *
   * @param message whether the event is also kept with the message
   */
  Future<Void> append(DeliveryEvent event, Fate message);

  /** Writes an event that says nothing of whether the message stays. */
  default Future<Void> append(DeliveryEvent event) {
    return append(event, Fate.OPEN);
  }

  /**
   * Completes when there is room for more events, which is at once unless the disk is slow. Who
   * appends without waiting for it waits for this before taking on more work.
   */
  Future<Void> room();

  /**
   * The events after a cursor, oldest first.
   *
   * @param limit how many at the most, 1 to {@link #MOST}
   */
  Future<EventPage> read(Cursor after, int limit);

  /**
   * The newest events, oldest first.
   *
   * @param limit how many at the most, 1 to {@link #MOST}
   */
  Future<EventPage> newest(int limit);

  /** The cursor behind all that has been written so far. */
  Future<Cursor> end();

  /**
   * All events of a message, oldest first, in their published form. What was kept with a message is
   * there as long as the message is in the spool, everything else as long as the log reaches back.
   */
  Future<List<JsonObject>> trace(MessageId id);

  /**
   * Has something done after events were written by this process: once for any number of them. It
   * is done on a thread of the log and must not block; events of other processes are found by
   * reading now and then.
   */
  Subscription onAppend(Runnable listener);

  /**
   * Keeps how far a consumer has read, also over a restart. The log keeps what lies before the
   * cursors of its consumers for longer, up to twice its usual size and time.
   *
   * @param consumer up to 100 of {@code a-z 0-9 . _ -}, beginning with a letter or digit
   */
  Future<Void> save(String consumer, Cursor cursor);

  /** How far a consumer had read, or empty when it is not known. */
  Future<Optional<Cursor>> saved(String consumer);

  /** Forgets a consumer. */
  Future<Void> forget(String consumer);

  /** How many events could not be written since the start. */
  long lost();

  /** Writes what waits, and ends. Events after that are lost. */
  Future<Void> close();

  /** A log that keeps nothing. */
  static EventLog none() {
    return NoEventLog.INSTANCE;
  }

  /** What an event means for the message that it is about. */
  enum Fate {
    /** Nothing. */
    OPEN,
    /** It stays in the spool: the event is kept as long as it does. */
    STAYS,
    /** It leaves the spool: what was kept with it goes. */
    LEAVES
  }

  /** A listener that was added. */
  interface Subscription {

    /** Removes it. */
    void cancel();
  }
}
