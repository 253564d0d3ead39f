package io.stagepost.deploy.passwd;

import java.util.List;
import java.util.Optional;

/** Which command is about passwords: {@code emailrelay-passwd} or {@code stagepost passwd}. */
public final class PasswordCommands {

  private static final String DROP_IN = "emailrelay-passwd";
  private static final String OWN = "stagepost";
  private static final String WORD = "passwd";

  private PasswordCommands() {}

  /** Runs the command, if it is one of these; its exit code. */
  public static Optional<Integer> run(String program, List<String> words) {
    Surroundings around = Surroundings.ofProcess(program);
    if (program.equals(DROP_IN)) {
      return Optional.of(new DigestCommand(around).run(words));
    }
    if (program.equals(OWN) && !words.isEmpty() && words.getFirst().equals(WORD)) {
      return Optional.of(new AccountCommand(around).run(words.subList(1, words.size())));
    }
    return Optional.empty();
  }
}
