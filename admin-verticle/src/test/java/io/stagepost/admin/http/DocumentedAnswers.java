package io.stagepost.admin.http;

import io.stagepost.admin.http.HttpRig.Reply;
import io.stagepost.admin.http.api.Contract;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.json.pointer.JsonPointer;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputFormat;
import io.vertx.json.schema.OutputUnit;
import io.vertx.json.schema.Validator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * The contract as it is published, read more strictly than programs need to: an answer has one of
 * the statuses and media types that its operation has, the headers, and no property that isn't
 * described.
 */
final class DocumentedAnswers {

  private static final List<String> METHODS = List.of("get", "post", "put", "delete", "patch");
  private static final JsonSchemaOptions OPTIONS =
      new JsonSchemaOptions()
          .setBaseUri("https://contract.example/")
          .setDraft(Draft.DRAFT202012)
          .setOutputFormat(OutputFormat.Basic);

  private final Map<String, Asked> operations = new TreeMap<>();
  private final Map<String, Map<String, Optional<Validator>>> answers = new TreeMap<>();
  private final Map<String, Set<String>> headers = new HashMap<>();

  /**
   * An operation.
   *
   * @param method in capitals
   * @param json as in the contract, without references
   */
  record Asked(String id, String method, String path, JsonObject json) {

    /** Those of the path, of the query, and headers. */
    List<JsonObject> parameters() {
      return json.getJsonArray("parameters", new JsonArray()).stream()
          .map(JsonObject.class::cast)
          .toList();
    }

    /** The media type of the body that is expected. */
    Optional<String> bodyType() {
      return Optional.ofNullable(json.getJsonObject("requestBody"))
          .map(body -> body.getJsonObject("content").fieldNames().iterator().next());
    }

    /** The schema of a body in JSON. */
    Optional<JsonObject> bodySchema() {
      return bodyType()
          .filter("application/json"::equals)
          .map(
              type ->
                  json.getJsonObject("requestBody")
                      .getJsonObject("content")
                      .getJsonObject(type)
                      .getJsonObject("schema"));
    }

    boolean isOpen() {
      return json.getJsonArray("security").isEmpty();
    }

    boolean documents(int status) {
      return json.getJsonObject("responses").containsKey(String.valueOf(status));
    }
  }

  DocumentedAnswers(Contract contract) {
    Map<String, Object> parsed =
        new Yaml(new SafeConstructor(new LoaderOptions())).load(contract.text());
    JsonObject whole = new JsonObject(parsed).copy();
    JsonObject paths = whole.getJsonObject("paths");
    for (String path : paths.fieldNames()) {
      for (String method : METHODS) {
        JsonObject operation = paths.getJsonObject(path).getJsonObject(method);
        if (operation != null) {
          add(method, path, (JsonObject) inlined(whole, operation));
        }
      }
    }
  }

  private void add(String method, String path, JsonObject json) {
    String id = json.getString("operationId");
    operations.put(id, new Asked(id, method.toUpperCase(java.util.Locale.ROOT), path, json));
    JsonObject responses = json.getJsonObject("responses");
    for (String status : responses.fieldNames()) {
      Map<String, Optional<Validator>> types = new HashMap<>();
      JsonObject content =
          responses.getJsonObject(status).getJsonObject("content", new JsonObject());
      for (String type : content.fieldNames()) {
        types.put(
            type,
            Optional.ofNullable(content.getJsonObject(type).getJsonObject("schema"))
                .map(schema -> Validator.create(JsonSchema.of(closed(schema)), OPTIONS)));
      }
      answers.put(id + " " + status, types);
      headers.put(
          id + " " + status,
          responses.getJsonObject(status).getJsonObject("headers", new JsonObject()).fieldNames());
    }
  }

  private static Object inlined(JsonObject whole, Object value) {
    return switch (value) {
      case JsonObject json when json.containsKey("$ref") -> {
        String reference = json.getString("$ref");
        yield inlined(
            whole, JsonPointer.from(reference.substring(1)).queryJsonOrDefault(whole, json));
      }
      case JsonObject json -> {
        JsonObject copy = new JsonObject();
        json.fieldNames().forEach(name -> copy.put(name, inlined(whole, json.getValue(name))));
        yield copy;
      }
      case JsonArray array -> {
        JsonArray copy = new JsonArray();
        array.forEach(each -> copy.add(inlined(whole, each)));
        yield copy;
      }
      default -> value;
    };
  }

  private static JsonObject closed(JsonObject schema) {
    JsonObject copy = schema.copy();
    JsonArray all = schema.getJsonArray("allOf");
    if (all != null) {
      JsonObject properties = new JsonObject();
      JsonArray required = new JsonArray();
      for (Object each : all) {
        properties.mergeIn(((JsonObject) each).getJsonObject("properties"));
        required.addAll(((JsonObject) each).getJsonArray("required"));
      }
      copy = JsonObject.of("type", "object", "properties", properties, "required", required);
    }
    JsonObject properties = copy.getJsonObject("properties");
    if (properties != null) {
      for (String name : Set.copyOf(properties.fieldNames())) {
        properties.put(name, closed(properties.getJsonObject(name)));
      }
      if (!copy.containsKey("additionalProperties")) {
        copy.put("additionalProperties", false);
      }
    }
    JsonObject items = copy.getJsonObject("items");
    if (items != null) {
      copy.put("items", closed(items));
    }
    return copy;
  }

  Set<Asked> operations() {
    Set<Asked> all = new java.util.LinkedHashSet<>();
    all.addAll(operations.values());
    return all;
  }

  /** Each operation with each of its statuses. */
  Set<String> all() {
    return new TreeSet<>(answers.keySet());
  }

  /** The operation with the status, when the answer is as described. */
  String check(String operation, Reply reply) {
    String answer = operation + " " + reply.status();
    Map<String, Optional<Validator>> types = answers.get(answer);
    if (types == null) {
      throw new AssertionError("not in the contract: " + answer + ": " + reply.body());
    }
    for (String header : headers.getOrDefault(answer, Set.of())) {
      if (!reply.headers().containsKey(header)) {
        throw new AssertionError(answer + " has no " + header + ": " + reply.headers());
      }
    }
    String type = reply.headers().getOrDefault("content-type", "").split(";")[0];
    if (types.isEmpty()) {
      if (!type.isEmpty() || reply.body().length() > 0) {
        throw new AssertionError(answer + " has a body: " + reply.body());
      }
      return answer;
    }
    Optional<Validator> schema = types.get(type);
    if (schema == null) {
      throw new AssertionError(answer + " is of type \"" + type + "\", not " + types.keySet());
    }
    schema.ifPresent(
        validator -> {
          OutputUnit unit = validator.validate(reply.json());
          if (!Boolean.TRUE.equals(unit.getValid())) {
            throw new AssertionError(answer + ": " + reply.body() + ": " + unit.toJson());
          }
        });
    return answer;
  }
}
