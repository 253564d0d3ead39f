package io.stagepost.admin.queue;

import io.stagepost.bus.BusAddresses;
import io.stagepost.bus.DeliveryEvent;
import io.stagepost.events.EventLog;
import io.stagepost.events.EventLog.Fate;
import io.stagepost.events.RelayStore;
import io.stagepost.spool.MessageId;
import io.stagepost.spool.Spool;
import io.stagepost.spool.Spool.Entry;
import io.stagepost.spool.Spool.State;
import io.stagepost.spool.SpoolException;
import io.vertx.core.Future;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.json.JsonObject;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What operators ask of a relay's queue and do to it.
 *
 * <p>Ids are taken as somebody wrote them. What concerns one message fails with {@link
 * NoSuchMessageException} when there is none of that id, and with {@link
 * SpoolException.NotAvailable} when it is in a state that doesn't allow the action. Each action
 * that was done is published as a delivery event. May be called from any thread.
 */
public final class QueueDesk {

  /** The most messages of a page. */
  public static final int LARGEST_PAGE = 500;

  // So many messages of a page are worked on at once.
  private static final int AT_ONCE = 32;

  private final String relay;
  private final Spool spool;
  private final EventLog log;
  private final EventBus bus;
  private final MessageTrace trace;

  /** The desk of the relay of this name. */
  public QueueDesk(String relay, RelayStore store, EventBus bus) {
    this.relay = relay;
    this.spool = store.spool();
    this.log = store.events();
    this.bus = bus;
    this.trace = new LoggedTrace(log, new EnvelopeTrace(spool));
  }

  /** How many messages are in each state. */
  public Map<State, Long> counts() {
    Map<State, Long> counts = new EnumMap<>(State.class);
    for (State state : State.values()) {
      counts.put(state, spool.count(state));
    }
    return counts;
  }

  /**
   * Messages in a state, in the order they are to be sent.
   *
   * @param after what the page before gave as {@link QueuePage#next()}, empty for the first page
   * @param limit how many at the most; at least 1 and at most {@link #LARGEST_PAGE} are given
   */
  public Future<QueuePage> list(State state, Optional<String> after, int limit) {
    int size = Math.clamp(limit, 1, LARGEST_PAGE);
    Optional<MessageId> last = after.flatMap(QueueDesk::id);
    if (after.isPresent() && last.isEmpty()) {
      return Future.failedFuture(new NoSuchMessageException());
    }
    return spool
        .list(state, last.orElse(null), size)
        .compose(
            entries -> {
              List<Future<Optional<QueueItem>>> items = entries.stream().map(this::item).toList();
              return Future.all(items)
                  .map(
                      all ->
                          new QueuePage(
                              all.<Optional<QueueItem>>list().stream()
                                  .flatMap(Optional::stream)
                                  .toList(),
                              entries.size() < size
                                  ? Optional.empty()
                                  : Optional.of(entries.getLast().id().value()),
                              spool.count(state)));
            });
  }

  /** The ids alone of messages in a state, without a look at their envelopes. */
  public Future<List<MessageId>> ids(State state, @Nullable MessageId after, int limit) {
    return spool.list(state, after, limit).map(entries -> entries.stream().map(Entry::id).toList());
  }

  /** One message. */
  public Future<QueueItem> show(String text) {
    return found(text)
        .compose(this::item)
        .compose(
            item ->
                item.map(Future::succeededFuture)
                    .orElseGet(() -> Future.failedFuture(new NoSuchMessageException())));
  }

  /** Does something to one message. */
  public Future<Void> perform(QueueAction action, String text) {
    return found(text).compose(entry -> perform(action, entry.id()));
  }

  /**
   * Does something to all messages that are in a state now. Those that it can't be done to are
   * counted and left as they are.
   *
   * @throws IllegalArgumentException when the action can't be done to messages in that state
   */
  public Future<BulkResult> performAll(QueueAction action, State state) {
    if (!action.from().contains(state)) {
      throw new IllegalArgumentException(
          "cannot " + action.name() + " messages that are " + QueueItem.name(state));
    }
    // What comes into the state meanwhile is not meant.
    Bulk bulk = new Bulk(action, state, spool.count(state));
    return bulk.from(null, new BulkResult(0, 0));
  }

  /** What has happened to a message, also after it has left the queue where that is kept. */
  public Future<List<JsonObject>> trace(String text) {
    return id(text)
        .map(trace::trace)
        .orElseGet(() -> Future.succeededFuture(List.of()))
        .compose(
            events ->
                events.isEmpty()
                    ? Future.failedFuture(new NoSuchMessageException())
                    : Future.succeededFuture(events));
  }

  private Future<Void> perform(QueueAction action, MessageId id) {
    return action
        .perform(spool, id)
        .onSuccess(
            v -> {
              DeliveryEvent event = DeliveryEvent.now(action.event(), relay, id.value(), Map.of());
              log.append(event, action == QueueAction.DELETE ? Fate.LEAVES : Fate.STAYS);
              bus.publish(new BusAddresses(relay).deliveryEvents(), event.toJson());
            });
  }

  private Future<Entry> found(String text) {
    return id(text)
        .map(spool::find)
        .orElseGet(() -> Future.succeededFuture(Optional.empty()))
        .compose(
            entry ->
                entry
                    .map(Future::succeededFuture)
                    .orElseGet(() -> Future.failedFuture(new NoSuchMessageException())));
  }

  /** Empty when it has gone meanwhile. */
  private Future<Optional<QueueItem>> item(Entry entry) {
    return spool
        .inspect(entry.id())
        .map(found -> found.map(QueueItem::of))
        .recover(
            e ->
                e instanceof SpoolException.Corrupt
                    ? Future.succeededFuture(
                        Optional.of(QueueItem.unreadable(entry, String.valueOf(e.getMessage()))))
                    : Future.failedFuture(e));
  }

  private static Optional<MessageId> id(String text) {
    try {
      return Optional.of(new MessageId(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** One action on many messages, a few of them at once. */
  private final class Bulk {
    private final QueueAction action;
    private final State state;
    private final long most;

    Bulk(QueueAction action, State state, long most) {
      this.action = action;
      this.state = state;
      this.most = most;
    }

    Future<BulkResult> from(@Nullable MessageId after, BulkResult sofar) {
      long left = most - sofar.done() - sofar.failed();
      if (left <= 0) {
        return Future.succeededFuture(sofar);
      }
      return ids(state, after, (int) Math.min(AT_ONCE, left))
          .compose(
              ids ->
                  ids.isEmpty()
                      ? Future.succeededFuture(sofar)
                      : each(ids).compose(done -> from(ids.getLast(), sofar.plus(done))));
    }

    private Future<BulkResult> each(List<MessageId> ids) {
      List<Future<Void>> all = ids.stream().map(id -> perform(action, id)).toList();
      return Future.join(all)
          .transform(
              joined -> {
                long done = all.stream().filter(Future::succeeded).count();
                return Future.succeededFuture(new BulkResult(done, all.size() - done));
              });
    }
  }
}
