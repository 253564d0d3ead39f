package io.stagepost.admin.text;

import io.stagepost.admin.text.TextCommands.After;
import io.stagepost.net.ActivityFeed;
import io.stagepost.telemetry.LogText;
import io.stagepost.telemetry.RelayLog;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One client of text administration, on the event loop of its socket: a command a line, each answer
 * followed by the prompt.
 *
 * <p>A client that doesn't read its answers isn't read from either.
 */
final class TextSession implements TextCommands.Output {

  private static final String PROMPT = "E-MailRelay> ";
  private static final int MOST_ERRORS = 30;

  private final NetSocket socket;
  private final Context context;
  private final RelayLog log;
  private final TextCommands commands;
  private final Optional<ActivityFeed> feed;
  private final TextInput input = new TextInput();
  private final EventQueue events;
  private boolean busy;
  private boolean watching;
  private boolean closed;
  private int errors;
  private String reason = "";
  private @Nullable Promise<Void> drained;

  /** Makes the commands of a session. */
  interface Commands {
    TextCommands of(TextCommands.Output out);
  }

  TextSession(
      NetSocket socket,
      Context context,
      Commands commands,
      Optional<ActivityFeed> feed,
      RelayLog log) {
    this.socket = socket;
    this.context = context;
    this.log = log;
    this.feed = feed;
    this.commands = commands.of(this);
    this.events = new EventQueue(() -> context.runOnContext(v -> writeEvents()));
  }

  void begin() {
    socket.handler(this::received);
    socket.drainHandler(v -> drained());
  }

  /** Why it has ended, or empty. */
  String reason() {
    return reason;
  }

  /** To be called when the connection is gone. */
  void closed() {
    closed = true;
    feed.ifPresent(watched -> watched.unwatch(events));
    drained();
  }

  private void received(Buffer chunk) {
    input.append(chunk);
    work();
  }

  private void work() {
    while (!busy && !closed) {
      String line = input.next();
      if (line == null) {
        break;
      }
      if (log.isVerbose() && !line.isBlank()) {
        log.verbose("rx<<: " + LogText.quote(line));
      }
      obey(line);
    }
    if (input.isTooLong()) {
      close("line too long");
    }
  }

  private void obey(String line) {
    Future<After> answered = commands.obey(line);
    if (answered.succeeded()) {
      then(answered.result());
      return;
    }
    busy = true;
    socket.pause();
    answered.onComplete(
        done -> {
          busy = false;
          if (done.failed()) {
            error(String.valueOf(done.cause().getMessage()));
          }
          then(done.succeeded() ? done.result() : After.PROMPT);
          if (!closed) {
            socket.resume();
            work();
          }
        });
  }

  private void then(After after) {
    switch (after) {
      case PROMPT -> write(PROMPT);
      case SILENCE -> {}
      case CLOSE -> close("");
    }
    if (errors >= MOST_ERRORS) {
      close("too many errors");
    }
    writeEvents();
  }

  @Override
  public Future<Void> lines(List<String> lines) {
    StringBuilder text = new StringBuilder();
    for (String line : lines) {
      text.append(line).append(input.lineEnd());
    }
    write(text.toString());
    return room();
  }

  @Override
  public void error(String text) {
    errors++;
    lines(List.of("error: " + LogText.escape(text)));
  }

  @Override
  public void later(List<String> lines) {
    if (!closed) {
      lines(lines);
      write(PROMPT);
    }
  }

  @Override
  public void watch() {
    if (!watching && !closed) {
      watching = true;
      feed.ifPresent(watched -> watched.watch(events));
    }
  }

  private void writeEvents() {
    // What there is no room for waits, and the oldest is given up for the newest.
    while (watching && !closed && !socket.writeQueueFull()) {
      String event = events.poll();
      if (event == null) {
        return;
      }
      write(input.lineEnd() + "EVENT: " + LogText.escape(event) + "  ");
    }
  }

  private void write(String text) {
    if (!closed) {
      socket.write(text);
    }
  }

  private Future<Void> room() {
    if (closed || !socket.writeQueueFull()) {
      return Future.succeededFuture();
    }
    if (drained == null) {
      drained = Promise.promise();
    }
    return drained.future();
  }

  private void drained() {
    Promise<Void> waiting = drained;
    drained = null;
    if (waiting != null) {
      waiting.complete();
    }
    writeEvents();
  }

  private void close(String why) {
    reason = why;
    closed = true;
    // After all that has been written.
    socket.write("").onComplete(v -> context.runOnContext(w -> socket.close()));
  }
}
