package io.stagepost.admin.http.queue;

import io.stagepost.admin.http.api.Answer;
import io.stagepost.admin.http.api.ApiCall;
import io.stagepost.admin.http.api.ApiModule;
import io.stagepost.admin.http.api.ApiProblem;
import io.stagepost.admin.http.api.ApiRoutes;
import io.stagepost.admin.http.queue.MimeWalk.Part;
import io.stagepost.spool.SpoolReader;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;

/**
 * Messages as their readers see them. Two are looked through at a time, up to 64 MiB of each;
 * further ones wait.
 */
public final class BodyApi implements ApiModule {

  private static final long MOST_OCTETS = 64L << 20;
  private static final int MOST_PART = 32 << 20;
  private static final int WORKERS = 2;
  private static final int MOST_WAITING = 50;
  private static final Set<String> IMAGES =
      Set.of("image/png", "image/jpeg", "image/gif", "image/webp");
  private static final String NOTHING =
      "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data: 'self'";

  private final WorkerExecutor workers;
  private int waiting;

  /** For all relays of the process. */
  public BodyApi(Vertx vertx) {
    this.workers = vertx.createSharedWorkerExecutor("stagepost-mime", WORKERS);
  }

  @Override
  public Future<Void> close() {
    return workers.close();
  }

  @Override
  public void addTo(ApiRoutes routes) {
    routes.answer("getMessageBody", this::body).stream("getMessageHtml", this::html).stream(
        "getMessagePart", this::part);
  }

  /** Looks through a message on a worker. */
  private interface Look<T> {
    T at(SpoolStream message) throws java.io.IOException;
  }

  private <T> Future<T> look(ApiCall call, Look<T> look) {
    if (waiting >= MOST_WAITING) {
      throw ApiProblem.later(503, "too many messages are being looked at", 5);
    }
    waiting++;
    return MessageApi.content(call.relay(), MessageApi.id(call))
        .compose(reader -> look(reader, look))
        .onComplete(done -> waiting--);
  }

  private <T> Future<T> look(SpoolReader reader, Look<T> look) {
    return workers
        .executeBlocking(() -> look.at(new SpoolStream(reader, MOST_OCTETS)), false)
        .eventually(reader::close);
  }

  private Future<Answer> body(ApiCall call) {
    return look(call, message -> new MessageView().of(message)).map(Answer::ok);
  }

  private Future<Void> html(ApiCall call) {
    boolean remote = call.flag("remote");
    String path = call.request().path().replaceFirst("/html$", "/parts/");
    String query = call.query("relay").map(r -> "&relay=" + encoded(r)).orElse("");
    return look(call, message -> new MessageView().of(message))
        .compose(
            view -> {
              String html = view.getString("html");
              if (html == null) {
                throw ApiProblem.missing("the message has no HTML");
              }
              HttpServerResponse response = call.response();
              response
                  .putHeader("Content-Type", "text/html; charset=utf-8")
                  .putHeader("X-Frame-Options", "SAMEORIGIN")
                  .putHeader(
                      "Content-Security-Policy",
                      (remote
                              ? NOTHING.replace("data: 'self'", "data: 'self' https:")
                                  + "; font-src https:"
                              : NOTHING)
                          + "; frame-ancestors 'self'");
              return response.end(withImages(html, view, path, query));
            });
  }

  // Images inside the message are parts of it.
  private static String withImages(String html, JsonObject view, String path, String query) {
    String shown = html;
    for (Object each : view.getJsonArray("parts")) {
      JsonObject part = (JsonObject) each;
      String id = part.getString("contentId");
      if (id != null && IMAGES.contains(part.getString("type"))) {
        shown = shown.replace("cid:" + id, path + part.getString("part") + "?inline=true" + query);
      }
    }
    return shown;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** A part with its octets, as far as it has been found. */
  private record Found(Part part, Buffer octets) {}

  private Future<Void> part(ApiCall call) {
    String wanted = call.path("part");
    return look(call, message -> find(message, wanted))
        .compose(
            found -> {
              if (found.isEmpty()) {
                throw ApiProblem.missing("there is no such part");
              }
              if (found.get().octets().length() > MOST_PART) {
                throw ApiProblem.of(413, "the part has more than " + MOST_PART + " octets");
              }
              return send(call, found.get());
            });
  }

  private static Optional<Found> find(SpoolStream message, String wanted)
      throws java.io.IOException {
    Found[] found = new Found[1];
    new MimeWalk()
        .walk(
            message,
            (part, content) -> {
              if (!part.number().equals(wanted)) {
                return true;
              }
              found[0] = new Found(part, Buffer.buffer(content.readNBytes(MOST_PART + 1)));
              return false;
            });
    return Optional.ofNullable(found[0]);
  }

  private static Future<Void> send(ApiCall call, Found found) {
    HttpServerResponse response = call.response();
    String type = found.part().type();
    boolean inline = call.flag("inline") && IMAGES.contains(type);
    String name = found.part().name().orElse("part-" + found.part().number());
    response
        .putHeader("Content-Type", inline ? type : "application/octet-stream")
        .putHeader(
            "Content-Disposition",
            (inline ? "inline" : "attachment") + "; filename*=UTF-8''" + encoded(name))
        .putHeader("Content-Security-Policy", "sandbox; default-src 'none'");
    return response.end(found.octets());
  }
}
