package io.stagepost.deploy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Goes into the background: a second process, in a session of its own, does the work, and the first
 * waits until it is up.
 *
 * <p>The second has the root as its current directory, nothing to read, and our standard error
 * until it closes that; its standard output tells the first that it is up.
 */
final class Background {

  /** Set in the second process, to the directory that relative paths start from. */
  private static final String DIRECTORY = "STAGEPOST_START_DIRECTORY";

  private static final String UP = "up";
  private static final Path NOTHING = Path.of("/dev/null");

  private Background() {}

  /** Whether this is the second process. */
  static boolean isReached() {
    return System.getenv(DIRECTORY) != null;
  }

  /** Where relative paths of the command line start from. */
  static Path startDirectory() {
    String given = System.getenv(DIRECTORY);
    return Path.of(given == null ? "" : given).toAbsolutePath();
  }

  /**
   * Starts the second process and waits until it is up.
   *
   * @param launcher the command to run
   * @return 0 when it is up, otherwise the code that it has ended with
   * @throws IOException when it can't be started
   */
  static int start(Path launcher, String[] words) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("setsid", launcher.toString()));
    command.addAll(List.of(words));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(Path.of("/").toFile())
            .redirectInput(NOTHING.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().put(DIRECTORY, startDirectory().toString());
    Process second = builder.start();
    try (BufferedReader output = second.inputReader(StandardCharsets.UTF_8)) {
      return UP.equals(output.readLine()) ? 0 : second.waitFor();
    }
  }

  /** Tells the first process that we are up; nothing is written to standard output afterwards. */
  @SuppressWarnings("SystemOut") // it is the pipe to the first process
  static void tellUp() throws IOException {
    System.out.println(UP);
    System.out.flush();
    PrintStream pipe = System.out;
    System.setOut(new PrintStream(NOTHING.toFile(), StandardCharsets.UTF_8));
    pipe.close();
  }
}
