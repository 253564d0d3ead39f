package io.stagepost.bus;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Something that happened to a message, or to a client without one, as published to whoever is
 * interested.
 *
 * <p>On the bus it is a JSON object: {@code version} (1), {@code type}, {@code time} (ISO 8601,
 * UTC), {@code relay}, {@code id}, and the details by their names.
 *
 * @param details further facts; values are strings, numbers or lists of strings
 */
public record DeliveryEvent(
    Type type, Instant time, String relay, String id, Map<String, Object> details) {

  private static final int VERSION = 1;

  /** Copies the details. */
  public DeliveryEvent {
    details = Map.copyOf(details);
  }

  /** An event of this moment. */
  public static DeliveryEvent now(Type type, String relay, String id, Map<String, Object> details) {
    return new DeliveryEvent(type, Instant.now(), relay, id, details);
  }

  /** The published form. */
  public JsonObject toJson() {
    JsonObject json =
        JsonObject.of(
            "version",
            VERSION,
            "type",
            type.wireName(),
            "time",
            time.toString(),
            "relay",
            relay,
            "id",
            id);
    details.forEach(json::put);
    return json;
  }

  /** What happened. */
  public enum Type {
    /** Accepted and durable. Details: {@code from}, {@code to}, {@code client}, {@code size}. */
    RECEIVED,
    /** Refused at intake. Details: {@code client}, {@code reply}, {@code stage}. */
    REJECTED,
    /** Accepted by the next hop. Details: {@code peer}, {@code reply}, {@code to}. */
    FORWARDED,
    /** To be tried again. Details: {@code reason}, {@code until}, {@code code} if any. */
    DEFERRED,
    /** Given up and kept for the operator. Details: {@code reason}, {@code code} if any. */
    FAILED,
    /** A filter had its say. Details: {@code filter}, {@code result}, {@code reply} if any. */
    FILTERED,
    /** The sender was told of a failure. Details: {@code bounce}, the id of that message. */
    BOUNCED,
    /** Put into a local mailbox. Details: {@code mailbox}. */
    DELIVERED_LOCAL,
    /** Read by a mail program. Details: {@code user}, {@code client}, {@code protocol}. */
    RETRIEVED,
    /** Kept from being sent by an operator. Details: {@code by}, {@code reason} if any. */
    HELD,
    /** No longer held. Details: {@code by}. */
    RELEASED,
    /** Removed by an operator. Details: {@code by}. */
    DELETED,
    /** Made ready again by an operator. Details: {@code by}. */
    RETRIED,
    /** A client gave wrong credentials. Details: {@code client}, {@code user}, {@code protocol}. */
    AUTHENTICATION_FAILED,
    /** A client is kept out for a time. Details: {@code client}, {@code until}, {@code reason}. */
    BANNED;

    private static final Map<String, Type> BY_WIRE_NAME =
        Stream.of(values()).collect(Collectors.toUnmodifiableMap(Type::wireName, type -> type));

    private final String wireName = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** The name in JSON. */
    public String wireName() {
      return wireName;
    }

    /** The type of this name in JSON. */
    public static Optional<Type> ofWireName(String name) {
      return Optional.ofNullable(BY_WIRE_NAME.get(name));
    }
  }
}
