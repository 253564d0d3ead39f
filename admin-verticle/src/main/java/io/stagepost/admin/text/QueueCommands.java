package io.stagepost.admin.text;

import io.stagepost.admin.queue.BulkResult;
import io.stagepost.admin.queue.NoSuchMessageException;
import io.stagepost.admin.queue.QueueAction;
import io.stagepost.admin.queue.QueueDesk;
import io.stagepost.admin.queue.QueueItem;
import io.stagepost.admin.queue.QueueTable;
import io.stagepost.admin.text.TextCommands.After;
import io.stagepost.admin.text.TextCommands.Output;
import io.stagepost.spool.Spool.State;
import io.stagepost.spool.SpoolException;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The commands about single messages, which E-MailRelay doesn't have. */
final class QueueCommands {

  static final List<String> NAMES =
      List.of("delete", "hold", "queue", "release", "retry", "show", "trace");

  private static final int WIDTH = 160;
  // Of each state; the operator's command shows them all.
  private static final int MOST_SHOWN = 100;

  private final QueueDesk desk;
  private final Output out;

  QueueCommands(QueueDesk desk, Output out) {
    this.desk = desk;
    this.out = out;
  }

  /** Answers a command, or nothing when it is none of these. */
  Optional<Future<After>> obey(String verb, String id) {
    Optional<QueueAction> action = QueueAction.of(verb);
    if (!NAMES.contains(verb)) {
      return Optional.empty();
    }
    if (id.isEmpty() && !verb.equals("queue")) {
      out.error("usage: " + verb + " <id>");
      return Optional.of(Future.succeededFuture(After.PROMPT));
    }
    Future<Void> done =
        action.isPresent()
            ? perform(action.get(), id)
            : switch (verb) {
              case "show" -> desk.show(id).compose(this::show);
              case "trace" -> desk.trace(id).map(QueueTable::events).compose(out::lines);
              default -> queue(id);
            };
    return Optional.of(done.recover(this::failed).map(After.PROMPT));
  }

  private Future<Void> perform(QueueAction action, String id) {
    if (!id.equals("all")) {
      return desk.perform(action, id).compose(v -> out.lines(List.of("OK")));
    }
    Future<BulkResult> result =
        switch (action) {
          case RETRY ->
              desk.performAll(action, State.FAILED)
                  .compose(
                      failed ->
                          desk.performAll(action, State.DEFERRED)
                              .map(
                                  deferred ->
                                      new BulkResult(
                                          failed.done() + deferred.done(),
                                          failed.failed() + deferred.failed())));
          case HOLD -> desk.performAll(action, State.READY);
          case RELEASE -> desk.performAll(action, State.HELD);
          case DELETE -> desk.performAll(action, State.FAILED);
        };
    return result.compose(bulk -> out.lines(List.of("OK: " + bulk.done())));
  }

  private Future<Void> show(QueueItem item) {
    return out.lines(new QueueTable(Instant.now(), WIDTH).facts(item.toJson()));
  }

  private Future<Void> queue(String name) {
    Optional<State> one = QueueItem.state(name);
    if (!name.isEmpty() && one.isEmpty()) {
      out.error("usage: queue {ready|deferred|busy|failed|held}");
      return Future.succeededFuture();
    }
    List<State> states = one.map(List::of).orElseGet(() -> List.of(State.values()));
    Future<List<JsonObject>> items = Future.succeededFuture(new ArrayList<>());
    for (State state : states) {
      items =
          items.compose(
              sofar ->
                  desk.list(state, Optional.empty(), MOST_SHOWN)
                      .map(
                          page -> {
                            page.items().forEach(item -> sofar.add(item.toJson()));
                            return sofar;
                          }));
    }
    return items.compose(found -> print(found, states));
  }

  private Future<Void> print(List<JsonObject> items, List<State> states) {
    List<String> lines =
        new ArrayList<>(
            items.isEmpty()
                ? List.of("<none>")
                : new QueueTable(Instant.now(), WIDTH).lines(items));
    Map<State, Long> counts = desk.counts();
    long total = states.stream().mapToLong(state -> counts.getOrDefault(state, 0L)).sum();
    if (total > items.size()) {
      lines.add("... " + total + " in all");
    }
    return out.lines(lines);
  }

  private Future<Void> failed(Throwable e) {
    out.error(
        e instanceof NoSuchMessageException || e instanceof SpoolException
            ? String.valueOf(e.getMessage())
            : e.toString());
    return Future.succeededFuture();
  }
}
