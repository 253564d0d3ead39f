package io.stagepost.admin.command;

import io.stagepost.admin.queue.QueueItem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The words of the operator's command.
 *
 * @param verb the first one
 * @param words those that are no options
 * @param state messages in which state, by its name
 * @param limit how many messages to show
 * @param place where the relay is
 */
record Arguments(
    String verb,
    List<String> words,
    Set<Flag> flags,
    Optional<String> state,
    int limit,
    Place place) {

  private static final int DEFAULT_LIMIT = 1_000;

  /** Options without a value. */
  enum Flag {
    JSON,
    ALL,
    FOLLOW,
    HELP
  }

  /**
   * Where the relay is.
   *
   * @param socket its control socket
   * @param spool its spool directory
   * @param config its configuration file
   * @param relay its name in that file
   */
  record Place(
      Optional<Path> socket, Optional<Path> spool, Optional<Path> config, Optional<String> relay) {}

  boolean has(Flag flag) {
    return flags.contains(flag);
  }

  /**
   * Reads the words.
   *
   * @param start what relative paths start from
   */
  static Arguments read(List<String> words, Path start) throws CommandException {
    Reader reader = new Reader(words.subList(1, words.size()), start);
    reader.readAll();
    return new Arguments(
        words.getFirst(),
        List.copyOf(reader.words),
        reader.flags,
        reader.state,
        reader.limit,
        new Place(reader.socket, reader.spool, reader.config, reader.relay));
  }

  private static final class Reader {
    private final List<String> given;
    private final Path start;
    private final List<String> words = new ArrayList<>();
    private final Set<Flag> flags = EnumSet.noneOf(Flag.class);
    private Optional<String> state = Optional.empty();
    private int limit = DEFAULT_LIMIT;
    private Optional<Path> socket = Optional.empty();
    private Optional<Path> spool = Optional.empty();
    private Optional<Path> config = Optional.empty();
    private Optional<String> relay = Optional.empty();
    private int next;

    Reader(List<String> given, Path start) {
      this.given = given;
      this.start = start;
    }

    void readAll() throws CommandException {
      while (next < given.size()) {
        String word = given.get(next++);
        if (word.startsWith("-") && word.length() > 1) {
          int equals = word.indexOf('=');
          option(
              equals < 0 ? word : word.substring(0, equals),
              equals < 0 ? Optional.empty() : Optional.of(word.substring(equals + 1)));
        } else {
          words.add(word);
        }
      }
    }

    private void option(String name, Optional<String> joined) throws CommandException {
      switch (name) {
        case "--json" -> flags.add(Flag.JSON);
        case "--all" -> flags.add(Flag.ALL);
        case "--follow", "-f" -> flags.add(Flag.FOLLOW);
        case "--help", "-h" -> flags.add(Flag.HELP);
        case "--state" -> state = Optional.of(state(value(name, joined)));
        case "--limit" -> limit = number(value(name, joined));
        case "--socket" -> socket = Optional.of(start.resolve(value(name, joined)));
        case "--spool-dir", "-s" -> spool = Optional.of(start.resolve(value(name, joined)));
        case "--config" -> config = Optional.of(start.resolve(value(name, joined)));
        case "--relay" -> relay = Optional.of(value(name, joined));
        default -> throw usage("unknown option: " + name);
      }
    }

    private String value(String name, Optional<String> joined) throws CommandException {
      if (joined.isPresent()) {
        return joined.get();
      }
      if (next >= given.size()) {
        throw usage(name + " needs a value");
      }
      return given.get(next++);
    }

    private static int number(String text) throws CommandException {
      if (!text.matches("[1-9][0-9]{0,8}")) {
        throw usage("not a number: " + text);
      }
      return Integer.parseInt(text);
    }
  }

  /** The name of a state, as the relay writes it. */
  static String state(String word) throws CommandException {
    if (QueueItem.state(word).isEmpty()) {
      throw usage("no such state: " + word + ": it is ready, deferred, busy, failed or held");
    }
    return word.toLowerCase(Locale.ROOT);
  }

  static CommandException usage(String text) {
    return new CommandException(ExitCode.USAGE, text);
  }
}
