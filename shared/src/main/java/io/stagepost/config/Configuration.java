package io.stagepost.config;

import io.stagepost.config.Problem.Kind;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Reads the configuration of a process: from the words of its command line, and from the file that
 * they may name.
 *
 * <p>That file is one in the style of {@code emailrelay.conf} when it is the last word, and one in
 * HOCON when it is given by {@code --config} or its name is {@code relay.conf} or ends with {@code
 * .hocon}.
 */
public final class Configuration {

  private final Invocation invocation;
  private final CommandLine.Result words;

  private Configuration(Invocation invocation) {
    this.invocation = invocation;
    this.words = CommandLine.read(invocation.words());
  }

  /**
   * Reads the configuration.
   *
   * @param vertx asked only when there is a file to be read
   * @return never fails
   */
  public static Future<ConfigResult> read(Invocation invocation, Supplier<Vertx> vertx) {
    return new Configuration(invocation).read(vertx);
  }

  /** The same up to the point where settings would be made. */
  static Future<Reading> gather(Invocation invocation, Supplier<Vertx> vertx) {
    Configuration configuration = new Configuration(invocation);
    List<ConfigFile> files = configuration.files();
    return (files.size() == 1
            ? files.getFirst().read(vertx.get())
            : Future.succeededFuture(new ConfigFile.Content(List.of(), severalFiles(files))))
        .map(configuration::reading);
  }

  /** The one file that is read, if there is one. */
  static Optional<ConfigFile> file(Invocation invocation) {
    List<ConfigFile> files = new Configuration(invocation).files();
    return files.size() == 1 ? Optional.of(files.getFirst()) : Optional.empty();
  }

  /** What is given when this is what the file holds. */
  static Reading gather(Invocation invocation, ConfigFile.Content file) {
    return new Configuration(invocation).reading(file);
  }

  private Reading reading(ConfigFile.Content file) {
    List<Problem> problems = new ArrayList<>(words.problems());
    problems.addAll(file.problems());
    return Reading.of(
        invocation,
        Stream.concat(words.settings().stream(), file.settings().stream()).toList(),
        problems);
  }

  private Future<ConfigResult> read(Supplier<Vertx> vertx) {
    if (isGiven(words.settings(), ProcessOptions.HELP)) {
      return Future.succeededFuture(help(words.settings()));
    }
    List<ConfigFile> files = files();
    if (files.size() != 1 || !words.problems().isEmpty()) {
      return Future.succeededFuture(evaluate(words.settings(), severalFiles(files)));
    }
    return files.getFirst().read(vertx.get()).map(this::evaluate);
  }

  private ConfigResult evaluate(ConfigFile.Content file) {
    List<Setting> settings =
        Stream.concat(words.settings().stream(), file.settings().stream()).toList();
    return evaluate(settings, file.problems());
  }

  private ConfigResult evaluate(List<Setting> settings, List<Problem> fileProblems) {
    if (isGiven(settings, ProcessOptions.HELP)) {
      return help(settings);
    }
    List<Problem> problems = new ArrayList<>(words.problems());
    problems.addAll(fileProblems);
    Reading reading = Reading.of(invocation, settings, problems);
    if (reading.problems().stream().anyMatch(problem -> problem.kind() == Kind.OPTION)) {
      return failed(Kind.OPTION, reading.problems());
    }
    if (isGiven(settings, ProcessOptions.VERSION)) {
      return new ConfigResult.Print(
          ProductVersion.text(invocation.flavour(), lengthOfText(settings)));
    }
    if (reading.problems().isEmpty()) {
      reading.check();
    }
    return reading.problems().isEmpty()
        ? reading.settings()
        : failed(Kind.USAGE, reading.problems());
  }

  private List<ConfigFile> files() {
    List<ConfigFile> files = new ArrayList<>();
    words.settings().stream()
        .filter(setting -> setting.option().equals(ProcessOptions.CONFIG))
        .map(Setting::value)
        .distinct()
        .flatMap(Stream::ofNullable)
        .forEach(written -> files.add(new ConfigFile(Origin.Format.RELAY, path(written))));
    words.file().ifPresent(written -> files.add(ConfigFile.named(path(written))));
    return files;
  }

  private Path path(String written) {
    return invocation.path(written);
  }

  private static List<Problem> severalFiles(List<ConfigFile> files) {
    return files.size() < 2
        ? List.of()
        : List.of(Problem.usage("only one configuration file can be given"));
  }

  private ConfigResult help(List<Setting> settings) {
    return new ConfigResult.Print(HelpText.of(invocation, lengthOfText(settings)));
  }

  private static TextLength lengthOfText(List<Setting> settings) {
    return isGiven(settings, ProcessOptions.VERBOSE) ? TextLength.LONG : TextLength.SHORT;
  }

  private static boolean isGiven(List<Setting> settings, Option flag) {
    return settings.stream()
        .filter(setting -> setting.option().equals(flag))
        .map(setting -> Optional.ofNullable(setting.value()).orElse("yes"))
        .anyMatch(value -> YesNo.of(value).equals(Optional.of(YesNo.YES)));
  }

  private ConfigResult failed(Kind kind, Collection<Problem> problems) {
    String prefix = invocation.program() + (kind == Kind.OPTION ? ": error: " : ": usage error: ");
    TreeSet<String> texts = new TreeSet<>();
    problems.stream()
        .filter(problem -> problem.kind() == kind)
        .forEach(problem -> texts.add(prefix + problem.text()));
    List<String> lines = new ArrayList<>(texts);
    lines.add("  " + invocation.program() + " --help --verbose lists all options");
    return new ConfigResult.Failed(1, lines);
  }
}
