package io.stagepost.deploy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A relay of the distribution, run as a process. */
final class Relay implements AutoCloseable {

  // Whoever started the tests may ignore signals, and what we start would too.
  private static final List<String> UNIGNORED = List.of("env", "--default-signal=HUP,INT");
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final Duration REST = Duration.ofSeconds(10);
  private static final Pattern LISTENING = Pattern.compile("smtp server on 127\\.0\\.0\\.1:(\\d+)");

  private final Process process;
  private final List<String> lines = new ArrayList<>();
  private boolean ended;

  private Relay(Process process) {
    this.process = process;
    Thread.ofVirtual().start(this::readLog);
  }

  /** How a relay is to be run. */
  static final class Launch {
    private final List<String> words = new ArrayList<>();
    private final List<String> virtualMachine = new ArrayList<>();
    private final Map<String, String> environment = new HashMap<>();

    private Launch(Path program) {
      words.add(program.toString());
    }

    /** Further options of the relay. */
    Launch options(String... options) {
      words.addAll(List.of(options));
      return this;
    }

    /** Options of the virtual machine. */
    Launch virtualMachine(String... options) {
      virtualMachine.addAll(List.of(options));
      return this;
    }

    /** A variable of the environment. */
    Launch environment(String name, String value) {
      environment.put(name, value);
      return this;
    }

    /** Starts it and does not wait. */
    Relay start() {
      try {
        List<String> command = new ArrayList<>(UNIGNORED);
        command.addAll(words);
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("JAVA_HOME", Distribution.javaHome().toString());
        builder.environment().put("STAGEPOST_JAVA_OPTS", String.join(" ", virtualMachine));
        builder.environment().putAll(environment);
        builder.redirectInput(Path.of("/dev/null").toFile()).redirectErrorStream(true);
        return new Relay(builder.start());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** Starts it and waits until its SMTP server listens. */
    Relay listening() {
      Relay relay = start();
      relay.port();
      return relay;
    }
  }

  /** Any program that becomes a relay. */
  static Launch of(Path program) {
    return new Launch(program);
  }

  /** {@code bin/stagepost} in the foreground, with its log, on a spool. */
  static Launch on(Path spool) {
    return of(Distribution.program("stagepost"))
        .options("--no-daemon", "--log", "--domain", "relay.localdomain")
        .options("--spool-dir", spool.toString());
  }

  /** The same with an SMTP server on a free port. */
  static Launch serving(Path spool) {
    return on(spool).options("--interface", "127.0.0.1", "--port", "0");
  }

  /** The port that it listens on; waits until it does. */
  int port() {
    Matcher matcher = LISTENING.matcher(awaitLine(line -> LISTENING.matcher(line).find()));
    if (!matcher.find()) {
      throw new AssertionError(log());
    }
    return Integer.parseInt(matcher.group(1));
  }

  /** Waits for a line of the log. */
  synchronized String awaitLine(Predicate<String> wanted) {
    long end = System.nanoTime() + LIMIT.toNanos();
    int seen = 0;
    try {
      while (true) {
        for (; seen < lines.size(); seen++) {
          if (wanted.test(lines.get(seen))) {
            return lines.get(seen);
          }
        }
        long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        if (ended || left <= 0) {
          throw new AssertionError((ended ? "it ended:\n" : "no such line:\n") + log());
        }
        wait(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** All that it has said. */
  synchronized String log() {
    return String.join("\n", lines);
  }

  /** Its process. */
  long pid() {
    return process.pid();
  }

  /** Kills it as a crash would, and waits. */
  void kill() {
    process.destroyForcibly();
    await();
  }

  /** Sends it a signal. */
  void signal(String name) {
    Command.of("kill", "-" + name, Long.toString(pid())).succeed();
  }

  /** Sends it a signal that ends it, and gives its exit code. */
  int signalAndAwait(String name) {
    signal(name);
    return await();
  }

  /** Ends it in good order and gives its exit code. */
  int stop() {
    process.destroy();
    return await();
  }

  /** Waits for its end and gives its exit code. */
  int await() {
    try {
      if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("it does not end:\n" + log());
      }
      awaitEndOfLog();
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  // What it said last is read by another thread; a child that outlives it may hold the pipe.
  private synchronized void awaitEndOfLog() throws InterruptedException {
    long end = System.nanoTime() + REST.toNanos();
    for (long left = REST.toMillis(); !ended && left > 0; ) {
      wait(left);
      left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
    }
  }

  @Override
  public void close() {
    if (process.isAlive()) {
      stop();
    }
  }

  private void readLog() {
    try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
      @Nullable String line;
      while ((line = reader.readLine()) != null) {
        add(line);
      }
    } catch (IOException e) {
      add("log ended: " + e.getMessage());
    }
    end();
  }

  private synchronized void add(String line) {
    lines.add(line);
    notifyAll();
  }

  private synchronized void end() {
    ended = true;
    notifyAll();
  }
}
