package io.stagepost.admin.http.api;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.openapi.contract.MediaType;
import io.vertx.openapi.contract.OpenAPIContract;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * The contract of the programming interface, put together from its fragments.
 *
 * @param text as it is published, in YAML
 * @param checked what requests are checked against
 * @param scopes what each operation needs; none for those that are open to all
 * @param streamed operations whose body is not read before they are done
 */
public record Contract(
    String text, OpenAPIContract checked, Map<String, String> scopes, Set<String> streamed) {

  /** The fragments of this product, in order; the first one has what all share. */
  public static final List<String> FRAGMENTS =
      List.of("openapi", "access", "queue", "messages", "insight", "webhooks", "system");

  private static final VertxOptions READER =
      new VertxOptions()
          .setEventLoopPoolSize(1)
          .setWorkerPoolSize(1)
          .setInternalBlockingPoolSize(1)
          .setUseDaemonThread(true);
  private static final String DIRECTORY = "/io/stagepost/admin/http/contract/";
  private static final String STREAMED = "x-stagepost-streamed";
  private static final List<String> METHODS = List.of("get", "post", "put", "delete", "patch");

  /** Copies the maps. */
  public Contract {
    scopes = Map.copyOf(scopes);
    streamed = Set.copyOf(streamed);
  }

  /** Reads the fragments; takes about a second. */
  public static Future<Contract> load(Vertx vertx, List<String> fragments) {
    return vertx
        .executeBlocking(() -> merged(fragments), false)
        .compose(
            whole ->
                checked(vertx, checkable(whole))
                    .map(
                        checked ->
                            new Contract(
                                yaml(whole), checked, scopes(whole), Set.copyOf(streamed(whole)))));
  }

  // The library reads its own schemas from the class path, which the relay's Vert.x doesn't do; so
  // another one is there for as long as that takes.
  private static Future<OpenAPIContract> checked(Vertx vertx, JsonObject contract) {
    Context context = vertx.getOrCreateContext();
    Promise<OpenAPIContract> checked = Promise.promise();
    Thread.ofPlatform()
        .daemon()
        .name("stagepost-contract")
        .start(
            () -> {
              Vertx reader = Vertx.vertx(READER);
              Future<OpenAPIContract> read = OpenAPIContract.from(reader, contract);
              Future<Void> ended = read.transform(r -> Future.succeededFuture());
              ended.await();
              // Not by a handler, which would be called by the reader, and that ends now.
              context.runOnContext(v -> settle(checked, read));
              reader.close();
            });
    return checked.future();
  }

  private static <T> void settle(Promise<T> promise, Future<T> done) {
    if (done.succeeded()) {
      promise.complete(done.result());
    } else {
      promise.fail(done.cause());
    }
  }

  private static JsonObject merged(List<String> fragments) {
    JsonObject whole = new JsonObject();
    for (String name : fragments) {
      merge(whole, read(DIRECTORY + name + ".yaml"));
    }
    return whole;
  }

  private static JsonObject read(String resource) {
    try (InputStream in = Contract.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalArgumentException("no such resource: " + resource);
      }
      Map<String, Object> map =
          new Yaml(new SafeConstructor(new LoaderOptions()))
              .load(new String(in.readAllBytes(), StandardCharsets.UTF_8));
      return new JsonObject(map).copy();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void merge(JsonObject into, JsonObject from) {
    for (String key : from.fieldNames()) {
      if (into.getValue(key) instanceof JsonObject there
          && from.getValue(key) instanceof JsonObject more) {
        merge(there, more);
      } else {
        into.put(key, from.getValue(key));
      }
    }
  }

  private static String yaml(JsonObject whole) {
    DumperOptions options = new DumperOptions();
    options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
    options.setWidth(120);
    return new Yaml(options).dump(plain(whole));
  }

  private static Object plain(Object value) {
    return switch (value) {
      case JsonObject object -> {
        Map<String, Object> map = new java.util.LinkedHashMap<>();
        object.fieldNames().forEach(key -> map.put(key, plain(object.getValue(key))));
        yield map;
      }
      case JsonArray array -> array.stream().map(Contract::plain).toList();
      default -> value;
    };
  }

  // What the library has no notion of: other media types, and who may do what.
  private static JsonObject checkable(JsonObject whole) {
    JsonObject contract = whole.copy();
    contract.remove("servers");
    contract.getJsonObject("components").remove("securitySchemes");
    for (JsonObject operation : operations(contract)) {
      operation.remove("security");
      if (operation.getBoolean(STREAMED, false)) {
        operation.remove("requestBody");
      }
      known(operation);
    }
    known(contract.getJsonObject("components").getJsonObject("responses"));
    return contract;
  }

  private static void known(JsonObject part) {
    for (String key : List.copyOf(part.fieldNames())) {
      if (!(part.getValue(key) instanceof JsonObject inner)) {
        continue;
      }
      if (key.equals("content")) {
        JsonObject types = new JsonObject();
        inner.fieldNames().forEach(type -> types.put(known(type), inner.getValue(type)));
        part.put(key, types);
      } else {
        known(inner);
      }
    }
  }

  /** The media type that the library knows a media type of the contract as. */
  public static String known(String type) {
    if (type.endsWith("+json")) {
      return MediaType.APPLICATION_JSON;
    }
    return MediaType.isMediaTypeSupported(type) ? type : MediaType.APPLICATION_OCTET_STREAM;
  }

  private static List<JsonObject> operations(JsonObject contract) {
    JsonObject paths = contract.getJsonObject("paths");
    return paths.fieldNames().stream()
        .map(paths::getJsonObject)
        .flatMap(
            path ->
                METHODS.stream()
                    .map(path::getJsonObject)
                    .flatMap(operation -> Optional.ofNullable(operation).stream()))
        .toList();
  }

  private static Map<String, String> scopes(JsonObject contract) {
    Map<String, String> scopes = new HashMap<>();
    for (JsonObject operation : operations(contract)) {
      for (Object requirement : operation.getJsonArray("security")) {
        JsonObject named = (JsonObject) requirement;
        for (String scheme : named.fieldNames()) {
          scopes.put(
              operation.getString("operationId") + ":" + scheme,
              named.getJsonArray(scheme).getString(0));
        }
      }
    }
    return scopes;
  }

  private static List<String> streamed(JsonObject contract) {
    return operations(contract).stream()
        .filter(operation -> operation.getBoolean(STREAMED, false))
        .map(operation -> operation.getString("operationId"))
        .toList();
  }

  /** Whether anybody may do an operation. */
  boolean isOpen(String operation) {
    return scope(operation, "session").isEmpty() && scope(operation, "token").isEmpty();
  }

  /** What a caller that came by this scheme needs for an operation; empty when it can't do it. */
  Optional<String> scope(String operation, String scheme) {
    return Optional.ofNullable(scopes.get(operation + ":" + scheme));
  }
}
