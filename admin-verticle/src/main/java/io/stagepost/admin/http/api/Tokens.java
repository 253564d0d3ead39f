package io.stagepost.admin.http.api;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The tokens of programs, kept in a file by their hashes. When one was last used is written at most
 * once a minute, so a crash may forget the last minute of that. At most 200. On one context.
 */
public final class Tokens {

  /** What a token's text begins with, so that scanners for leaked secrets know it. */
  public static final String PREFIX = "sp_";

  private static final int MOST = 200;
  private static final Duration SAVE = Duration.ofMinutes(1);
  private static final int ID = 12;

  private final Vertx vertx;
  private final Path file;
  private final Clock clock;
  private final Map<String, Token> byHash = new LinkedHashMap<>();
  private long timer = -1;
  private boolean used;

  /** Those of a file that is not read yet. */
  public Tokens(Vertx vertx, Path file, Clock clock) {
    this.vertx = vertx;
    this.file = file;
    this.clock = clock;
  }

  /**
   * A token that was made.
   *
   * @param text what the program is to send
   */
  public record Made(String text, Token token) {}

  /** Reads the file. Fails when it can't be understood. */
  public Future<Void> open() {
    return vertx
        .executeBlocking(
            () ->
                Files.exists(file)
                    ? new JsonArray(Files.readString(file, StandardCharsets.UTF_8))
                    : new JsonArray(),
            false)
        .map(
            array -> {
              for (int i = 0; i < array.size(); i++) {
                Token token = Token.ofFile(array.getJsonObject(i));
                byHash.put(token.hash(), token);
              }
              timer = vertx.setPeriodic(SAVE.toMillis(), t -> saveUse());
              return null;
            });
  }

  /** Writes what is not written yet. */
  public Future<Void> close() {
    vertx.cancelTimer(timer);
    return saveUse();
  }

  /** The one with this text, if it is still good; it counts as used. */
  public Optional<Token> find(String text) {
    Token token = byHash.get(Secrets.hash(text));
    Instant now = Instant.now(clock);
    if (token == null || !token.expires().isAfter(now)) {
      return Optional.empty();
    }
    used = true;
    Token again = token.used(now);
    byHash.put(token.hash(), again);
    return Optional.of(again);
  }

  /** All of them, in the order in which they were made. */
  public List<Token> all() {
    return List.copyOf(byHash.values());
  }

  /** Whether no more can be made. */
  public boolean isFull() {
    Instant now = Instant.now(clock);
    byHash.values().removeIf(token -> token.expires().plus(Duration.ofDays(30)).isBefore(now));
    return byHash.size() >= MOST;
  }

  /** Makes one; completes when it is durable. */
  public Future<Made> make(String user, String name, Set<Scope> scopes, Duration lifetime) {
    String text = PREFIX + Secrets.next();
    Instant now = Instant.now(clock);
    Token token =
        new Token(
            Secrets.next().substring(0, ID),
            Secrets.hash(text),
            name,
            user,
            scopes,
            now,
            now.plus(lifetime),
            Optional.empty());
    byHash.put(token.hash(), token);
    return save().map(new Made(text, token)).onFailure(e -> byHash.remove(token.hash()));
  }

  /** Revokes one; completes when that is durable. It is no good from now on in any case. */
  public Future<Void> revoke(Token token) {
    byHash.remove(token.hash());
    return save();
  }

  /** Revokes those of a user. */
  public Future<Void> revokeAll(String user) {
    return byHash.values().removeIf(token -> token.user().equals(user))
        ? save()
        : Future.succeededFuture();
  }

  private Future<Void> saveUse() {
    if (!used) {
      return Future.succeededFuture();
    }
    used = false;
    return save();
  }

  private Future<Void> save() {
    JsonArray array = new JsonArray();
    byHash.values().forEach(token -> array.add(token.toFile()));
    String text = array.encodePrettily();
    return vertx.executeBlocking(
        () -> {
          StateFile.write(file, text + "\n");
          return null;
        },
        true);
  }
}
