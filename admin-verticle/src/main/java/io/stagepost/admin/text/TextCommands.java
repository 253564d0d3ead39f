package io.stagepost.admin.text;

import io.stagepost.admin.queue.QueueAction;
import io.stagepost.bus.BusAddresses;
import io.stagepost.bus.BusMessages.DnsblControl;
import io.stagepost.bus.BusMessages.SmtpControl;
import io.stagepost.config.AdminSettings.Feature;
import io.stagepost.net.Connections;
import io.stagepost.spool.MessageId;
import io.stagepost.spool.Spool.State;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.EventBus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the commands of text administration do, for one client. Commands are written in any case;
 * words that they don't need are ignored.
 */
final class TextCommands {

  private static final int PAGE = 500;

  private final TextServices services;
  private final Output out;
  private final EventBus bus;
  private final Connections connections;
  private final BusAddresses addresses;
  private final QueueCommands queue;
  private final Runnable terminated;
  private boolean flushing;

  /** What follows an answer. */
  enum After {
    PROMPT,
    SILENCE,
    CLOSE
  }

  /** Where answers go. */
  interface Output {

    /** Writes lines; completes when there is room for more. */
    Future<Void> lines(List<String> lines);

    /** Writes a line that says what is wrong. */
    void error(String text);

    /** Writes lines and the prompt when neither was to be waited for. */
    void later(List<String> lines);

    /** Writes the steps of connections from now on. */
    void watch();
  }

  TextCommands(Vertx vertx, TextServices services, Output out, Runnable terminated) {
    this.services = services;
    this.out = out;
    this.bus = vertx.eventBus();
    this.connections = Connections.of(vertx);
    this.addresses = new BusAddresses(services.relay());
    this.queue = new QueueCommands(services.queue(), out);
    this.terminated = terminated;
  }

  /** Answers a line; completes when another may be read. */
  Future<After> obey(String line) {
    String[] words = line.strip().split("\\s+", 0);
    String verb = words[0].toLowerCase(Locale.ROOT);
    String word = words.length > 1 ? words[1] : "";
    return switch (verb) {
      case "" -> now(After.PROMPT);
      case "help" -> print("commands: " + String.join(", ", names()));
      case "status" -> out.lines(status()).map(After.PROMPT);
      case "list" -> list(State.READY);
      case "failures" -> list(State.FAILED);
      case "unfail-all" ->
          services.queue().performAll(QueueAction.RETRY, State.FAILED).map(After.PROMPT);
      case "pid" -> print(String.valueOf(ProcessHandle.current().pid()));
      case "forward" -> forward();
      case "flush" -> flush();
      case "info" -> info(word.toLowerCase(Locale.ROOT));
      case "dnsbl" -> dnsbl(word.toLowerCase(Locale.ROOT), words.length > 2 ? words[2] : "");
      case "smtp" -> smtp(word.toLowerCase(Locale.ROOT));
      case "notify" -> {
        out.watch();
        yield now(After.SILENCE);
      }
      case "quit" -> now(After.CLOSE);
      case "terminate" -> terminate();
      default -> queue.obey(verb, word).orElseGet(this::unknown);
    };
  }

  private List<String> names() {
    List<String> names =
        new ArrayList<>(
            List.of(
                "dnsbl", "failures", "flush", "forward", "help", "info", "list", "notify", "pid"));
    names.addAll(List.of("quit", "smtp", "status"));
    if (services.settings().features().contains(Feature.TERMINATE)) {
      names.add("terminate");
    }
    names.add("unfail-all");
    if (services.settings().features().contains(Feature.LONG_HELP)) {
      names.addAll(QueueCommands.NAMES);
      names.sort(null);
    }
    return names;
  }

  private Future<After> unknown() {
    out.error("unrecognised command");
    return now(After.PROMPT);
  }

  private List<String> status() {
    List<String> lines = new ArrayList<>();
    connections.listening().forEach(address -> lines.add("LISTEN: " + address));
    add(lines, "OUT", " -> ", connections.out());
    add(lines, "IN", " <- ", connections.in());
    return lines;
  }

  private static void add(
      List<String> lines, String name, String arrow, Connections.Summary summary) {
    lines.add(name + " started: " + summary.started());
    lines.add(name + " finished: " + summary.finished());
    summary.open().forEach(link -> lines.add(name + ": " + link.local() + arrow + link.remote()));
  }

  private Future<After> list(State state) {
    return page(state, null)
        .compose(
            found ->
                found == 0 ? out.lines(List.of("<none>")).map(After.PROMPT) : now(After.PROMPT));
  }

  private Future<Integer> page(State state, @Nullable MessageId after) {
    return services
        .queue()
        .ids(state, after, PAGE)
        .compose(
            ids -> {
              Future<Void> written =
                  ids.isEmpty()
                      ? Future.succeededFuture()
                      : out.lines(ids.stream().map(MessageId::value).toList());
              return written
                  .compose(v -> ids.size() < PAGE ? now(ids.size()) : page(state, ids.getLast()))
                  .map(more -> ids.size() + more);
            });
  }

  private Future<After> forward() {
    return services
        .forwarding()
        .forward()
        .compose(v -> print("OK"))
        .recover(
            e -> {
              out.error(String.valueOf(e.getMessage()));
              return now(After.PROMPT);
            });
  }

  // Other commands are answered meanwhile.
  private Future<After> flush() {
    if (flushing) {
      out.error("still working");
      return now(After.PROMPT);
    }
    flushing = true;
    services
        .forwarding()
        .flush()
        .onComplete(
            done -> {
              flushing = false;
              if (done.succeeded()) {
                out.later(List.of("OK"));
              } else {
                out.error(String.valueOf(done.cause().getMessage()));
                out.later(List.of());
              }
            });
    return now(After.SILENCE);
  }

  private Future<After> info(String topic) {
    return print(
        InfoText.of(topic, services.product())
            .orElse("usage: info {copyright|credit|version|warranty}"));
  }

  private Future<After> dnsbl(String order, String seconds) {
    Optional<Duration> pause =
        switch (order) {
          case "start" -> Optional.of(Duration.ZERO);
          case "stop" -> pause(seconds);
          default -> Optional.empty();
        };
    if (pause.isEmpty()) {
      return print("usage: dnsbl {start|stop <timeout>}");
    }
    // OK also where no block list is asked, as in the original; but the log says so.
    bus.publisher(addresses.dnsblControl())
        .write(new DnsblControl(pause.get()))
        .onFailure(e -> services.log().warn("dnsbl: no effect: no block lists are asked"));
    return print("OK");
  }

  private static Optional<Duration> pause(String seconds) {
    if (seconds.isEmpty()) {
      return Optional.of(DnsblControl.FOR_EVER);
    }
    return seconds.matches("[0-9]{1,9}")
        ? Optional.of(Duration.ofSeconds(Long.parseLong(seconds)))
        : Optional.empty();
  }

  private Future<After> smtp(String order) {
    if (!order.equals("enable") && !order.equals("disable")) {
      return print("usage: smtp {disable|enable}");
    }
    bus.publish(
        addresses.smtpControl(), order.equals("enable") ? SmtpControl.ENABLE : SmtpControl.DISABLE);
    return print("OK");
  }

  private Future<After> terminate() {
    if (!services.settings().features().contains(Feature.TERMINATE)) {
      return unknown();
    }
    terminated.run();
    return now(After.CLOSE);
  }

  private Future<After> print(String line) {
    return out.lines(List.of(line)).map(After.PROMPT);
  }

  private static <T> Future<T> now(T value) {
    return Future.succeededFuture(value);
  }
}
