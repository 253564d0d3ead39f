package io.stagepost.deploy;

import io.stagepost.config.ConfigResult;
import io.stagepost.config.ProcessSettings;
import io.stagepost.config.Settings;
import io.stagepost.telemetry.RelayLog;
import io.stagepost.telemetry.RelayLogging;
import io.vertx.core.Future;
import java.io.IOException;
import java.net.BindException;
import java.util.List;
import java.util.Optional;
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
  private final Settings settings;
  private final ProcessSettings process;
  private final List<String> warnings;
  private final RelayLog log = RelayLog.of("");

  Foreground(Engine engine, ConfigResult.Ready ready) {
    this.engine = engine;
    this.settings = ready.settings();
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
    RelayLogging logging = RelayLogging.start(process.log());
    for (String warning : warnings) {
      print("warning: " + warning);
      log.warn(warning);
    }
    RelayProcess relay;
    try {
      relay = RelayProcess.start(engine, settings).await();
    } catch (Exception e) { // await() throws whatever the future failed with, undeclared
      return failedToStart(logging, e);
    }
    Optional<PidFile> pidFile = writePidFile();
    Thread onSignal = new Thread(() -> end(relay, pidFile, logging), "shutdown");
    Runtime.getRuntime().addShutdownHook(onSignal);
    if (Background.isReached()) {
      Background.tellUp();
    }
    logging.started();
    int exit = awaitOneShot(relay);
    Runtime.getRuntime().removeShutdownHook(onSignal);
    end(relay, pidFile, logging);
    return exit;
  }

  private Optional<PidFile> writePidFile() throws IOException {
    return process.pidFile().isEmpty()
        ? Optional.empty()
        : Optional.of(PidFile.write(process.pidFile().get()));
  }

  private int awaitOneShot(RelayProcess relay) {
    try {
      relay.oneShot().await();
      return 0;
    } catch (Exception e) {
      log.error(reason(e));
      print("error: " + reason(e));
      return ERROR;
    }
  }

  private int failedToStart(RelayLogging logging, Exception failure) {
    log.error(reason(failure));
    logging.close();
    print("error: " + reason(failure));
    return cause(failure, BindException.class) != null ? CANNOT_BIND : ERROR;
  }

  /** Ends everything in an orderly way; when that takes too long, it ends all the same. */
  private void end(RelayProcess relay, Optional<PidFile> pidFile, RelayLogging logging) {
    Future<Void> done = relay.stop();
    try {
      done.await(STOP_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      log.warn(
          "not everything has ended after " + STOP_SECONDS + "s: leaving it to the next start");
    } catch (Exception e) {
      log.warn("trouble while ending: " + reason(e));
    }
    pidFile.ifPresent(PidFile::remove);
    logging.close();
  }

  @SuppressWarnings("SystemOut") // errors of the start belong on standard error
  private void print(String text) {
    System.err.println(process.program() + ": " + text);
  }

  private static String reason(Throwable failure) {
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
