package io.stagepost.admin.control;

import io.stagepost.admin.queue.BulkResult;
import io.stagepost.admin.queue.NoSuchMessageException;
import io.stagepost.admin.queue.QueueAction;
import io.stagepost.admin.queue.QueueDesk;
import io.stagepost.admin.queue.QueueItem;
import io.stagepost.admin.queue.QueuePage;
import io.stagepost.bus.BusAddresses;
import io.stagepost.spool.Spool.State;
import io.stagepost.spool.SpoolException;
import io.vertx.core.Future;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;

/**
 * Answers requests of the control socket.
 *
 * <p>A request is a JSON object with {@code command}: {@code queue} ({@code state}, {@code after},
 * {@code limit}), {@code show}, {@code trace} ({@code id}), {@code retry}, {@code hold}, {@code
 * release}, {@code delete} ({@code id}, or {@code state} for all that are in it), {@code forward},
 * {@code flush} or {@code stats}. The answer has {@code ok}; when that is false, {@code error} is
 * {@code usage}, {@code no-such-message}, {@code refused} or {@code failed}, and {@code text} says
 * more.
 */
final class ControlCommands {

  private final EventBus bus;
  private final ControlServices services;

  ControlCommands(EventBus bus, ControlServices services) {
    this.bus = bus;
    this.services = services;
  }

  /** Answers a request. Never fails. */
  Future<JsonObject> answer(JsonObject request) {
    try {
      return perform(request).recover(e -> Future.succeededFuture(failed(e)));
    } catch (IllegalArgumentException | ClassCastException e) {
      return Future.succeededFuture(error("usage", String.valueOf(e.getMessage())));
    }
  }

  private Future<JsonObject> perform(JsonObject request) {
    String command = request.getString("command", "");
    String id = request.getString("id", "");
    QueueDesk queue = services.queue();
    Optional<QueueAction> action = QueueAction.of(command);
    if (action.isPresent()) {
      return request.containsKey("state")
          ? queue.performAll(action.get(), state(request)).map(ControlCommands::bulk)
          : queue.perform(action.get(), id).map(v -> bulk(new BulkResult(1, 0)));
    }
    return switch (command) {
      case "queue" ->
          queue
              .list(
                  state(request),
                  Optional.ofNullable(request.getString("after")),
                  request.getInteger("limit", QueueDesk.LARGEST_PAGE))
              .map(ControlCommands::page);
      case "show" -> queue.show(id).map(item -> ok().put("item", item.toJson()));
      case "trace" -> queue.trace(id).map(events -> ok().put("events", new JsonArray(events)));
      case "forward" -> services.forwarding().forward().map(v -> ok());
      case "flush" -> services.forwarding().flush().map(count -> ok().put("messages", count));
      case "stats" -> stats();
      default -> throw new IllegalArgumentException("no such command");
    };
  }

  private Future<JsonObject> stats() {
    return bus.<JsonObject>request(
            new BusAddresses(services.relay()).statisticsGet(), new JsonObject())
        .map(answer -> ok().put("relay", services.relay()).put("stats", answer.body()));
  }

  private static State state(JsonObject request) {
    return QueueItem.state(request.getString("state", ""))
        .orElseThrow(() -> new IllegalArgumentException("no such state"));
  }

  private static JsonObject page(QueuePage page) {
    List<JsonObject> items = page.items().stream().map(QueueItem::toJson).toList();
    JsonObject answer = ok().put("items", new JsonArray(items)).put("total", page.total());
    page.next().ifPresent(next -> answer.put("next", next));
    return answer;
  }

  private static JsonObject bulk(BulkResult result) {
    return ok().put("done", result.done()).put("failed", result.failed());
  }

  static JsonObject ok() {
    return new JsonObject().put("ok", true);
  }

  static JsonObject error(String kind, String text) {
    return new JsonObject().put("ok", false).put("error", kind).put("text", text);
  }

  private static JsonObject failed(Throwable e) {
    String text = e.getMessage() == null ? e.toString() : e.getMessage();
    return switch (e) {
      case NoSuchMessageException none -> error("no-such-message", text);
      case SpoolException.NotAvailable refused -> error("refused", text);
      case IllegalArgumentException wrong -> error("usage", text);
      default -> error("failed", text);
    };
  }
}
