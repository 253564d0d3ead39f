package io.stagepost.deploy.submit;

import io.stagepost.config.HostName;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;

/**
 * What a command works in.
 *
 * @param program how it was called, for messages
 * @param home the directory of the distribution, which {@code @app} stands for
 * @param terminal whether standard input is one
 */
record Surroundings(
    String program, Path home, boolean terminal, InputStream in, PrintStream out, PrintStream err) {

  private static final String APP = "@app";
  private static final String SPOOL = "/var/spool/stagepost";

  /** The same under another name. */
  Surroundings called(String other) {
    return new Surroundings(other, home, terminal, in, out, err);
  }

  /** A path as it was written, with {@code @app} filled in, made absolute. */
  Path path(String written) {
    String filled =
        written.equals(APP) || written.startsWith(APP + "/")
            ? home + written.substring(APP.length())
            : written;
    return Path.of(filled).toAbsolutePath().normalize();
  }

  /**
   * What holds for {@code stagepost submit} and {@code sendmail} on this host.
   *
   * @param domain what bare names are completed with
   */
  record Settings(Path spool, String domain) {}

  /** Reads {@code conf/submit.conf}, which may be missing, or the file named instead. */
  Settings settings(Optional<String> named) throws Trouble {
    Path file = named.map(this::path).orElse(home.resolve("conf/submit.conf"));
    Properties properties = new Properties();
    if (named.isPresent() || Files.exists(file)) {
      try (Reader reader = Files.newBufferedReader(file)) {
        properties.load(reader);
      } catch (IOException | IllegalArgumentException e) {
        throw new Trouble(Trouble.Kind.USAGE, "error reading configuration file: " + file);
      }
    }
    for (String key : properties.stringPropertyNames()) {
      if (!key.equals("spool-dir") && !key.equals("domain")) {
        throw new Trouble(Trouble.Kind.USAGE, file + ": unknown setting: " + key);
      }
    }
    String domain = properties.getProperty("domain", "").strip();
    return new Settings(
        path(properties.getProperty("spool-dir", SPOOL).strip()),
        domain.isEmpty() ? HostName.ofThisHost().name() : domain);
  }

  /** The account that runs the command. */
  static String user() {
    String name = System.getProperty("user.name", "");
    return name.isEmpty() || name.equals("?") ? "nobody" : name;
  }
}
