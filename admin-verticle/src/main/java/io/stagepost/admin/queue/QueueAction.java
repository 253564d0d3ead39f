package io.stagepost.admin.queue;

import io.stagepost.bus.DeliveryEvent;
import io.stagepost.spool.MessageId;
import io.stagepost.spool.Spool;
import io.stagepost.spool.Spool.State;
import io.vertx.core.Future;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What an operator may do to a message that is not being sent. */
public enum QueueAction {
  /** Make it ready now: a failed message again, a deferred one before its time. */
  RETRY(DeliveryEvent.Type.RETRIED),
  /** Keep it from being sent. */
  HOLD(DeliveryEvent.Type.HELD),
  /** End the hold. */
  RELEASE(DeliveryEvent.Type.RELEASED),
  /** Remove it for ever. */
  DELETE(DeliveryEvent.Type.DELETED);

  private final DeliveryEvent.Type event;

  QueueAction(DeliveryEvent.Type event) {
    this.event = event;
  }

  /** The action of that name, in any case of letters. */
  public static Optional<QueueAction> of(String name) {
    for (QueueAction action : values()) {
      if (action.word().equals(name.toLowerCase(Locale.ROOT))) {
        return Optional.of(action);
      }
    }
    return Optional.empty();
  }

  /** Its name as operators write it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The states of messages that it can be done to. */
  public Set<State> from() {
    return switch (this) {
      case RETRY -> Set.of(State.FAILED, State.DEFERRED);
      case HOLD -> Set.of(State.READY, State.DEFERRED);
      case RELEASE -> Set.of(State.HELD);
      case DELETE -> Set.of(State.READY, State.DEFERRED, State.FAILED, State.HELD);
    };
  }

  /** What is published when it has been done. */
  DeliveryEvent.Type event() {
    return event;
  }

  Future<Void> perform(Spool spool, MessageId id) {
    return switch (this) {
      case RETRY -> spool.retry(id);
      case HOLD -> spool.hold(id);
      case RELEASE -> spool.release(id);
      case DELETE -> spool.delete(id);
    };
  }
}
