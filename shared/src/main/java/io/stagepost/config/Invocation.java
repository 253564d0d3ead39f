package io.stagepost.config;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How the process was called.
 *
 * @param program the base name of the command, for messages and the log
 * @param words the words of the command line after the command itself
 * @param applicationDirectory what {@code @app} stands for
 * @param startDirectory what relative paths start from
 * @param hostName asked only when no domain is configured
 */
public record Invocation(
    Flavour flavour,
    String program,
    List<String> words,
    Path applicationDirectory,
    Path startDirectory,
    Supplier<HostName> hostName) {

  private static final String APP = "@app";

  /** Copies the list. */
  public Invocation {
    words = List.copyOf(words);
  }

  /** The usual one: the host is the one that we run on. */
  public static Invocation of(
      Flavour flavour,
      String program,
      List<String> words,
      Path applicationDirectory,
      Path startDirectory) {
    return new Invocation(
        flavour,
        program,
        words,
        applicationDirectory.toAbsolutePath(),
        startDirectory.toAbsolutePath(),
        once(HostName::ofThisHost));
  }

  // However often the configuration is read: a relay keeps the name that it has begun with.
  private static Supplier<HostName> once(Supplier<HostName> asked) {
    AtomicReference<@Nullable HostName> known = new AtomicReference<>();
    return () -> {
      HostName before = known.get();
      HostName name = before != null ? before : asked.get();
      known.set(name);
      return name;
    };
  }

  /** The same with other words and other defaults. */
  Invocation with(Flavour other, List<String> otherWords) {
    return new Invocation(
        other, program, otherWords, applicationDirectory, startDirectory, hostName);
  }

  /** The same without its first word. */
  public Invocation withoutFirst() {
    return with(flavour, words.subList(1, words.size()));
  }

  /** The same on another host. */
  Invocation onHost(HostName other) {
    return new Invocation(
        flavour, program, words, applicationDirectory, startDirectory, () -> other);
  }

  /** A path as it was written, with {@code @app} filled in, made absolute. */
  Path path(String written) {
    String filled =
        written.equals(APP) || written.startsWith(APP + "/")
            ? applicationDirectory + written.substring(APP.length())
            : written;
    return startDirectory.resolve(filled).normalize();
  }
}
