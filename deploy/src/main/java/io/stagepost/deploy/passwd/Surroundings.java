package io.stagepost.deploy.passwd;

import java.io.ByteArrayOutputStream;
import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a command reads and writes.
 *
 * @param program for messages
 * @param terminal where passwords are typed, if there is one
 */
record Surroundings(
    String program, InputStream in, PrintStream out, PrintStream err, Optional<Console> terminal) {

  private static final int LONGEST = 65_536;

  static Surroundings ofProcess(String program) {
    return new Surroundings(program, System.in, System.out, System.err, findTerminal());
  }

  /** The first line of the input without blanks around it, an octet a character. */
  String line() throws IOException {
    ByteArrayOutputStream octets = new ByteArrayOutputStream();
    for (int octet = in.read();
        octet >= 0 && octet != '\n' && octets.size() < LONGEST;
        octet = in.read()) {
      octets.write(octet);
    }
    return octets.toString(StandardCharsets.ISO_8859_1).strip();
  }

  /** Complains; the exit code of that. */
  int fail(String text) {
    err.println(program + ": error: " + text);
    return 1;
  }

  // A console is there even without a terminal in newer versions of Java.
  private static Optional<Console> findTerminal() {
    try {
      Path input = Path.of("/proc/self/fd/0").toRealPath();
      boolean isTerminal = input.startsWith("/dev/pts") || input.toString().startsWith("/dev/tty");
      return isTerminal ? Optional.ofNullable(System.console()) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
