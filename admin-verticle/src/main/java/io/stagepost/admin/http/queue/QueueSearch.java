package io.stagepost.admin.http.queue;

import io.stagepost.admin.http.ManagedRelay;
import io.stagepost.admin.queue.QueueDesk;
import io.stagepost.admin.queue.QueueItem;
import io.stagepost.admin.queue.QueuePage;
import io.stagepost.spool.MessageId;
import io.stagepost.spool.Spool.State;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Looks for messages, one state after the other, until a page is full or enough have been looked
 * at: 5,000, or 500 when it takes a look into each, or for as long as a list may take.
 */
final class QueueSearch {

  private static final int MOST = 5_000;
  private static final int MOST_INSIDE = 500;
  private static final int BATCH = 250;
  private static final int BATCH_INSIDE = 50;
  private static final long NANOS = Duration.ofMillis(40).toNanos();

  private final Vertx vertx;
  private final ManagedRelay relay;
  private final Query query;
  private final long began = System.nanoTime();
  private final List<Hit> hits = new ArrayList<>();
  private int scanned;

  /**
   * What is looked for.
   *
   * @param states in which, in order
   * @param subjects whether hits are to have theirs
   * @param limit of hits
   */
  record Query(List<State> states, QueueFilter filter, boolean subjects, int limit) {}

  /** A message that was found. */
  record Hit(QueueItem item, Optional<String> subject) {}

  /** What was found, and where the search goes on if there may be more. */
  record Found(List<Hit> hits, Optional<QueueCursor> next, int scanned) {}

  QueueSearch(Vertx vertx, ManagedRelay relay, Query query) {
    this.vertx = vertx;
    this.relay = relay;
    this.query = query;
  }

  /** Begins where an earlier search has ended. */
  Future<Found> from(Optional<QueueCursor> cursor) {
    return step(cursor.orElseGet(() -> new QueueCursor(query.states().getFirst(), null)));
  }

  private boolean looksInside() {
    return query.subjects() || query.filter().subject().isPresent();
  }

  private int batch() {
    if (query.filter().isEmpty()) {
      return Math.min(query.limit() - hits.size(), QueueDesk.LARGEST_PAGE);
    }
    return looksInside() ? BATCH_INSIDE : BATCH;
  }

  private Future<Found> step(QueueCursor at) {
    Optional<String> after = Optional.ofNullable(at.after()).map(MessageId::value);
    return relay.queue().list(at.state(), after, batch()).compose(page -> examine(at, page));
  }

  private Future<Found> examine(QueueCursor at, QueuePage page) {
    List<QueueItem> candidates =
        page.items().stream().filter(item -> query.filter().matches(item)).toList();
    return (looksInside() ? subjects(candidates) : plain(candidates))
        .compose(found -> take(at, page, found));
  }

  private static Future<List<Hit>> plain(List<QueueItem> items) {
    return Future.succeededFuture(
        items.stream().map(item -> new Hit(item, Optional.empty())).toList());
  }

  private Future<List<Hit>> subjects(List<QueueItem> items) {
    List<Future<Hit>> reading =
        items.stream()
            .map(
                item ->
                    MessageHead.subject(vertx, relay.store().spool(), item.id())
                        .map(subject -> new Hit(item, Optional.of(subject))))
            .toList();
    return Future.all(reading)
        .map(
            all ->
                all.<Hit>list().stream()
                    .filter(hit -> query.filter().matchesSubject(hit.subject().orElseThrow()))
                    .toList());
  }

  private Future<Found> take(QueueCursor at, QueuePage page, List<Hit> found) {
    int room = query.limit() - hits.size();
    if (found.size() > room) {
      hits.addAll(found.subList(0, room));
      scanned += page.items().size();
      return done(Optional.of(new QueueCursor(at.state(), hits.getLast().item().id())));
    }
    hits.addAll(found);
    scanned += page.items().size();
    Optional<QueueCursor> next =
        page.next()
            .map(id -> new QueueCursor(at.state(), new MessageId(id)))
            .or(() -> nextState(at.state()));
    boolean enough =
        hits.size() >= query.limit()
            || scanned >= (looksInside() ? MOST_INSIDE : MOST)
            || System.nanoTime() - began > NANOS;
    return next.isEmpty() || enough ? done(next) : step(next.get());
  }

  private Optional<QueueCursor> nextState(State state) {
    int index = query.states().indexOf(state) + 1;
    return index < 1 || index >= query.states().size()
        ? Optional.empty()
        : Optional.of(new QueueCursor(query.states().get(index), null));
  }

  private Future<Found> done(Optional<QueueCursor> next) {
    return Future.succeededFuture(new Found(List.copyOf(hits), next, scanned));
  }
}
