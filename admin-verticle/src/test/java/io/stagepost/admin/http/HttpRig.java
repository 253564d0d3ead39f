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
import io.stagepost.config.HttpSettings;
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
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.openapi.contract.Operation;
import io.vertx.openapi.validation.ResponseValidator;
import io.vertx.openapi.validation.ValidatableResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** A console with a spool, and a client that checks each answer against the contract. */
final class HttpRig implements AutoCloseable {

  static final String PASSWORD = "correct horse";

  /** So many requests are sent at once, and so many streams are open. */
  static final int AT_ONCE = 500;

  // Reading it takes seconds on a busy machine.
  private static Contract contract;
  private static DocumentedAnswers documented;

  final Vertx vertx = Vertx.vertx();
  final RelayStore store;
  final Path directory;

  /** Operations with the statuses that they were answered with. */
  final Set<String> seen = ConcurrentHashMap.newKeySet();

  /** Why nothing is forwarded, if so. */
  volatile Optional<String> obstacle = Optional.of("nowhere");

  private final Spool spool;
  private final ServerAuthenticator accounts;
  private final LoginGuard guard = LoginGuard.create(vertx);
  private final HttpClient client;
  private final ResponseValidator validator;
  private final HttpAdminVerticle console;

  /**
   * What the console meets.
   *
   * @param spool changes how messages are kept
   * @param http changes what it takes its settings to be
   */
  record Surroundings(UnaryOperator<FileSpoolOptions> spool, UnaryOperator<HttpSettings> http) {
    static final Surroundings ORDINARY =
        new Surroundings(UnaryOperator.identity(), UnaryOperator.identity());
  }

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

  private HttpRig(
      Path directory,
      Settings settings,
      Future<ConfigurationWatch> configuration,
      Surroundings surroundings)
      throws IOException {
    this.directory = directory;
    BusMessages.registerCodecs(vertx.eventBus());
    Files.createDirectories(directory);
    Path spooled = settings.relays().getFirst().spool().directory();
    Files.createDirectories(spooled);
    spool = FileSpool.create(vertx, surroundings.spool().apply(FileSpoolOptions.defaults(spooled)));
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
                surroundings.http().apply(http),
                List.of(
                    new ManagedRelay(
                        Live.of(relay),
                        store,
                        new QueueDesk(relay.name(), store, vertx.eventBus()),
                        new ForwardDesk(vertx.eventBus(), relay.name(), () -> obstacle),
                        RelayLog.of(""))),
                Optional.empty(),
                accounts,
                directory.resolve("state"),
                configuration),
            Optional.empty());
    await(vertx.deployVerticle(console));
    client = vertx.createHttpClient(new PoolOptions().setHttp1MaxSize(AT_ONCE));
    validator = ResponseValidator.create(vertx, contract(vertx).checked());
  }

  static synchronized Contract contract(Vertx vertx) {
    if (contract == null) {
      contract = await(Contract.load(vertx, Contract.FRAGMENTS));
      documented = new DocumentedAnswers(contract);
    }
    return contract;
  }

  DocumentedAnswers documented() {
    return documented;
  }

  /** One with the users {@code admin}, {@code olga} and {@code vic}, of the three roles. */
  static HttpRig open(Path directory, String... more) throws IOException {
    return in(Surroundings.ORDINARY, directory, more);
  }

  /** The same where something is out of the ordinary. */
  static HttpRig in(Surroundings surroundings, Path directory, String... more) throws IOException {
    prepare(directory);
    List<String> words = new ArrayList<>(words(directory));
    words.addAll(List.of(more));
    return new HttpRig(
        directory,
        read(directory, words).settings(),
        Promise.<ConfigurationWatch>promise().future(),
        surroundings);
  }

  /** One that was started from a file with these lines besides. */
  static HttpRig ofFile(Path directory, String... more) throws IOException {
    prepare(directory);
    Path file = directory.resolve("relay.conf");
    List<String> lines = new ArrayList<>(lines(directory));
    lines.addAll(List.of(more));
    Files.writeString(file, String.join("\n", lines) + "\n");
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
    return new HttpRig(
        directory, ready.settings(), Future.succeededFuture(watch), Surroundings.ORDINARY);
  }

  private static void prepare(Path directory) throws IOException {
    Files.createDirectories(directory);
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
    return answer(who, what, request -> request.send(body)).compose(reply -> checked(what, reply));
  }

  /** A stream that has begun, which stays open; or why it hasn't. */
  Reply begin(Who who, String what) {
    return await(
        request(who, what)
            .compose(
                request ->
                    request
                        .send()
                        .compose(
                            response ->
                                response.statusCode() == 200
                                    ? Future.succeededFuture(reply(response, Buffer.buffer()))
                                    : response.body().map(read -> reply(response, read))))
            .compose(reply -> checked(what, reply)));
  }

  /** The answer to a request that announces a body and sends nothing of it. */
  Reply announce(Who who, String what, long octets) {
    Who announcing = who.with("Content-Length", String.valueOf(octets));
    return await(
        answer(announcing, what, request -> request.sendHead().compose(v -> request.response()))
            .compose(reply -> checked(what, reply)));
  }

  /** A request in JSON whose body never ends. */
  HttpClientRequest beginBody(Who who, String what, Buffer begin) {
    return await(
        request(who.with("Content-Type", "application/json"), what)
            .compose(request -> request.setChunked(true).write(begin).map(request)));
  }

  // All of it where the response comes: a body that came before somebody asked for it is lost.
  private Future<Reply> answer(
      Who who, String what, Function<HttpClientRequest, Future<HttpClientResponse>> sending) {
    return request(who, what)
        .compose(
            request ->
                sending
                    .apply(request)
                    .compose(response -> response.body().map(read -> reply(response, read))));
  }

  private Future<HttpClientRequest> request(Who who, String what) {
    String[] words = what.split(" ", 2);
    RequestOptions options =
        new RequestOptions()
            .setHost("127.0.0.1")
            .setPort(port())
            .setMethod(HttpMethod.valueOf(words[0]))
            .setURI(words[1]);
    who.headers().forEach(options::putHeader);
    return client.request(options);
  }

  private static Reply reply(HttpClientResponse response, Buffer body) {
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    response.headers().forEach(each -> headers.put(each.getKey(), each.getValue()));
    return new Reply(response.statusCode(), headers, body);
  }

  private Future<Reply> checked(String what, Reply reply) {
    String[] words = what.split(" ", 2);
    String path = words[1].split("\\?")[0];
    Operation operation =
        path.startsWith("/api/v1/")
            ? contract.checked().findOperation(path, HttpMethod.valueOf(words[0]))
            : null;
    if (operation == null) {
      return Future.succeededFuture(reply);
    }
    try {
      seen.add(documented.check(operation.getOperationId(), reply));
    } catch (AssertionError | RuntimeException e) {
      return Future.failedFuture(new AssertionError(what, e));
    }
    return validated(operation, reply)
        .map(reply)
        .recover(e -> Future.failedFuture(new AssertionError(what + ": " + reply.body(), e)));
  }

  private Future<?> validated(Operation operation, Reply reply) {
    String type = reply.headers().getOrDefault("content-type", "").split(";")[0];
    return type.isEmpty()
        ? validator.validate(ValidatableResponse.create(reply.status()), operation.getOperationId())
        : reply.body().length() == 0
            ? Future.succeededFuture()
            : validator.validate(
                ValidatableResponse.create(reply.status(), reply.body(), Contract.known(type)),
                operation.getOperationId());
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
