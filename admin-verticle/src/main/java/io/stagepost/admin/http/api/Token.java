package io.stagepost.admin.http.api;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * What a program identifies itself by.
 *
 * @param hash of its text, which is kept nowhere
 * @param user for whom it acts
 */
public record Token(
    String id,
    String hash,
    String name,
    String user,
    Set<Scope> scopes,
    Instant created,
    Instant expires,
    Optional<Instant> lastUsed) {

  /** Copies the set. */
  public Token {
    scopes = Set.copyOf(scopes);
  }

  Token used(Instant when) {
    return new Token(id, hash, name, user, scopes, created, expires, Optional.of(when));
  }

  /** What may be shown of it. */
  public JsonObject toJson() {
    JsonArray words = new JsonArray();
    for (Scope scope : Scope.values()) {
      if (scopes.contains(scope)) {
        words.add(scope.word());
      }
    }
    JsonObject json =
        new JsonObject()
            .put("id", id)
            .put("name", name)
            .put("user", user)
            .put("scopes", words)
            .put("created", created.toString())
            .put("expires", expires.toString());
    lastUsed.ifPresent(time -> json.put("lastUsed", time.toString()));
    return json;
  }

  /** The same with its hash, for the file. */
  JsonObject toFile() {
    return toJson().put("hash", hash);
  }

  static Token ofFile(JsonObject json) {
    Set<Scope> scopes = EnumSet.noneOf(Scope.class);
    json.getJsonArray("scopes")
        .forEach(word -> Scope.of(String.valueOf(word)).ifPresent(scopes::add));
    return new Token(
        json.getString("id"),
        json.getString("hash"),
        json.getString("name"),
        json.getString("user"),
        scopes,
        Instant.parse(json.getString("created")),
        Instant.parse(json.getString("expires")),
        Optional.ofNullable(json.getString("lastUsed")).map(Instant::parse));
  }
}
