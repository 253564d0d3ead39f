package io.stagepost.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A program that runs to its end. */
final class Command {

  private static final Duration LIMIT = Duration.ofMinutes(10);

  private final List<String> words;
  private final Map<String, String> environment = new HashMap<>(Map.of("LC_ALL", "C.UTF-8"));
  private @Nullable Path input;

  private Command(List<String> words) {
    this.words = words;
  }

  /** A program and its arguments. */
  static Command of(String... words) {
    return new Command(List.of(words));
  }

  /** The same with further arguments. */
  Command with(List<String> more) {
    List<String> all = new ArrayList<>(words);
    all.addAll(more);
    Command command = new Command(all);
    command.environment.putAll(environment);
    command.input = input;
    return command;
  }

  /** Standard input. */
  Command input(Path file) {
    input = file;
    return this;
  }

  /** A variable of its environment. */
  Command environment(String name, String value) {
    environment.put(name, value);
    return this;
  }

  /** Runs it and expects that it succeeds. */
  Result succeed() {
    Result result = run();
    assertThat(result.exitCode()).as("%s\n%s", String.join(" ", words), result.all()).isZero();
    return result;
  }

  /** Runs it to its end. */
  Result run() {
    Path out = null;
    Path err = null;
    try {
      out = Files.createTempFile("stagepost", ".out");
      err = Files.createTempFile("stagepost", ".err");
      ProcessBuilder builder = new ProcessBuilder(words);
      builder.environment().putAll(environment);
      builder.redirectInput(input == null ? Path.of("/dev/null").toFile() : input.toFile());
      Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
      if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("does not end: " + words + "\n" + text(out) + text(err));
      }
      return new Result(process.exitValue(), text(out), text(err));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    } finally {
      delete(out);
      delete(err);
    }
  }

  private static String text(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }

  private static void delete(@Nullable Path file) {
    try {
      if (file != null) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What came of it. */
  record Result(int exitCode, String out, String err) {

    /** Both outputs, for messages. */
    String all() {
      return out + err;
    }
  }
}
