package io.stagepost.admin.http.system;

import com.github.benmanes.caffeine.cache.AsyncLoadingCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.stagepost.admin.http.ManagedRelay;
import io.stagepost.admin.http.api.Answer;
import io.stagepost.admin.http.api.ApiCall;
import io.stagepost.admin.http.api.ApiModule;
import io.stagepost.admin.http.api.ApiRoutes;
import io.stagepost.config.PopSettings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * What can be fetched by POP: a look into the directories, on a worker. With many messages that
 * takes seconds, so what was found is told again while the next look is under way.
 */
public final class MailboxApi implements ApiModule {

  private static final int MOST_RELAYS = 100;
  private static final int MOST_BOXES = 500;
  private static final int MOST_MESSAGES = 100_000;
  private static final Duration FRESH = Duration.ofSeconds(5);
  private static final Duration KEPT = Duration.ofMinutes(1);
  private static final String ENVELOPE = ".envelope";
  private static final String CONTENT = ".content";
  private static final String USER = "%u";

  private final Vertx vertx;
  private final AsyncLoadingCache<Look, JsonObject> found =
      Caffeine.newBuilder()
          .maximumSize(MOST_RELAYS)
          .refreshAfterWrite(FRESH)
          .expireAfterWrite(KEPT)
          .executor(Runnable::run)
          .buildAsync((look, executor) -> look(look));

  /** For all relays of the process. */
  public MailboxApi(Vertx vertx) {
    this.vertx = vertx;
  }

  /** What is looked at. */
  private record Look(PopSettings.Store store, Path spool) {}

  @Override
  public void addTo(ApiRoutes routes) {
    routes.answer("listMailboxes", this::list);
  }

  /** Where a mailbox is. */
  private record Place(String name, List<Path> directories) {}

  private Future<Answer> list(ApiCall call) {
    ManagedRelay relay = call.relay();
    Optional<PopSettings> pop = relay.settings().pop();
    if (pop.isEmpty()) {
      return Future.succeededFuture(
          Answer.ok(JsonObject.of("kind", "none", "mailboxes", new JsonArray())));
    }
    Look look = new Look(pop.get().store(), relay.settings().spool().directory());
    return Future.fromCompletionStage(found.get(look), vertx.getOrCreateContext()).map(Answer::ok);
  }

  private CompletableFuture<JsonObject> look(Look look) {
    return vertx
        .executeBlocking(
            () ->
                switch (look.store()) {
                  case PopSettings.Store.Shared shared -> spools("shared", look.spool(), List.of());
                  case PopSettings.Store.ByName byName ->
                      spools("by-name", look.spool(), directories(look.spool()));
                  case PopSettings.Store.Maildir maildir -> maildirs(maildir.pattern());
                },
            false)
        .toCompletionStage()
        .toCompletableFuture();
  }

  private static JsonObject spools(String kind, Path spool, List<Path> boxes) throws IOException {
    JsonArray mailboxes = new JsonArray();
    if (kind.equals("shared")) {
      mailboxes.add(spoolBox("", spool, spool));
    }
    for (Path box : boxes) {
      mailboxes.add(spoolBox(String.valueOf(box.getFileName()), box, spool));
    }
    return JsonObject.of("kind", kind, "mailboxes", mailboxes);
  }

  private static List<Path> directories(Path parent) throws IOException {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> entries =
        Files.newDirectoryStream(
            parent,
            path ->
                !String.valueOf(path.getFileName()).startsWith(".") && Files.isDirectory(path))) {
      for (Path entry : entries) {
        if (found.size() == MOST_BOXES) {
          break;
        }
        found.add(entry);
      }
    } catch (NoSuchFileException | NotDirectoryException e) {
      // None yet.
    }
    found.sort(null);
    return found;
  }

  // The contents of a user's directory may be in the spool itself.
  private static JsonObject spoolBox(String name, Path directory, Path spool) throws IOException {
    Count count = new Count();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, "*" + ENVELOPE)) {
      for (Path entry : entries) {
        if (count.messages == MOST_MESSAGES) {
          break;
        }
        String file = String.valueOf(entry.getFileName());
        String content = file.substring(0, file.length() - ENVELOPE.length()) + CONTENT;
        if (!count.add(directory.resolve(content))) {
          count.add(spool.resolve(content));
        }
      }
    } catch (NoSuchFileException e) {
      // It has gone.
    }
    return count.toJson(name);
  }

  private static JsonObject maildirs(String pattern) throws IOException {
    JsonArray mailboxes = new JsonArray();
    for (Place place : maildirPlaces(pattern)) {
      Count count = new Count();
      for (Path directory : place.directories()) {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
          for (Path entry : entries) {
            if (count.messages == MOST_MESSAGES) {
              break;
            }
            count.add(entry);
          }
        } catch (NoSuchFileException | NotDirectoryException e) {
          // No mail yet.
        }
      }
      mailboxes.add(count.toJson(place.name()));
    }
    return JsonObject.of("kind", "maildir", "mailboxes", mailboxes);
  }

  private static List<Place> maildirPlaces(String pattern) throws IOException {
    int at = pattern.indexOf(USER);
    if (at < 0) {
      return List.of(place("", Path.of(pattern)));
    }
    int slash = pattern.lastIndexOf('/', at);
    String rest = pattern.substring(at + USER.length());
    boolean whole = slash == at - 1 && (rest.isEmpty() || rest.startsWith("/"));
    if (!whole || rest.contains(USER)) {
      return List.of();
    }
    List<Place> places = new ArrayList<>();
    for (Path user : directories(Path.of(pattern.substring(0, Math.max(1, slash))))) {
      Path maildir = Path.of(user + rest);
      if (Files.isDirectory(maildir.resolve("new"))) {
        places.add(place(String.valueOf(user.getFileName()), maildir));
      }
    }
    return places;
  }

  private static Place place(String name, Path maildir) {
    return new Place(name, List.of(maildir.resolve("new"), maildir.resolve("cur")));
  }

  private static final class Count {
    private int messages;
    private long octets;
    private FileTime newest = FileTime.fromMillis(0);

    private boolean add(Path file) {
      try {
        BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
        messages++;
        octets += found.size();
        newest = found.lastModifiedTime().compareTo(newest) > 0 ? found.lastModifiedTime() : newest;
        return true;
      } catch (IOException e) {
        return false;
      }
    }

    private JsonObject toJson(String name) {
      JsonObject json = JsonObject.of("name", name, "messages", messages, "octets", octets);
      return messages == 0 ? json : json.put("newest", newest.toInstant().toString());
    }
  }
}
