package io.stagepost.admin.http.insight;

import io.stagepost.admin.http.HttpServices;
import io.stagepost.admin.http.ManagedRelay;
import io.stagepost.admin.http.api.Answer;
import io.stagepost.admin.http.api.ApiCall;
import io.stagepost.admin.http.api.ApiModule;
import io.stagepost.admin.http.api.ApiProblem;
import io.stagepost.admin.http.api.ApiRoutes;
import io.stagepost.events.Cursor;
import io.stagepost.events.EventLog;
import io.stagepost.events.EventPage;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Delivery events: pages of the log, and streams of what happens. */
public final class EventApi implements ApiModule {

  private static final int MOST_STREAMS = 300;
  private static final int MOST_LOOKED_AT = 1_000;
  private static final String ALL = "*";

  private final Vertx vertx;
  private final HttpServices services;
  private final Map<String, EventFeed> feeds = new HashMap<>();
  private int streams;

  /** For all relays of the process. */
  public EventApi(Vertx vertx, HttpServices services) {
    this.vertx = vertx;
    this.services = services;
  }

  @Override
  public Future<Void> open() {
    services.relays().forEach(relay -> feeds.put(relay.name(), new EventFeed(vertx, relay)));
    return Future.succeededFuture();
  }

  @Override
  public Future<Void> close() {
    feeds.values().forEach(EventFeed::close);
    return Future.succeededFuture();
  }

  @Override
  public void addTo(ApiRoutes routes) {
    routes.answer("listEvents", this::list).stream("streamEvents", this::stream);
  }

  private static Set<String> types(ApiCall call) {
    return call.query("type").map(text -> Set.of(text.split(","))).orElse(Set.of());
  }

  private static Cursor cursor(String field, String text) {
    return Cursor.parse(text).orElseThrow(() -> ApiProblem.field(field, "is none of this log"));
  }

  private Future<Answer> list(ApiCall call) {
    ManagedRelay relay = call.relay();
    Set<String> types = types(call);
    int limit = call.number("limit", 50);
    Optional<Cursor> after = call.query("cursor").map(text -> cursor("cursor", text));
    EventLog log = relay.store().events();
    int many = types.isEmpty() ? limit : MOST_LOOKED_AT;
    return after.isPresent()
        ? log.read(after.get(), many).map(page -> forward(page, types, limit))
        : log.newest(many).map(page -> newest(page, types, limit));
  }

  private static Answer forward(EventPage page, Set<String> types, int limit) {
    JsonArray events = new JsonArray();
    Cursor next = page.next();
    for (EventPage.Entry entry : page.entries()) {
      if (wanted(entry, types)) {
        events.add(entry.event());
        if (events.size() == limit) {
          next = entry.cursor();
          break;
        }
      }
    }
    return answer(events, next, !page.lost().isEmpty());
  }

  private static Answer newest(EventPage page, Set<String> types, int limit) {
    List<JsonObject> found =
        page.entries().stream()
            .filter(entry -> wanted(entry, types))
            .map(EventPage.Entry::event)
            .toList();
    JsonArray events =
        new JsonArray(found.subList(Math.max(0, found.size() - limit), found.size()));
    return answer(events, page.next(), false);
  }

  private static boolean wanted(EventPage.Entry entry, Set<String> types) {
    return types.isEmpty() || types.contains(entry.event().getString("type", ""));
  }

  private static Answer answer(JsonArray events, Cursor next, boolean lost) {
    return Answer.ok(
        new JsonObject().put("events", events).put("next", next.toString()).put("lost", lost));
  }

  private Future<Void> stream(ApiCall call) {
    List<ManagedRelay> relays =
        call.query("relay").equals(Optional.of(ALL)) ? services.relays() : List.of(call.relay());
    Optional<Cursor> after =
        Optional.ofNullable(call.request().getHeader("Last-Event-ID"))
            .filter(text -> relays.size() == 1)
            .map(text -> cursor("Last-Event-ID", text));
    if (streams >= MOST_STREAMS) {
      throw ApiProblem.later(503, "too many streams are open", 30);
    }
    streams++;
    EventStream stream = new EventStream(call.response());
    // Whatever happens to the connection, this comes.
    Set<EventFeed.Subscription> subscriptions = new java.util.HashSet<>();
    boolean[] gone = {false};
    call.response()
        .closeHandler(
            v -> {
              if (!gone[0]) {
                gone[0] = true;
                streams--;
                subscriptions.forEach(EventFeed.Subscription::cancel);
              }
            });
    List<EventFeed> shown =
        relays.stream().map(relay -> feeds.get(relay.name())).filter(Objects::nonNull).toList();
    Set<String> types = types(call);
    // Whoever has our head must miss nothing from then on.
    return Future.join(shown.stream().map(EventFeed::ready).toList())
        .map(
            v -> {
              if (!gone[0]) {
                stream.begin();
                shown.forEach(feed -> subscriptions.add(feed.subscribe(stream, types, after)));
              }
              return null;
            });
  }
}
