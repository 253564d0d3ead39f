package io.stagepost.admin.command;

import io.stagepost.admin.command.Arguments.Flag;
import io.stagepost.admin.queue.QueueAction;
import io.stagepost.admin.queue.QueueDesk;
import io.stagepost.admin.queue.QueueItem;
import io.stagepost.admin.queue.QueueTable;
import io.stagepost.spool.Spool.State;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The commands by which operators talk to a running relay: {@code stagepost queue} and its like.
 *
 * <p>Exit codes: 0 when it is done, 1 when the relay refused or could not, 2 for wrong words, 3
 * when there is no such message, 4 when no relay answers, 5 when its socket may not be used.
 */
public final class OperatorCommand {

  private static final List<String> VERBS =
      List.of(
          "queue", "show", "trace", "retry", "hold", "release", "delete", "forward", "flush",
          "stats", "events");

  /** What is around the command. */
  public interface Surroundings {

    /** What relative paths start from. */
    Path directory();

    /**
     * The control socket of a relay of this host.
     *
     * @param config its configuration file
     * @param relay its name there; the first one when that is empty
     * @return empty when there is none
     */
    Optional<Path> socket(Path config, Optional<String> relay);

    /** The spool directory of a relay that isn't told otherwise. */
    Path usualSpool();

    /** The socket in a spool directory. */
    Path socketIn(Path spool);

    /** How wide the screen is; very wide when there is none. */
    int width();
  }

  private final Arguments arguments;
  private final Surroundings surroundings;
  private final PrintStream out;
  private final PrintStream err;

  private OperatorCommand(
      Arguments arguments, Surroundings surroundings, PrintStream out, PrintStream err) {
    this.arguments = arguments;
    this.surroundings = surroundings;
    this.out = out;
    this.err = err;
  }

  /** Whether a first word is one of these commands. */
  public static boolean isVerb(String word) {
    return VERBS.contains(word);
  }

  /**
   * Runs a command and gives its exit code. Blocks until the relay has answered.
   *
   * @param words the first is one of these commands
   */
  public static int run(
      List<String> words, Surroundings surroundings, PrintStream out, PrintStream err) {
    try {
      Arguments arguments = Arguments.read(words, surroundings.directory());
      if (arguments.has(Flag.HELP)) {
        out.print(UsageText.TEXT);
        return ExitCode.OK.value();
      }
      return new OperatorCommand(arguments, surroundings, out, err).run().value();
    } catch (CommandException e) {
      err.println("stagepost: error: " + e.getMessage());
      if (e.code() == ExitCode.USAGE) {
        err.println("try: stagepost " + words.getFirst() + " --help");
      }
      return e.code().value();
    }
  }

  private ExitCode run() throws CommandException {
    Optional<QueueAction> action = QueueAction.of(arguments.verb());
    checkWords(action);
    try (ControlClient client = ControlClient.connect(socket())) {
      if (action.isPresent()) {
        return arguments.has(Flag.ALL)
            ? performAll(client, action.get())
            : perform(client, action.get());
      }
      switch (arguments.verb()) {
        case "queue" -> queue(client);
        case "show" -> show(client);
        case "trace" -> trace(client);
        case "events" -> events(client);
        case "stats" -> stats(client);
        default -> forward(client);
      }
      return ExitCode.OK;
    }
  }

  private void checkWords(Optional<QueueAction> action) throws CommandException {
    int count = arguments.words().size();
    boolean fits =
        switch (arguments.verb()) {
          case "show", "trace" -> count == 1;
          case "queue" -> count <= 1;
          default -> action.isPresent() ? arguments.has(Flag.ALL) == (count == 0) : count == 0;
        };
    if (!fits) {
      throw Arguments.usage(
          action.isPresent() ? "needs the ids of messages, or --all" : "wrong number of words");
    }
    if (action.equals(Optional.of(QueueAction.DELETE))
        && arguments.has(Flag.ALL)
        && arguments.state().isEmpty()) {
      throw Arguments.usage("delete --all needs --state");
    }
  }

  private Path socket() throws CommandException {
    Arguments.Place place = arguments.place();
    if (place.socket().isPresent()) {
      return place.socket().get();
    }
    if (place.config().isPresent()) {
      return surroundings
          .socket(place.config().get(), place.relay())
          .orElseThrow(
              () ->
                  Arguments.usage(
                      "no such relay with a control socket in " + place.config().get()));
    }
    if (place.relay().isPresent()) {
      throw Arguments.usage("--relay needs --config");
    }
    return surroundings.socketIn(place.spool().orElseGet(surroundings::usualSpool));
  }

  private static JsonObject request(String command) {
    return JsonObject.of("command", command);
  }

  private void queue(ControlClient client) throws CommandException {
    Optional<String> one =
        arguments.words().isEmpty()
            ? arguments.state()
            : Optional.of(Arguments.state(arguments.words().getFirst()));
    List<String> states =
        one.map(List::of)
            .orElseGet(() -> Arrays.stream(State.values()).map(QueueItem::name).toList());
    List<JsonObject> items = new ArrayList<>();
    long total = 0;
    for (String state : states) {
      total += pages(client, state, items);
    }
    if (arguments.has(Flag.JSON)) {
      out.println(JsonObject.of("total", total, "items", new JsonArray(items)).encodePrettily());
    } else if (items.isEmpty()) {
      out.println("no messages");
    } else {
      new QueueTable(Instant.now(), surroundings.width()).lines(items).forEach(out::println);
      if (total > items.size()) {
        out.println("... " + total + " in all (--limit shows more)");
      }
    }
  }

  private long pages(ControlClient client, String state, List<JsonObject> items)
      throws CommandException {
    Optional<String> after = Optional.empty();
    while (true) {
      int room = Math.max(1, Math.min(QueueDesk.LARGEST_PAGE, arguments.limit() - items.size()));
      JsonObject request = request("queue").put("state", state).put("limit", room);
      after.ifPresent(id -> request.put("after", id));
      JsonObject page = client.ask(request);
      objects(page.getJsonArray("items"))
          .limit(arguments.limit() - items.size())
          .forEach(items::add);
      after = Optional.ofNullable(page.getString("next"));
      if (after.isEmpty() || items.size() >= arguments.limit()) {
        return page.getLong("total");
      }
    }
  }

  private void show(ControlClient client) throws CommandException {
    JsonObject request = request("show").put("id", arguments.words().getFirst());
    JsonObject item = client.ask(request).getJsonObject("item");
    if (arguments.has(Flag.JSON)) {
      out.println(item.encodePrettily());
    } else {
      new QueueTable(Instant.now(), surroundings.width()).facts(item).forEach(out::println);
    }
  }

  private void trace(ControlClient client) throws CommandException {
    JsonObject request = request("trace").put("id", arguments.words().getFirst());
    JsonArray events = client.ask(request).getJsonArray("events");
    if (arguments.has(Flag.JSON)) {
      out.println(events.encodePrettily());
    } else {
      QueueTable.events(objects(events).toList()).forEach(out::println);
    }
  }

  private ExitCode perform(ControlClient client, QueueAction action) {
    ExitCode code = ExitCode.OK;
    JsonObject results = new JsonObject();
    for (String id : arguments.words()) {
      try {
        client.ask(request(action.word()).put("id", id));
        results.put(id, "ok");
      } catch (CommandException e) {
        err.println("stagepost: error: " + id + ": " + e.getMessage());
        results.put(id, e.getMessage());
        code = code == ExitCode.OK ? e.code() : code;
      }
    }
    if (arguments.has(Flag.JSON)) {
      out.println(results.encodePrettily());
    }
    return code;
  }

  private ExitCode performAll(ControlClient client, QueueAction action) throws CommandException {
    long done = 0;
    long failed = 0;
    List<String> states =
        arguments
            .state()
            .map(List::of)
            .orElseGet(() -> action.from().stream().map(QueueItem::name).toList());
    for (String state : states) {
      JsonObject answer = client.ask(request(action.word()).put("state", state));
      done += answer.getLong("done");
      failed += answer.getLong("failed");
    }
    out.println(
        arguments.has(Flag.JSON)
            ? JsonObject.of("done", done, "failed", failed).encodePrettily()
            : done + " messages" + (failed > 0 ? ", not done for " + failed : ""));
    return failed > 0 ? ExitCode.FAILED : ExitCode.OK;
  }

  private void forward(ControlClient client) throws CommandException {
    JsonObject answer = client.ask(request(arguments.verb()));
    if (arguments.has(Flag.JSON)) {
      answer.remove("ok");
      out.println(answer.encodePrettily());
    } else if (answer.containsKey("messages")) {
      out.println(answer.getLong("messages") + " messages tried");
    }
  }

  private void stats(ControlClient client) throws CommandException {
    JsonObject stats = client.ask(request("stats")).getJsonObject("stats");
    if (arguments.has(Flag.JSON)) {
      out.println(stats.encodePrettily());
      return;
    }
    for (String part : List.of("spool", "events")) {
      out.println(part.equals("spool") ? "messages now" : "events since the start");
      stats
          .getJsonObject(part, new JsonObject())
          .forEach(count -> out.printf("  %-16s%12s%n", count.getKey(), count.getValue()));
    }
  }

  private void events(ControlClient client) throws CommandException {
    client.ask(request("events").put("follow", arguments.has(Flag.FOLLOW)));
    for (JsonObject event = client.next(); event != null; event = client.next()) {
      out.println(arguments.has(Flag.JSON) ? event.encode() : QueueTable.event(event));
      out.flush();
      if (out.checkError()) {
        return; // whoever reads it has gone
      }
    }
    if (arguments.has(Flag.FOLLOW)) {
      throw new CommandException(ExitCode.NOT_RUNNING, "the relay has ended");
    }
  }

  private static Stream<JsonObject> objects(JsonArray array) {
    return array.stream().map(JsonObject.class::cast);
  }
}
