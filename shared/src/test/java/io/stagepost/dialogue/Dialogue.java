package io.stagepost.dialogue;

import io.stagepost.dialogue.Step.Match;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A dialogue as it stands in a file: lines that begin with {@code C:}, {@code S:} and so on, see
 * {@link Step}; {@code #} begins a comment line, and <code>-- with key=value</code> tells the test
 * what to play it against.
 *
 * @param name what failures call it
 * @param with the settings; a key alone has an empty value
 */
public record Dialogue(String name, Map<String, String> with, List<Step> steps) {

  /** Copies the collections. */
  public Dialogue {
    with = Map.copyOf(with);
    steps = List.copyOf(steps);
  }

  /** Reads a dialogue from text. */
  public static Dialogue parse(String name, String text) {
    Map<String, String> with = new TreeMap<>();
    List<Step> steps = new ArrayList<>();
    for (String line : text.lines().toList()) {
      if (line.startsWith("-- with ")) {
        for (String word : line.substring(8).trim().split(" +")) {
          int equals = word.indexOf('=');
          with.put(
              equals < 0 ? word : word.substring(0, equals),
              equals < 0 ? "" : word.substring(equals + 1));
        }
      } else if (!line.isBlank() && !line.startsWith("#")) {
        steps.add(step(name, line));
      }
    }
    return new Dialogue(name, with, steps);
  }

  /** Reads the dialogue in a file. */
  public static Dialogue load(Path file) {
    try {
      Path parent = file.toAbsolutePath().getParent();
      String topic = parent == null ? "" : parent.getFileName() + "/";
      return parse(topic + file.getFileName(), Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads all {@code .txt} files in a directory and below it, in the order of their names. */
  public static List<Dialogue> loadAll(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(f -> f.toString().endsWith(".txt")).sorted().map(Dialogue::load).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String toString() {
    return name;
  }

  private static Step step(String name, String line) {
    if (line.startsWith("-- ")) {
      return directive(name, line.substring(3).trim());
    }
    String mark = line.substring(0, Math.min(2, line.length()));
    String text = line.length() > 3 ? line.substring(3) : "";
    return switch (mark) {
      case "C:" -> new Step.ClientLine(text, Match.EXACT);
      case "C~" -> new Step.ClientLine(text, Match.PREFIX);
      case "C!" -> new Step.ClientOctets(Buffer.buffer(RawText.octets(text)));
      case "S:" -> new Step.ServerLine(text, Match.EXACT);
      case "S~" -> new Step.ServerLine(text, Match.PREFIX);
      case "S!" -> new Step.ServerOctets(Buffer.buffer(RawText.octets(text)));
      default -> throw new IllegalArgumentException(name + ": not a line of a dialogue: " + line);
    };
  }

  private static Step directive(String name, String text) {
    return switch (text) {
      case "close" -> new Step.ServerCloses();
      case "hangup" -> new Step.ClientHangsUp();
      case "tls" -> new Step.Encrypts();
      case "tls refused" -> new Step.RefusesToEncrypt();
      case "wait" -> new Step.Barrier();
      default -> {
        if (!text.startsWith("do ")) {
          throw new IllegalArgumentException(name + ": unknown directive: " + text);
        }
        yield new Step.Action(text.substring(3).trim());
      }
    };
  }
}
