package io.stagepost.config;

import io.stagepost.auth.AccountsException;
import io.stagepost.telemetry.LogText;
import io.stagepost.telemetry.RelayLog;
import io.vertx.config.ConfigRetriever;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Has changes of the configuration file take effect while the process runs, and tells the log.
 *
 * <p>The file, with what it includes, is looked at every three seconds, and again until it is the
 * same twice, as whoever writes it may not have finished. One that has an error changes nothing.
 * The command line holds as it was given.
 */
public final class ConfigurationWatch {

  private static final Duration PERIOD = Duration.ofSeconds(3);
  private static final Duration SETTLE = Duration.ofMillis(300);
  // Then it is left to the next look, as it is written all the time.
  private static final int MOST_LOOKS = 20;

  private final Vertx vertx;
  private final Invocation invocation;
  private final ConfigFile file;
  private final RunningConfiguration running;
  private final Preparation preparation;
  private final RelayLog log = RelayLog.of("");
  private final ConfigRetriever retriever;
  private Future<ConfigurationChange> last;
  private volatile ConfigFile.@Nullable Content considered;

  private ConfigurationWatch(
      Vertx vertx,
      Invocation invocation,
      ConfigFile file,
      RunningConfiguration running,
      Preparation preparation) {
    this.vertx = vertx;
    this.invocation = invocation;
    this.file = file;
    this.running = running;
    this.preparation = preparation;
    this.last = Future.succeededFuture(ConfigurationChange.NOTHING);
    this.retriever = file.watch(vertx, PERIOD, this::changed);
  }

  /**
   * Begins to watch.
   *
   * @param started what the process was started with
   * @param live its settings, which are replaced when something changes
   * @param preparation reads what settings name before they hold
   * @return nothing when there is no configuration file
   */
  public static Optional<ConfigurationWatch> start(
      Vertx vertx,
      Invocation invocation,
      ConfigResult.Ready started,
      Live<Settings> live,
      Preparation preparation) {
    return Configuration.file(invocation)
        .map(
            file ->
                new ConfigurationWatch(
                    vertx, invocation, file, new RunningConfiguration(started, live), preparation));
  }

  /** Whether there is a configuration file to watch. */
  public static boolean isPossible(Invocation invocation) {
    return Configuration.file(invocation).isPresent();
  }

  /**
   * Reads the file now and has it take effect. The future fails only when this process is in
   * trouble.
   */
  public Future<ConfigurationChange> reload() {
    return inTurn(() -> file.read(vertx).compose(this::consider));
  }

  /**
   * Has the file changed and take effect. No look of our own comes between the two: it would find
   * the change first, and this would tell of none. Fails when it can't be changed.
   */
  public Future<ConfigurationChange> reload(Supplier<Future<Path>> change) {
    return inTurn(() -> change.get().compose(v -> file.read(vertx)).compose(this::consider));
  }

  /**
   * What is wrong with a text that might become the content of the file: nothing when it could take
   * effect, now or at the next start.
   */
  public Future<List<String>> validate(String text) {
    return file.parse(vertx, text)
        .compose(this::plan)
        .compose(
            plan ->
                prepare(plan)
                    .map(
                        prepared -> {
                          prepared.discard();
                          return plan.change().problems();
                        })
                    .recover(e -> Future.succeededFuture(reasons(e))));
  }

  /** The file that is watched. */
  public Path path() {
    return file.path();
  }

  /** What holds now, one setting a line with its origin, secrets masked. */
  public String effective() {
    return running.effective();
  }

  /** Stops watching. */
  public Future<Void> stop() {
    return retriever.close();
  }

  private void changed() {
    inTurn(() -> file.read(vertx).compose(content -> settled(content, 1)))
        .onFailure(e -> log.error("configuration: " + LogText.escape(String.valueOf(e))));
  }

  /** Whoever writes the file may be in the middle of it. */
  private Future<ConfigurationChange> settled(ConfigFile.Content before, int looks) {
    return vertx
        .timer(SETTLE.toMillis(), TimeUnit.MILLISECONDS)
        .compose(v -> file.read(vertx))
        .compose(
            content ->
                content.equals(before)
                    ? consider(content)
                    : looks < MOST_LOOKS
                        ? settled(content, looks + 1)
                        : Future.succeededFuture(ConfigurationChange.NOTHING));
  }

  private Future<ConfigurationChange> consider(ConfigFile.Content content) {
    if (content.equals(considered)) {
      return Future.succeededFuture(ConfigurationChange.NOTHING);
    }
    considered = content;
    return plan(content).compose(plan -> prepare(plan).transform(done -> carryOut(plan, done)));
  }

  private Future<RunningConfiguration.Plan> plan(ConfigFile.Content content) {
    return vertx.executeBlocking(
        () -> running.plan(Configuration.gather(invocation, content)), false);
  }

  private Future<Preparation.Prepared> prepare(RunningConfiguration.Plan plan) {
    return plan.step()
        .map(step -> preparation.prepare(step.settings()))
        .orElseGet(() -> Future.succeededFuture(Preparation.NOTHING));
  }

  private Future<ConfigurationChange> carryOut(
      RunningConfiguration.Plan plan, AsyncResult<Preparation.Prepared> prepared) {
    if (prepared.failed()) {
      considered = null; // what it names may become good without a change of the file itself
      ConfigurationChange refused = ConfigurationChange.refused(reasons(prepared.cause()));
      tell(refused);
      return Future.succeededFuture(refused);
    }
    return vertx
        .executeBlocking(
            () -> {
              prepared.result().adopt();
              plan.step().ifPresent(running::take);
              return plan.change();
            },
            false)
        .onSuccess(this::tell);
  }

  private static List<String> reasons(Throwable e) {
    return e instanceof AccountsException accounts
        ? accounts.problems()
        : List.of(String.valueOf(e.getMessage()));
  }

  private void tell(ConfigurationChange change) {
    change.applied().forEach(text -> log.info("configuration: " + text));
    change.pending().forEach(text -> log.warn("configuration: " + text + ": needs a restart"));
    change.warnings().forEach(text -> log.warn("configuration: " + LogText.escape(text)));
    change.problems().forEach(text -> log.error("configuration: " + LogText.escape(text)));
    if (!change.problems().isEmpty()) {
      log.error("configuration: the file is not used; what was in force before stays so");
    }
  }

  private synchronized Future<ConfigurationChange> inTurn(
      Supplier<Future<ConfigurationChange>> next) {
    last = last.transform(done -> next.get());
    return last;
  }
}
