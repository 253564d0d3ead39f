package io.stagepost.admin.http.insight;

import io.stagepost.admin.http.api.Answer;
import io.stagepost.admin.http.api.ApiCall;
import io.stagepost.admin.http.api.ApiModule;
import io.stagepost.admin.http.api.ApiProblem;
import io.stagepost.admin.http.api.ApiRoutes;
import io.stagepost.telemetry.LogTap;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The log of the process: its last lines, and streams of further ones, which are looked for four
 * times a second; what has gone from the last lines meanwhile is counted as missed.
 */
public final class LogApi implements ApiModule {

  private static final long TICK_MILLIS = 250;
  private static final int MOST_STREAMS = 50;
  private static final int FIRST = 200;
  private static final List<String> LEVELS = List.of("error", "warn", "info", "debug", "trace");

  private final Vertx vertx;
  private final Set<Reader> readers = new LinkedHashSet<>();
  private @Nullable LogTap tap;
  private long timer = -1;

  private static final class Reader {
    private final EventStream stream;
    private final int level;
    private long seen;

    private Reader(EventStream stream, int level) {
      this.stream = stream;
      this.level = level;
    }
  }

  /** For the whole process. */
  public LogApi(Vertx vertx) {
    this.vertx = vertx;
  }

  @Override
  public Future<Void> open() {
    tap = new LogTap();
    timer = vertx.setPeriodic(TICK_MILLIS, t -> List.copyOf(readers).forEach(this::show));
    return Future.succeededFuture();
  }

  @Override
  public Future<Void> close() {
    vertx.cancelTimer(timer);
    List.copyOf(readers).forEach(reader -> reader.stream.close());
    LogTap open = tap;
    if (open != null) {
      open.close();
    }
    return Future.succeededFuture();
  }

  @Override
  public void addTo(ApiRoutes routes) {
    routes.answer("getLog", this::list).stream("streamLog", this::stream);
  }

  private List<JsonObject> lines() {
    LogTap open = tap;
    return open == null ? List.of() : open.lines();
  }

  private static int level(ApiCall call) {
    return LEVELS.indexOf(call.query("level").orElse("info"));
  }

  private static boolean matters(JsonObject line, int level) {
    int own = LEVELS.indexOf(line.getString("level", ""));
    return own <= level;
  }

  private Future<Answer> list(ApiCall call) {
    int level = level(call);
    JsonArray lines = new JsonArray();
    lines().stream().filter(line -> matters(line, level)).forEach(line -> lines.add(shown(line)));
    return Future.succeededFuture(Answer.ok(JsonObject.of("lines", lines)));
  }

  private static JsonObject shown(JsonObject line) {
    JsonObject shown = line.copy();
    shown.put("level", line.getString("level", ""));
    shown.remove("number");
    return shown;
  }

  private Future<Void> stream(ApiCall call) {
    if (readers.size() >= MOST_STREAMS) {
      throw ApiProblem.later(503, "too many streams are open", 30);
    }
    Reader reader = new Reader(new EventStream(call.response()), level(call));
    List<JsonObject> known = lines();
    reader.seen =
        known.isEmpty() ? 0 : known.get(Math.max(0, known.size() - FIRST)).getLong("number") - 1;
    call.response().closeHandler(v -> readers.remove(reader));
    reader.stream.begin();
    readers.add(reader);
    show(reader);
    return Future.succeededFuture();
  }

  private void show(Reader reader) {
    List<JsonObject> known = lines();
    if (!reader.stream.isReady() || known.isEmpty()) {
      return;
    }
    long first = known.getFirst().getLong("number");
    Buffer all = Buffer.buffer();
    if (first > reader.seen + 1) {
      all.appendBuffer(
          EventStream.encode(
              Optional.empty(), "missed", JsonObject.of("count", first - reader.seen - 1)));
      reader.seen = first - 1;
    }
    int from = (int) (reader.seen + 1 - first);
    for (JsonObject line : known.subList(Math.min(from, known.size()), known.size())) {
      reader.seen = line.getLong("number");
      if (matters(line, reader.level)) {
        all.appendBuffer(EventStream.encode(Optional.empty(), "", shown(line)));
      }
    }
    if (all.length() > 0) {
      reader.stream.write(all);
    }
  }
}
