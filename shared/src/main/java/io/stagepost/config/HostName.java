package io.stagepost.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * The name of the host, found without asking a name server, as that may take seconds.
 *
 * @param name the canonical name if it can be told, otherwise the bare one
 * @param quality whether to rely on it
 */
public record HostName(String name, Quality quality) {

  /** How good a name is. */
  public enum Quality {
    /** It has a domain. */
    FULL,
    /** It has none; other hosts may not know it. */
    BARE,
    /** There was none at all. */
    MADE_UP
  }

  private static final String FALLBACK = "localhost.localdomain";

  /** One that stands for any. */
  static final HostName SOME = new HostName(FALLBACK, Quality.FULL);

  /** The name of this host: from the kernel, completed by {@code /etc/hosts}. */
  public static HostName ofThisHost() {
    return of(Path.of("/"));
  }

  /** The same, below another root directory. */
  static HostName of(Path root) {
    Optional<String> own =
        read(root.resolve("proc/sys/kernel/hostname"))
            .or(() -> read(root.resolve("etc/hostname")))
            .map(text -> text.strip().toLowerCase(Locale.ROOT))
            .filter(text -> !text.isEmpty() && !text.equals("(none)"));
    if (own.isEmpty()) {
      return new HostName(FALLBACK, Quality.MADE_UP);
    }
    String name = own.get();
    if (name.indexOf('.') > 0) {
      return new HostName(name, Quality.FULL);
    }
    return canonical(name, read(root.resolve("etc/hosts")).orElse(""))
        .map(full -> new HostName(full, Quality.FULL))
        .orElseGet(() -> new HostName(name, Quality.BARE));
  }

  /** The first name of the line that has the bare name as an alias, if it has a domain. */
  private static Optional<String> canonical(String bare, String hosts) {
    for (String line : hosts.split("\n")) {
      String[] words = line.split("#", 2)[0].strip().split("\\s+");
      for (int i = 2; i < words.length; i++) {
        if (words[i].equalsIgnoreCase(bare) && words[1].indexOf('.') > 0) {
          return Optional.of(words[1].toLowerCase(Locale.ROOT));
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<String> read(Path file) {
    try {
      return Optional.of(Files.readString(file, StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
