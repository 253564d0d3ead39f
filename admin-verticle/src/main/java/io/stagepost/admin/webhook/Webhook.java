package io.stagepost.admin.webhook;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Where events are sent, and which ones.
 *
 * @param types of events; none means all
 * @param relays whose events; none means all
 * @param disabled why nothing is sent; empty when it is
 * @param keys the one in use first
 */
public record Webhook(
    String id,
    String url,
    String description,
    Set<String> types,
    Set<String> relays,
    Batch batch,
    Instant created,
    Optional<String> disabled,
    List<SigningKey> keys) {

  /** Copies the collections. */
  public Webhook {
    types = Set.copyOf(types);
    relays = Set.copyOf(relays);
    keys = List.copyOf(keys);
  }

  /**
   * How many events make a request.
   *
   * @param size at the most; 1 sends each by itself
   * @param linger how long further ones are waited for
   */
  public record Batch(int size, Duration linger) {

    /** Each by itself. */
    public static final Batch NONE = new Batch(1, Duration.ZERO);
  }

  boolean isEnabled() {
    return disabled.isEmpty();
  }

  boolean wants(String type) {
    return types.isEmpty() || types.contains(type);
  }

  boolean isOf(String relay) {
    return relays.isEmpty() || relays.contains(relay);
  }

  List<SigningKey> keys(Instant now) {
    return keys.stream().filter(key -> key.isGood(now)).toList();
  }

  Webhook withDisabled(Optional<String> reason) {
    return new Webhook(id, url, description, types, relays, batch, created, reason, keys);
  }

  /** The same with a new secret; those that were good stay so until then. */
  Webhook rotated(Instant now, Instant until) {
    List<SigningKey> all = new ArrayList<>(List.of(SigningKey.next()));
    // Two at a time: who rotates in haste ends the oldest at once.
    all.add(keys.getFirst().until(until));
    return new Webhook(
        id,
        url,
        description,
        types,
        relays,
        batch,
        created,
        disabled,
        all.stream().filter(key -> key.isGood(now)).toList());
  }

  /** What may be shown of it. */
  JsonObject toJson() {
    JsonObject json =
        new JsonObject()
            .put("id", id)
            .put("url", url)
            .put("description", description)
            .put("types", new JsonArray(sorted(types)))
            .put("relays", new JsonArray(sorted(relays)))
            .put(
                "batch", JsonObject.of("size", batch.size(), "seconds", batch.linger().toSeconds()))
            .put("created", created.toString())
            .put("enabled", isEnabled());
    disabled.ifPresent(reason -> json.put("disabledReason", reason));
    return json;
  }

  JsonObject toFile() {
    JsonArray secrets = new JsonArray();
    keys.forEach(key -> secrets.add(key.toFile()));
    return toJson().put("keys", secrets);
  }

  static Webhook ofFile(JsonObject json) {
    return new Webhook(
        json.getString("id"),
        json.getString("url"),
        json.getString("description"),
        strings(json.getJsonArray("types")),
        strings(json.getJsonArray("relays")),
        batch(json.getJsonObject("batch")),
        Instant.parse(json.getString("created")),
        json.getBoolean("enabled")
            ? Optional.empty()
            : Optional.of(json.getString("disabledReason", "")),
        json.getJsonArray("keys").stream()
            .map(key -> SigningKey.ofFile((JsonObject) key))
            .toList());
  }

  static Batch batch(JsonObject json) {
    return new Batch(json.getInteger("size", 1), Duration.ofSeconds(json.getInteger("seconds", 0)));
  }

  static Set<String> strings(JsonArray array) {
    return array.stream().map(String::valueOf).collect(Collectors.toUnmodifiableSet());
  }

  private static List<String> sorted(Collection<String> words) {
    return List.copyOf(new TreeSet<>(words));
  }
}
