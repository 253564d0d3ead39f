package io.stagepost.admin.http.insight;

import io.stagepost.admin.http.HttpServices;
import io.stagepost.admin.http.ManagedRelay;
import io.stagepost.admin.http.api.Answer;
import io.stagepost.admin.http.api.ApiCall;
import io.stagepost.admin.http.api.ApiModule;
import io.stagepost.admin.http.api.ApiRoutes;
import io.stagepost.admin.http.queue.QueueApi;
import io.stagepost.admin.http.queue.QueueCursor;
import io.stagepost.admin.queue.QueueItem;
import io.stagepost.admin.queue.QueuePage;
import io.stagepost.spool.MessageId;
import io.stagepost.spool.Spool.State;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Numbers: counts, rates, the last hour, failures in groups. */
public final class InsightApi implements ApiModule {

  private static final int MOST_SCANNED = 5_000;
  private static final int BATCH = 250;
  private static final long NANOS = Duration.ofMillis(40).toNanos();

  private final Vertx vertx;
  private final HttpServices services;
  private final Map<String, Tally> tallies = new HashMap<>();

  /** For all relays of the process. */
  public InsightApi(Vertx vertx, HttpServices services) {
    this.vertx = vertx;
    this.services = services;
  }

  @Override
  public Future<Void> open() {
    for (ManagedRelay relay : services.relays()) {
      Tally tally = new Tally(vertx, relay);
      tallies.put(relay.name(), tally);
      tally.open();
    }
    return Future.succeededFuture();
  }

  @Override
  public Future<Void> close() {
    tallies.values().forEach(Tally::close);
    return Future.succeededFuture();
  }

  @Override
  public void addTo(ApiRoutes routes) {
    routes
        .answer("getStatistics", this::statistics)
        .answer("getSeries", call -> answer(tally(call).series(call.number("minutes", 60))))
        .answer(
            "listDestinations",
            call -> answer(JsonObject.of("destinations", tally(call).destinations())))
        .answer("listFailures", this::failures);
  }

  private static Future<Answer> answer(JsonObject json) {
    return Future.succeededFuture(Answer.ok(json));
  }

  private Tally tally(ApiCall call) {
    Tally tally = tallies.get(call.relay().name());
    if (tally == null) {
      throw new IllegalStateException("not open");
    }
    return tally;
  }

  private Future<Answer> statistics(ApiCall call) {
    ManagedRelay relay = call.relay();
    JsonObject json = tally(call).statistics().put("queue", QueueApi.counts(relay));
    return relay
        .queue()
        .list(State.READY, Optional.empty(), 1)
        .map(
            page -> {
              page.items().stream()
                  .findFirst()
                  .flatMap(QueueItem::arrived)
                  .ifPresent(time -> json.put("oldest", time.toString()));
              return Answer.ok(json);
            });
  }

  private Future<Answer> failures(ApiCall call) {
    State state = call.query("state").flatMap(QueueItem::state).orElse(State.FAILED);
    Optional<QueueCursor> cursor = call.query("cursor").map(QueueCursor::parse);
    Optional<String> after =
        cursor.flatMap(at -> Optional.ofNullable(at.after())).map(MessageId::value);
    return new Scan(call.relay(), state).from(after);
  }

  private static final class Scan {

    private final ManagedRelay relay;
    private final State state;
    private final FailureGroups groups = new FailureGroups();
    private final long began = System.nanoTime();
    private int scanned;

    private Scan(ManagedRelay relay, State state) {
      this.relay = relay;
      this.state = state;
    }

    private Future<Answer> from(Optional<String> after) {
      return relay.queue().list(state, after, BATCH).compose(page -> take(page));
    }

    private Future<Answer> take(QueuePage page) {
      page.items().forEach(groups::add);
      scanned += page.items().size();
      boolean enough = scanned >= MOST_SCANNED || System.nanoTime() - began > NANOS;
      if (page.next().isPresent() && !enough) {
        return from(page.next());
      }
      JsonObject json =
          new JsonObject()
              .put("groups", groups.toJson())
              .put("scanned", scanned)
              .put("total", page.total());
      page.next()
          .ifPresent(id -> json.put("next", new QueueCursor(state, new MessageId(id)).toString()));
      return answer(json);
    }
  }
}
