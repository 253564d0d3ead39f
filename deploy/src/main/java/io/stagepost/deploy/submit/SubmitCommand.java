package io.stagepost.deploy.submit;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The commands that put messages into the spool. They work without Vert.x, so as to be done before
 * it would have started.
 */
public final class SubmitCommand {

  private SubmitCommand() {}

  private interface Tool {
    int run(Surroundings surroundings, List<String> words);
  }

  /**
   * Runs one of the commands, if that is what was called.
   *
   * @param program the name that the command was called by
   * @return the exit code, or empty when it is no such command
   */
  public static Optional<Integer> run(String program, List<String> words) {
    String first = program.equals("stagepost") && !words.isEmpty() ? words.getFirst() : "";
    String called = first.isEmpty() ? program : program + " " + first;
    Optional<Tool> tool =
        switch (called) {
          case "emailrelay-submit" -> Optional.of(DropInSubmit::run);
          case "sendmail", "stagepost sendmail" -> Optional.of(Sendmail::run);
          case "stagepost submit" -> Optional.of(OwnSubmit::run);
          default -> Optional.empty();
        };
    List<String> rest = first.isEmpty() ? words : words.subList(1, words.size());
    return tool.map(
        t -> {
          Surroundings surroundings =
              new Surroundings(
                  called,
                  Path.of(System.getProperty("stagepost.home", "")).toAbsolutePath(),
                  System.getProperty("stagepost.terminal") != null,
                  new FileInputStream(FileDescriptor.in),
                  System.out,
                  System.err);
          return t.run(surroundings, rest);
        });
  }
}
