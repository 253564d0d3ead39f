package io.stagepost.admin.http.system;

import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;
import io.stagepost.admin.http.HttpServices;
import io.stagepost.admin.http.api.Answer;
import io.stagepost.admin.http.api.ApiCall;
import io.stagepost.admin.http.api.ApiModule;
import io.stagepost.admin.http.api.ApiProblem;
import io.stagepost.admin.http.api.ApiProblem.FieldError;
import io.stagepost.admin.http.api.ApiRoutes;
import io.stagepost.admin.http.api.Scope;
import io.stagepost.admin.http.api.StateFile;
import io.stagepost.admin.http.system.ConfigurationHistory.Version;
import io.stagepost.config.ConfigurationChange;
import io.stagepost.config.ConfigurationWatch;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The configuration file: what it says, what another text would do, and going back. */
public final class ConfigurationApi implements ApiModule {

  private static final String HISTORY = "configuration";
  private static final int CONTEXT_LINES = 3;
  private static final Pattern LINE = Pattern.compile(", line ([0-9]{1,7}): ");

  private final Vertx vertx;
  private final HttpServices services;
  private final ConfigurationHistory history;
  // One change after the other.
  private Future<Void> last = Future.succeededFuture();

  /** For the whole process. */
  public ConfigurationApi(Vertx vertx, HttpServices services) {
    this.vertx = vertx;
    this.services = services;
    this.history = new ConfigurationHistory(services.state().resolve(HISTORY));
  }

  @Override
  public void addTo(ApiRoutes routes) {
    routes
        .answer("getConfiguration", this::show)
        .answer("putConfiguration", this::put)
        .answer("validateConfiguration", this::validate)
        .answer("listConfigurationHistory", this::list)
        .answer("getConfigurationVersion", this::version)
        .answer("restoreConfiguration", this::restore);
  }

  private Optional<ConfigurationWatch> watch() {
    return services.configuration().succeeded()
        ? Optional.of(services.configuration().result())
        : Optional.empty();
  }

  private ConfigurationWatch editable() {
    return watch()
        .orElseThrow(
            () -> ApiProblem.of(409, "the relay was not started from one configuration file"));
  }

  private Future<String> text(ConfigurationWatch watch) {
    return vertx.executeBlocking(
        () -> Files.readString(watch.path(), StandardCharsets.UTF_8), false);
  }

  private Future<Answer> show(ApiCall call) {
    Optional<ConfigurationWatch> watch = watch();
    if (watch.isEmpty()) {
      return Future.succeededFuture(Answer.ok(JsonObject.of("editable", false, "effective", "")));
    }
    JsonObject json =
        new JsonObject()
            .put("editable", true)
            .put("effective", watch.get().effective())
            .put("file", watch.get().path().toString());
    return text(watch.get())
        .map(
            text -> {
              json.put("version", ConfigurationHistory.name(text));
              if (call.caller().may(Scope.ADMIN)) {
                json.put("text", text);
              }
              return Answer.ok(json);
            });
  }

  private Future<Answer> validate(ApiCall call) {
    return editable()
        .validate(call.body().getString("text"))
        .map(
            problems -> {
              JsonArray list = new JsonArray();
              problems.forEach(problem -> list.add(problem(problem)));
              return Answer.ok(JsonObject.of("valid", problems.isEmpty(), "problems", list));
            });
  }

  private static JsonObject problem(String text) {
    JsonObject json = JsonObject.of("message", text);
    Matcher line = LINE.matcher(text);
    return line.find() ? json.put("line", Integer.parseInt(line.group(1))) : json;
  }

  private Future<Answer> put(ApiCall call) {
    JsonObject body = call.body();
    ConfigurationWatch watch = editable();
    Optional<String> based = Optional.ofNullable(body.getString("version"));
    return inTurn(
        write(
            watch,
            new Wanted(
                body.getString("text"),
                based,
                call.caller().user(),
                body.getString("comment", ""))));
  }

  private record Wanted(String text, Optional<String> based, String user, String comment) {}

  private Future<Answer> inTurn(java.util.function.Supplier<Future<Answer>> change) {
    Future<Answer> next = last.compose(v -> change.get());
    last = next.transform(done -> Future.succeededFuture());
    return next;
  }

  private java.util.function.Supplier<Future<Answer>> write(
      ConfigurationWatch watch, Wanted wanted) {
    return () ->
        watch
            .validate(wanted.text())
            .compose(
                problems -> {
                  if (!problems.isEmpty()) {
                    throw ApiProblem.fields(
                        problems.stream().map(text -> new FieldError("/text", text)).toList());
                  }
                  return text(watch);
                })
            .compose(before -> replace(watch, before, wanted));
  }

  private Future<Answer> replace(ConfigurationWatch watch, String before, Wanted wanted) {
    if (!wanted
        .based()
        .orElse(ConfigurationHistory.name(before))
        .equals(ConfigurationHistory.name(before))) {
      throw ApiProblem.of(409, "the file has changed meanwhile");
    }
    Callable<Path> write =
        () -> {
          keep(before);
          StateFile.write(watch.path(), wanted.text());
          return watch.path();
        };
    return watch
        .reload(() -> vertx.executeBlocking(write, false))
        .compose(change -> settle(watch, before, wanted, change));
  }

  // What was there without our doing belongs to the history too.
  private void keep(String text) throws IOException {
    List<Version> all = history.all();
    if (all.isEmpty() || !all.getFirst().text().equals(text)) {
      history.add(text, "", "");
    }
  }

  private Future<Answer> settle(
      ConfigurationWatch watch, String before, Wanted wanted, ConfigurationChange change) {
    if (!change.problems().isEmpty()) {
      Path path = watch.path();
      Callable<Path> restore =
          () -> {
            StateFile.write(path, before);
            return path;
          };
      return watch
          .reload(() -> vertx.executeBlocking(restore, false))
          .transform(
              v ->
                  Future.failedFuture(
                      ApiProblem.fields(
                          change.problems().stream()
                              .map(text -> new FieldError("/text", text))
                              .toList())));
    }
    return vertx
        .executeBlocking(() -> history.add(wanted.text(), wanted.user(), wanted.comment()), false)
        .map(
            v ->
                Answer.ok(
                    new JsonObject()
                        .put("version", ConfigurationHistory.name(wanted.text()))
                        .put("applied", new JsonArray(change.applied()))
                        .put("pending", new JsonArray(change.pending()))
                        .put("warnings", new JsonArray(change.warnings()))));
  }

  private Future<Answer> list(ApiCall call) {
    return versions()
        .compose(
            all ->
                current()
                    .map(
                        text -> {
                          JsonArray list = new JsonArray();
                          boolean marked = false;
                          for (Version each : all) {
                            boolean isCurrent = !marked && each.text().equals(text);
                            marked |= isCurrent;
                            list.add(each.toJson().put("current", isCurrent));
                          }
                          return Answer.ok(JsonObject.of("versions", list));
                        }));
  }

  private Future<List<Version>> versions() {
    return vertx.executeBlocking(history::all, false);
  }

  private Future<String> current() {
    return watch().map(this::text).orElseGet(() -> Future.succeededFuture(""));
  }

  private Future<Version> found(String name) {
    return vertx
        .executeBlocking(() -> history.find(name), false)
        .map(found -> found.orElseThrow(() -> ApiProblem.missing("there is no such version")));
  }

  private Future<Answer> version(ApiCall call) {
    return found(call.path("version"))
        .compose(
            version ->
                current()
                    .map(
                        text ->
                            Answer.ok(
                                version
                                    .toJson()
                                    .put("current", version.text().equals(text))
                                    .put("text", version.text())
                                    .put("diff", diff(version, text)))));
  }

  private static String diff(Version version, String text) {
    List<String> before = version.text().lines().toList();
    return String.join(
        "\n",
        UnifiedDiffUtils.generateUnifiedDiff(
            version.version(),
            "now",
            before,
            DiffUtils.diff(before, text.lines().toList()),
            CONTEXT_LINES));
  }

  private Future<Answer> restore(ApiCall call) {
    ConfigurationWatch watch = editable();
    return found(call.path("version"))
        .compose(
            version ->
                inTurn(
                    write(
                        watch,
                        new Wanted(
                            version.text(),
                            Optional.empty(),
                            call.caller().user(),
                            "rolled back to " + version.time()))));
  }
}
