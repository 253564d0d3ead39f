package io.stagepost.admin.http.inject;

import io.stagepost.admin.http.api.ApiProblem;
import io.stagepost.admin.http.api.StateFile;
import io.stagepost.events.RelayStore;
import io.stagepost.spool.MessageId;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Has a request with a key done once, however often it comes, also over a restart: what is about to
 * be done is written down before it is done, and after a crash the spool and the event log tell
 * whether it was. Keys are kept for 24 hours, up to 20,000 of them; then the oldest are forgotten.
 *
 * <p>On one context; other processes on the same spool have keys of their own.
 */
final class Idempotency {

  private static final int MOST = 20_000;
  private static final Duration KEPT = Duration.ofHours(24);
  private static final String SUFFIX = ".json";
  private static final String DIGEST = "digest";
  private static final String ANSWER = "answer";
  private static final String TIME = "time";
  private static final String DONE = "done";

  private final Vertx vertx;
  private final Path directory;
  private final RelayStore store;
  private final Map<String, Entry> entries = new LinkedHashMap<>();

  /**
   * A request.
   *
   * @param answer completes with what it is answered with
   */
  private record Entry(String digest, Instant time, Future<JsonObject> answer) {}

  /**
   * What is to be done once.
   *
   * @param answer has the {@code id} of the message
   * @param commit does it
   * @param abort undoes the preparations
   */
  record Deed(JsonObject answer, Supplier<Future<Void>> commit, Supplier<Future<Void>> abort) {}

  Idempotency(Vertx vertx, Path directory, RelayStore store) {
    this.vertx = vertx;
    this.directory = directory;
    this.store = store;
  }

  /** Reads what is kept; what can't be read is forgotten. */
  Future<Void> open() {
    return vertx
        .executeBlocking(this::read, false)
        .compose(
            found -> {
              Future<Void> all = Future.succeededFuture();
              for (Map.Entry<String, JsonObject> each : found.entrySet()) {
                all = all.compose(v -> restore(each.getKey(), each.getValue()));
              }
              return all;
            });
  }

  private Map<String, JsonObject> read() throws IOException {
    Map<String, JsonObject> found = new LinkedHashMap<>();
    Instant oldest = Instant.now().minus(KEPT);
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*" + SUFFIX)) {
      for (Path file : files) {
        try {
          JsonObject json = new JsonObject(Files.readString(file, StandardCharsets.UTF_8));
          if (Instant.parse(json.getString(TIME)).isBefore(oldest)) {
            Files.deleteIfExists(file);
          } else if (found.size() < MOST) {
            String name = String.valueOf(file.getFileName());
            found.put(name.substring(0, name.length() - SUFFIX.length()), json);
          }
        } catch (DecodeException | java.time.DateTimeException | NullPointerException e) {
          Files.deleteIfExists(file);
        }
      }
    } catch (NoSuchFileException e) {
      // None yet.
    }
    return found;
  }

  private Future<Void> restore(String name, JsonObject json) {
    JsonObject answer = json.getJsonObject(ANSWER);
    return (json.getBoolean(DONE, false)
            ? Future.succeededFuture(true)
            : isThere(answer.getString("id")))
        .compose(
            done -> {
              if (!done) {
                return remove(name);
              }
              entries.put(
                  name,
                  new Entry(
                      json.getString(DIGEST),
                      Instant.parse(json.getString(TIME)),
                      Future.succeededFuture(answer)));
              return Future.succeededFuture();
            });
  }

  private Future<Boolean> isThere(String id) {
    MessageId message = new MessageId(id);
    return store
        .spool()
        .find(message)
        .compose(
            entry ->
                entry.isPresent()
                    ? Future.succeededFuture(true)
                    : store.events().trace(message).map(events -> !events.isEmpty()));
  }

  /** What a request with this key was answered with, if there was one. */
  Optional<Future<JsonObject>> known(String key, String digest) {
    Entry entry = entries.get(key);
    if (entry == null) {
      return Optional.empty();
    }
    if (!entry.digest().equals(digest)) {
      throw ApiProblem.of(409, "the Idempotency-Key was that of another request");
    }
    return Optional.of(entry.answer());
  }

  /** Does it, unless that was done before. */
  Future<JsonObject> once(String key, String digest, Deed deed) {
    Optional<Future<JsonObject>> known;
    try {
      known = known(key, digest);
    } catch (ApiProblem e) {
      return deed.abort().get().transform(v -> Future.failedFuture(e));
    }
    if (known.isPresent()) {
      Future<JsonObject> answer = known.get();
      return deed.abort().get().transform(v -> answer);
    }
    makeRoom();
    Promise<JsonObject> answered = Promise.promise();
    Instant now = Instant.now();
    entries.put(key, new Entry(digest, now, answered.future()));
    JsonObject record =
        new JsonObject()
            .put(DIGEST, digest)
            .put(ANSWER, deed.answer())
            .put(TIME, now.toString())
            .put(DONE, false);
    write(key, record)
        .recover(e -> deed.abort().get().transform(v -> Future.failedFuture(e)))
        .compose(v -> deed.commit().get())
        .compose(v -> write(key, record.put(DONE, true)).otherwiseEmpty())
        .onSuccess(v -> answered.complete(deed.answer()))
        .onFailure(
            e -> {
              entries.remove(key);
              remove(key).onComplete(v -> answered.fail(e));
            });
    return answered.future();
  }

  private void makeRoom() {
    Instant oldest = Instant.now().minus(KEPT);
    while (!entries.isEmpty()) {
      Map.Entry<String, Entry> first = entries.entrySet().iterator().next();
      if (entries.size() < MOST && first.getValue().time().isAfter(oldest)) {
        return;
      }
      entries.remove(first.getKey());
      remove(first.getKey());
    }
  }

  private Path file(String key) {
    return directory.resolve(key + SUFFIX);
  }

  private Future<Void> write(String key, JsonObject record) {
    String text = record.encode();
    return vertx.executeBlocking(
        () -> {
          StateFile.write(file(key), text);
          return null;
        },
        false);
  }

  private Future<Void> remove(String key) {
    return vertx.executeBlocking(
        () -> {
          Files.deleteIfExists(file(key));
          return null;
        },
        false);
  }
}
