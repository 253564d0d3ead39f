package io.stagepost.admin.http;

import static io.stagepost.spool.Await.await;

import io.stagepost.admin.console.HttpAdminVerticle;
import io.stagepost.admin.http.api.Contract;
import io.stagepost.admin.queue.ForwardDesk;
import io.stagepost.admin.queue.QueueDesk;
import io.stagepost.auth.LoginGuard;
import io.stagepost.auth.MechanismRules;
import io.stagepost.auth.ServerAuthOptions;
import io.stagepost.auth.ServerAuthenticator;
import io.stagepost.bus.BusMessages;
import io.stagepost.config.ConfigResult;
import io.stagepost.config.Configuration;
import io.stagepost.config.ConfigurationWatch;
import io.stagepost.config.Flavour;
import io.stagepost.config.Invocation;
import io.stagepost.config.Live;
import io.stagepost.config.Preparation;
import io.stagepost.config.Settings;
import io.stagepost.events.EventLogOptions;
import io.stagepost.events.FileEventLog;
import io.stagepost.events.RelayStore;
import io.stagepost.spool.Spool;
import io.stagepost.spool.file.FileSpool;
import io.stagepost.spool.file.FileSpoolOptions;
import io.stagepost.telemetry.RelayLog;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.openapi.contract.Operation;
import io.vertx.openapi.validation.ResponseValidator;
import io.vertx.openapi.validation.ValidatableResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** A console with a spool, and a client that checks each answer against the contract. */
final class HttpRig implements AutoCloseable {

  static final String PASSWORD = "correct horse";

  // Reading it takes seconds on a busy machine.
  private static Contract contract;

  final Vertx vertx = Vertx.vertx();
  final RelayStore store;
  final Path directory;
  final Set<String> asked = new LinkedHashSet<>();
  private final Spool spool;
  private final ServerAuthenticator accounts;
  private final LoginGuard guard = LoginGuard.create(vertx);
  private final HttpClient client;
  private final ResponseValidator validator;
  private final HttpAdminVerticle console;

  /** An answer. */
  record Reply(int status, Map<String, String> headers, Buffer body) {

    JsonObject json() {
      return new JsonObject(body);
    }

    /** The fields that a problem names. */
    List<String> fields() {
      return json().getJsonArray("errors").stream()
          .map(each -> ((JsonObject) each).getString("field"))
          .toList();
    }
  }

  /** Somebody who has signed in, or a program. */
  record Who(Map<String, String> headers) {

    static final Who NOBODY = new Who(Map.of());

    static Who token(String token) {
      return new Who(Map.of("Authorization", "Bearer " + token));
    }

    Who with(String name, String value) {
      Map<String, String> more = new HashMap<>(headers);
      more.put(name, value);
      return new Who(more);
    }
  }

  private HttpRig(Path directory, Settings settings, Future<ConfigurationWatch> configuration)
      throws IOException {
    this.directory = directory;
    BusMessages.registerCodecs(vertx.eventBus());
    Path spooled = settings.relays().getFirst().spool().directory();
    Files.createDirectories(spooled);
    spool = FileSpool.create(vertx, FileSpoolOptions.defaults(spooled));
    await(spool.open());
    store =
        new RelayStore(spool, FileEventLog.create(vertx, EventLogOptions.defaults(spooled), spool));
    await(store.events().open());
    var http = settings.process().http().orElseThrow();
    accounts =
        ServerAuthenticator.create(
            guard,
            http.accounts(),
            new ServerAuthOptions(
                MechanismRules.parse(Optional.empty()),
                settings.relays().getFirst().security().guard().modern(),
                settings.relays().getFirst().security().guard().throttle(),
                io.stagepost.auth.SecurityEvents.NONE,
                RelayLog.of("")));
    await(accounts.open());
    var relay = settings.relays().getFirst();
    console =
        new HttpAdminVerticle(
            new HttpServices(
                settings.process(),
                http,
                List.of(
                    new ManagedRelay(
                        Live.of(relay),
                        store,
                        new QueueDesk(relay.name(), store, vertx.eventBus()),
                        new ForwardDesk(
                            vertx.eventBus(), relay.name(), () -> Optional.of("nowhere")),
                        RelayLog.of(""))),
                Optional.empty(),
                accounts,
                directory.resolve("state"),
                configuration),
            Optional.empty());
    await(vertx.deployVerticle(console));
    client = vertx.createHttpClient();
    validator = ResponseValidator.create(vertx, contract(vertx).checked());
  }

  static synchronized Contract contract(Vertx vertx) {
    if (contract == null) {
      contract = await(Contract.load(vertx, Contract.FRAGMENTS));
    }
    return contract;
  }

  /** One with the users {@code admin}, {@code olga} and {@code vic}, of the three roles. */
  static HttpRig open(Path directory, String... more) throws IOException {
    prepare(directory);
    List<String> words = new java.util.ArrayList<>(words(directory));
    words.addAll(List.of(more));
    return new HttpRig(
        directory,
        read(directory, words).settings(),
        Promise.<ConfigurationWatch>promise().future());
  }

  /** One that was started from this file. */
  static HttpRig ofFile(Path directory) throws IOException {
    prepare(directory);
    Path file = directory.resolve("relay.conf");
    Files.writeString(file, String.join("\n", lines(directory)) + "\n");
    Vertx watching = Vertx.vertx();
    Invocation invocation =
        Invocation.of(Flavour.OWN, "stagepost", List.of(file.toString()), directory, directory);
    ConfigResult.Ready ready =
        (ConfigResult.Ready) await(Configuration.read(invocation, () -> watching));
    Live<Settings> live = Live.of(ready.settings());
    ConfigurationWatch watch =
        ConfigurationWatch.start(
                watching,
                invocation,
                ready,
                live,
                next -> Future.succeededFuture(Preparation.NOTHING))
            .orElseThrow();
    return new HttpRig(directory, ready.settings(), Future.succeededFuture(watch));
  }

  private static void prepare(Path directory) throws IOException {
    Files.writeString(
        directory.resolve("accounts"),
        """
        server plain admin correct+20horse
        server plain olga correct+20horse
        server plain vic correct+20horse
        server plain mailbox correct+20horse
        """);
    Files.writeString(directory.resolve("users"), "admin admin\noperator olga\nviewer vic\n");
  }

  private static List<String> words(Path directory) {
    return List.of(
        "--domain=relay.example",
        "--spool-dir=" + directory.resolve("spool"),
        "--http-port=0",
        "--http-users=" + directory.resolve("users"),
        "--http-auth=" + directory.resolve("accounts"),
        "--auth-delay=0s");
  }

  private static List<String> lines(Path directory) {
    return List.of(
        "domain = relay.example",
        "spool.directory = \"" + directory.resolve("spool") + '"',
        "admin.http.port = 0",
        "admin.http.users = \"" + directory.resolve("users") + '"',
        "admin.http.auth = \"" + directory.resolve("accounts") + '"');
  }

  private static ConfigResult.Ready read(Path directory, List<String> words) {
    Invocation invocation = Invocation.of(Flavour.OWN, "stagepost", words, directory, directory);
    return (ConfigResult.Ready)
        await(
            Configuration.read(
                invocation,
                () -> {
                  throw new IllegalStateException("no file");
                }));
  }

  int port() {
    return console.ports().getFirst();
  }

  HttpClient client() {
    return client;
  }

  /** Signs in. */
  Who signIn(String user) {
    Reply reply =
        ask(Who.NOBODY, "POST /api/v1/session", JsonObject.of("user", user, "password", PASSWORD));
    if (reply.status() != 200) {
      throw new AssertionError(reply.body().toString());
    }
    String cookie = reply.headers().get("set-cookie").split(";")[0];
    return new Who(Map.of("Cookie", cookie, "X-CSRF-Token", reply.json().getString("csrfToken")));
  }

  /** Asks for something, written as {@code GET /path}. */
  Reply ask(Who who, String what) {
    return ask(who, what, Buffer.buffer());
  }

  /** The same with a body in JSON. */
  Reply ask(Who who, String what, JsonObject body) {
    return ask(who.with("Content-Type", "application/json"), what, body.toBuffer());
  }

  /** The same with any body. */
  Reply ask(Who who, String what, Buffer body) {
    return await(asking(who, what, body));
  }

  Future<Reply> asking(Who who, String what, Buffer body) {
    String[] words = what.split(" ", 2);
    RequestOptions options =
        new RequestOptions()
            .setHost("127.0.0.1")
            .setPort(port())
            .setMethod(HttpMethod.valueOf(words[0]))
            .setURI(words[1]);
    who.headers().forEach(options::putHeader);
    return client
        .request(options)
        .compose(request -> request.send(body))
        .compose(
            response -> {
              Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
              response.headers().forEach(each -> headers.put(each.getKey(), each.getValue()));
              return response.body().map(read -> new Reply(response.statusCode(), headers, read));
            })
        .compose(reply -> checked(words[0], words[1], reply));
  }

  private Future<Reply> checked(String method, String uri, Reply reply) {
    String path = uri.split("\\?")[0];
    Operation operation =
        path.startsWith("/api/v1/")
            ? contract.checked().findOperation(path, HttpMethod.valueOf(method))
            : null;
    if (operation == null) {
      return Future.succeededFuture(reply);
    }
    asked.add(operation.getOperationId());
    String type = reply.headers().getOrDefault("content-type", "").split(";")[0];
    ValidatableResponse response =
        type.isEmpty()
            ? ValidatableResponse.create(reply.status(), reply.headers())
            : ValidatableResponse.create(
                reply.status(), reply.headers(), reply.body(), Contract.known(type));
    return validator
        .validate(response, operation.getOperationId())
        .map(reply)
        .recover(
            e ->
                Future.failedFuture(
                    new AssertionError(method + " " + uri + ": " + reply.body(), e)));
  }

  @Override
  public void close() {
    await(client.close());
    await(vertx.undeploy(console.deploymentID()));
    await(guard.close());
    await(spool.close());
    await(store.events().close());
    await(vertx.close());
  }
}
