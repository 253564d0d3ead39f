package io.stagepost.deploy;

import io.stagepost.auth.AccountsException;
import io.stagepost.config.ConfigResult;
import io.stagepost.config.ConfigurationWatch;
import io.stagepost.config.Flavour;
import io.stagepost.config.ForwardSettings.Trigger;
import io.stagepost.config.Invocation;
import io.stagepost.config.Live;
import io.stagepost.config.ProcessSettings;
import io.stagepost.config.Settings;
import io.stagepost.telemetry.LogSettings;
import io.stagepost.telemetry.LogText;
import io.stagepost.telemetry.RelayLog;
import io.stagepost.telemetry.RelayLogging;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.net.BindException;
import java.nio.file.AccessDeniedException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Runs the relays in this process, from the log's first line to its last. */
final class Foreground {

  static final int ERROR = 1;
  private static final int CANNOT_BIND = 2;
  // Longer than sessions and transfers are given to end; then the process ends all the same.
  private static final int STOP_SECONDS = 15;

  private final Engine engine;
  private final Invocation invocation;
  private final ConfigResult.Ready ready;
  private final Live<Settings> live;
  private final Promise<ConfigurationWatch> watch = Promise.promise();
  private final Settings settings;
  private final ProcessSettings process;
  private final List<String> warnings;
  private final CountDownLatch settled = new CountDownLatch(1);
  private @Nullable RelayProcess running;
  private @Nullable PidFile pidFile;
  private final RelayLog log = RelayLog.of("");

  Foreground(Engine engine, Invocation invocation, ConfigResult.Ready ready) {
    this.engine = engine;
    this.invocation = invocation;
    this.ready = ready;
    this.settings = ready.settings();
    this.live = Live.of(settings);
    this.process = settings.process();
    this.warnings = ready.warnings();
  }

  /**
   * Runs until the one run is done; otherwise until a signal ends the process, and then doesn't
   * return.
   *
   * @return the exit code
   * @throws IOException when the log or the process id can't be written
   */
  int run() throws IOException, InterruptedException {
    checkUser();
    RelayLogging logging = RelayLogging.start(process.log());
    for (String warning : warnings) {
      log.warn(warning);
      tell("warning: " + warning);
    }
    reloadOnHangUp();
    if (!hasWork()) {
      logging.close();
      print("nothing to do");
      return 0;
    }
    // Before the first socket is open, as whoever sees one may send a signal.
    Runtime.getRuntime().addShutdownHook(new Thread(() -> endOnSignal(logging), "shutdown"));
    Future<RelayProcess> starting = RelayProcess.start(engine, live, watch.future());
    try {
      settle(starting);
      if (starting.failed()) {
        return failedToStart(logging, starting.cause());
      }
      started(starting.result(), logging);
    } finally {
      settled.countDown();
    }
    int exit = awaitOneShot(starting.result());
    end(logging);
    if (starting.result().hasNothingToSend()) {
      print("no messages to send");
    }
    return exit;
  }

  private synchronized void started(RelayProcess relay, RelayLogging logging) throws IOException {
    running = relay;
    if (relay.hasNothingToSend()) {
      return;
    }
    watch(relay, logging);
    if (process.pidFile().isPresent()) {
      pidFile = PidFile.write(process.pidFile().get());
    }
    if (Background.isReached()) {
      Background.tellUp();
    }
    logging.started();
  }

  /** The configuration file may change while we run. */
  private void watch(RelayProcess relay, RelayLogging logging) {
    if (goesOn()) {
      live.follow(changed -> logging.become(changed.process().log()));
      ConfigurationWatch.start(relay.vertx(), invocation, ready, live, relay)
          .ifPresent(watch::complete);
    }
  }

  private boolean goesOn() {
    return !settings.relays().getFirst().forward().triggers().contains(Trigger.ONE_SHOT);
  }

  /** From the start on, as one that comes too early must not end us. */
  private void reloadOnHangUp() {
    boolean ours = invocation.flavour() == Flavour.OWN && goesOn();
    if (ours && ConfigurationWatch.isPossible(invocation)) {
      try {
        HangUp.handle(() -> watch.future().onSuccess(ConfigurationWatch::reload));
      } catch (ReflectiveOperationException e) {
        log.verbose("HUP ends the process here: " + LogText.escape(e.toString()));
      }
    }
  }

  /**
   * The launcher is what gives up being root.
   *
   * @throws IOException when it hasn't, though it should have
   */
  private void checkUser() throws IOException {
    String wanted = process.user().orElse("root");
    if (!wanted.equals("root") && "root".equals(System.getProperty("user.name"))) {
      throw new IOException(
          "running as root instead of as \"" + wanted + "\": \"--user root\" allows that");
    }
  }

  private boolean hasWork() {
    boolean isMember = process.cluster().isPresent();
    return isMember
        || process.http().isPresent()
        || settings.relays().stream().anyMatch(RelayDeployment::hasWork);
  }

  private int awaitOneShot(RelayProcess relay) {
    Future<Void> run = relay.oneShot();
    settle(run);
    if (run.failed()) {
      // The log has it from the run.
      tell("error: " + reason(run.cause()));
      return ERROR;
    }
    return 0;
  }

  private int failedToStart(RelayLogging logging, Throwable failure) {
    AccountsException accounts = cause(failure, AccountsException.class);
    for (String reason : accounts == null ? List.of(reason(failure)) : accounts.problems()) {
      log.error(reason);
      tell("error: " + reason);
    }
    logging.close();
    return cause(failure, BindException.class) != null ? CANNOT_BIND : ERROR;
  }

  /** Waits until it has ended in one way or the other. */
  private static void settle(Future<?> future) {
    Future<Void> ended = future.transform(result -> Future.succeededFuture());
    ended.await();
  }

  /** A start that is under way is waited for first, so that all that it has opened is closed. */
  private void endOnSignal(RelayLogging logging) {
    try {
      if (settled.await(STOP_SECONDS, TimeUnit.SECONDS)) {
        end(logging);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Ends everything in an orderly way, once; when that takes too long, it ends all the same. Does
   * nothing when nothing runs.
   */
  private synchronized void end(RelayLogging logging) {
    RelayProcess relay = running;
    if (relay == null) {
      return;
    }
    running = null;
    Future<Void> done = relay.stop();
    try {
      done.await(STOP_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      log.warn(
          "not everything has ended after " + STOP_SECONDS + "s: leaving it to the next start");
    } catch (RuntimeException e) {
      log.warn("trouble while ending: " + reason(e));
    }
    PidFile written = pidFile;
    if (written != null) {
      written.remove();
    }
    logging.close();
  }

  /** For standard error, unless the log that has it goes there too. */
  private void tell(String text) {
    LogSettings target = process.log();
    if (target.volume() == LogSettings.Volume.OFF || target.file().isPresent()) {
      print(text);
    }
  }

  @SuppressWarnings("SystemOut") // errors of the start belong on standard error
  private void print(String text) {
    System.err.println(process.program() + ": " + text);
  }

  private String reason(Throwable failure) {
    AccessDeniedException denied = cause(failure, AccessDeniedException.class);
    if (denied != null) {
      String user = System.getProperty("user.name");
      return "user \""
          + user
          + "\" has no right to use "
          + denied.getFile()
          + ": give it that, for instance with chown -R "
          + user
          + ", or choose another with \"--user\"";
    }
    BindException bind = cause(failure, BindException.class);
    Throwable told = bind != null ? bind : failure;
    return told.getMessage() == null ? told.toString() : told.getMessage();
  }

  private static <T extends Throwable> @Nullable T cause(Throwable failure, Class<T> type) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (type.isInstance(t)) {
        return type.cast(t);
      }
    }
    return null;
  }
}
