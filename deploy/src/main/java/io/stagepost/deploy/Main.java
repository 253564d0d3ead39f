package io.stagepost.deploy;

import io.stagepost.admin.command.OperatorCommand;
import io.stagepost.config.ConfigCommand;
import io.stagepost.config.ConfigResult;
import io.stagepost.config.Configuration;
import io.stagepost.config.Flavour;
import io.stagepost.config.Invocation;
import io.stagepost.config.ProcessSettings;
import io.stagepost.config.ProcessSettings.Ground;
import io.stagepost.deploy.passwd.PasswordCommands;
import io.stagepost.deploy.submit.SubmitCommand;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The relay's process.
 *
 * <p>Exit codes: 0 after a normal end, 1 after any error, 2 when an address could not be listened
 * on, 128 and the signal's number when a signal ended it.
 */
public final class Main {

  private static final boolean IS_PLAN = System.getProperty("stagepost.plan") != null;

  private Main() {}

  /**
   * Runs the relay until a signal ends it, or until its one run is done.
   *
   * <p>The launcher sets system properties: {@code stagepost.program}, the name that the command
   * was called by, {@code stagepost.launcher}, the path of that, {@code stagepost.home}, the
   * directory of the distribution, and {@code stagepost.plan} when it only asks how to launch.
   */
  public static void main(String[] words) throws InterruptedException {
    String program = System.getProperty("stagepost.program", "stagepost");
    List<String> given = List.of(words);
    Optional<Integer> done =
        SubmitCommand.run(program, given).or(() -> PasswordCommands.run(program, given));
    if (done.isPresent()) {
      System.out.flush();
      System.exit(done.get());
    }
    Flavour flavour = program.startsWith("stagepost") ? Flavour.OWN : Flavour.DROP_IN;
    Invocation invocation =
        Invocation.of(
            flavour,
            program,
            List.of(words),
            Path.of(System.getProperty("stagepost.home", "")),
            Background.startDirectory());
    int exit;
    try {
      exit = run(invocation, words);
    } catch (IOException e) {
      System.err.println(program + ": error: " + e.getMessage());
      exit = Foreground.ERROR;
    }
    System.out.flush();
    // Threads of Vert.x may still be there after an error.
    System.exit(exit);
  }

  // What the launcher asks before it starts us, when a file decides: a line each for where, who,
  // and the files of both.
  private static void printPlan(ProcessSettings process) {
    System.out.println(process.ground().name().toLowerCase(Locale.ROOT));
    System.out.println(process.user().orElse(""));
    System.out.println(process.pidFile().map(Path::toString).orElse(""));
    System.out.println(process.log().file().map(Path::toString).orElse(""));
  }

  private static int run(Invocation invocation, String[] words)
      throws IOException, InterruptedException {
    Engine engine = new Engine();
    if (isAboutConfiguration(invocation)) {
      if (IS_PLAN) {
        System.out.println("print");
        return 0;
      }
      ConfigCommand.Outcome outcome =
          ConfigCommand.run(invocation.withoutFirst(), engine::plain).await();
      System.out.print(outcome.out());
      System.err.print(outcome.err());
      return outcome.exitCode();
    }
    if (isForOperators(invocation)) {
      if (IS_PLAN) {
        System.out.println("print");
        return 0;
      }
      return OperatorCommand.run(
          invocation.words(),
          new OperatorSurroundings(invocation.program(), engine),
          System.out,
          System.err);
    }
    ConfigResult read = Configuration.read(invocation, engine::plain).await();
    // Not a switch by type: what that makes at run time takes a part of the start that is felt.
    if (read instanceof ConfigResult.Print print) {
      System.out.print(IS_PLAN ? "print\n" : print.text());
      return 0;
    }
    if (read instanceof ConfigResult.Failed failed) {
      failed.lines().forEach(System.err::println);
      return failed.exitCode();
    }
    ConfigResult.Ready ready = (ConfigResult.Ready) read;
    if (IS_PLAN) {
      printPlan(ready.settings().process());
      return 0;
    }
    boolean leaves = ready.settings().process().ground() == Ground.BACKGROUND;
    if (leaves && !Background.isReached()) {
      engine.close();
      return Background.start(Path.of(System.getProperty("stagepost.launcher")), words);
    }
    return new Foreground(engine, invocation, ready).run();
  }

  private static boolean isForOperators(Invocation invocation) {
    return invocation.program().equals("stagepost")
        && invocation.words().stream().findFirst().filter(OperatorCommand::isVerb).isPresent();
  }

  private static boolean isAboutConfiguration(Invocation invocation) {
    return invocation.program().equals("stagepost")
        && invocation.words().stream().findFirst().equals(Optional.of(ConfigCommand.WORD));
  }
}
