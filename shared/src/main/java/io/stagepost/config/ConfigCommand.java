package io.stagepost.config;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** The command {@code stagepost config ...}, which works on configuration without running it. */
public final class ConfigCommand {

  /** The first word of such a command. */
  public static final String WORD = "config";

  static final List<String> SUBCOMMANDS =
      List.of("check", "convert", "show", "sample", "manual", "completion");

  private static final String USAGE =
      """
      usage: PROGRAM config <command>

        check <file>            say what is wrong with a configuration file
        convert <file>          write it as a relay.conf
        show [<option> ...] [<file>]
                                show what holds, and where it comes from
        sample                  write a relay.conf with all that can be said
        manual                  write the manual's table of options
        completion              write a script by which bash completes options

      A file is in HOCON when it is called relay.conf or *.hocon, or given by --config=<file>;
      otherwise it is an emailrelay.conf, or OpenWrt's /etc/config/emailrelay.
      """;

  /**
   * What came of it.
   *
   * @param out for standard output
   * @param err for standard error
   */
  public record Outcome(int exitCode, String out, String err) {}

  private final Invocation invocation;
  private final Supplier<Vertx> vertx;

  private ConfigCommand(Invocation invocation, Supplier<Vertx> vertx) {
    this.invocation = invocation;
    this.vertx = vertx;
  }

  /**
   * Runs it.
   *
   * @param invocation its words without the first, {@link #WORD}
   * @param vertx asked only when there is a file to be read
   */
  public static Future<Outcome> run(Invocation invocation, Supplier<Vertx> vertx) {
    return new ConfigCommand(invocation, vertx).run();
  }

  private Future<Outcome> run() {
    String command = invocation.words().isEmpty() ? "" : invocation.words().getFirst();
    List<String> rest =
        invocation.words().subList(command.isEmpty() ? 0 : 1, invocation.words().size());
    boolean file = rest.size() == 1;
    return switch (command) {
      case "check" -> file ? check(rest) : wrong();
      case "convert" -> file ? convert(rest) : wrong();
      case "show" -> show(rest);
      case "sample" -> rest.isEmpty() ? printed(SampleFile.text()) : wrong();
      case "manual" -> rest.isEmpty() ? printed(OptionManual.text()) : wrong();
      case "completion" -> rest.isEmpty() ? printed(Completion.text()) : wrong();
      case "help", "--help", "-h" -> printed(usage());
      default -> wrong();
    };
  }

  private Future<Outcome> check(List<String> words) {
    Invocation read = invocation.with(flavour(words), words).onHost(HostName.SOME);
    return Configuration.gather(read, vertx)
        .map(
            reading -> {
              List<String> problems = problems(reading);
              if (!problems.isEmpty()) {
                return new Outcome(1, lines(problems), "");
              }
              List<String> found = new ArrayList<>();
              reading.settings().warnings().forEach(text -> found.add("warning: " + text));
              found.add(words.getFirst() + ": good");
              return new Outcome(0, lines(found), "");
            });
  }

  private Future<Outcome> convert(List<String> words) {
    Invocation read = invocation.with(flavour(words), words).onHost(HostName.SOME);
    return Configuration.gather(read, vertx)
        .map(
            reading -> {
              List<String> problems = problems(reading);
              return problems.isEmpty()
                  ? new Outcome(0, Conversion.text(words.getFirst(), reading), "")
                  : failed(problems);
            });
  }

  private Future<Outcome> show(List<String> words) {
    Invocation read = invocation.with(flavour(words), words);
    return Configuration.gather(read, vertx)
        .map(
            reading -> {
              List<String> problems = problems(reading);
              return problems.isEmpty()
                  ? new Outcome(0, Showing.text(reading), "")
                  : failed(problems);
            });
  }

  /** The defaults that hold for the file that is to be read. */
  private Flavour flavour(List<String> words) {
    return CommandLine.read(words)
        .file()
        .filter(
            file -> ConfigFile.named(invocation.path(file)).format() == Origin.Format.EMAILRELAY)
        .map(file -> Flavour.DROP_IN)
        .orElse(Flavour.OWN);
  }

  private static List<String> problems(Reading reading) {
    if (reading.problems().isEmpty()) {
      reading.check();
    }
    Set<String> texts = new LinkedHashSet<>();
    reading.problems().forEach(problem -> texts.add(problem.text()));
    return List.copyOf(texts);
  }

  private Outcome failed(List<String> problems) {
    String prefix = invocation.program() + ": error: ";
    return new Outcome(1, "", lines(problems.stream().map(text -> prefix + text).toList()));
  }

  private static Future<Outcome> printed(String text) {
    return Future.succeededFuture(new Outcome(0, text, ""));
  }

  private Future<Outcome> wrong() {
    return Future.succeededFuture(new Outcome(1, "", usage()));
  }

  private String usage() {
    return USAGE.replace("PROGRAM", invocation.program());
  }

  private static String lines(List<String> lines) {
    return String.join("\n", lines) + "\n";
  }
}
