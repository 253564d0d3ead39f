package io.stagepost.forwarder;

import io.stagepost.spool.Claim;
import io.vertx.core.Future;
import java.time.Duration;

/** A way of spreading messages over connections. Used on one event loop. */
interface Delivery {

  /** How many more messages may be claimed for now. */
  int room();

  /** A run begins. */
  void begin(Urgency urgency);

  /** Sends a message and ends its claim, whatever happens. Never fails. */
  Future<Progress> deliver(Claim claim, Route route);

  /** There is nothing to send for now; connections end at once or when they were idle for long. */
  Future<Void> rest();

  /** Gives back what waits, lets transfers under way finish and ends all connections. */
  Future<Void> stop();

  /** Breaks all connections. */
  void abandon();

  /** What a run means for next hops that failed before. */
  enum Urgency {
    /** Each waits for the end of its pause. */
    PATIENT,
    /** All may be tried, as somebody asked for the run. */
    AT_ONCE
  }

  /** Whether a run can go on. */
  sealed interface Progress {

    Progress DONE = new Done();

    /** The message has been dealt with. */
    record Done() implements Progress {}

    /** The default next hop can't be used for now; the message has been dealt with. */
    record Aborted(String reason, Duration pause) implements Progress {}

    /** The message was put back as its next hop is in trouble; it may be tried after a while. */
    record PutBack(Duration pause) implements Progress {}
  }
}
