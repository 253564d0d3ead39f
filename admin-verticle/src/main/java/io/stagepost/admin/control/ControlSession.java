package io.stagepost.admin.control;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetSocket;
import io.vertx.core.parsetools.RecordParser;
import java.util.function.Consumer;

/**
 * One client of the control socket: a request a line, answered one after the other; {@code events}
 * is answered with the recent events, a line each, and with {@code follow} all further ones.
 *
 * <p>A follower that reads too slowly misses events, and is told how many.
 */
final class ControlSession implements Consumer<JsonObject> {

  private static final int LONGEST_LINE = 64 << 10;

  private final NetSocket socket;
  private final ControlCommands commands;
  private final RecentEvents events;
  private final RecordParser lines;
  private boolean busy;
  private long missed;

  ControlSession(NetSocket socket, ControlCommands commands, RecentEvents events) {
    this.socket = socket;
    this.commands = commands;
    this.events = events;
    this.lines = RecordParser.newDelimited("\n", socket).maxRecordSize(LONGEST_LINE);
  }

  void begin() {
    lines.exceptionHandler(e -> socket.close());
    lines.handler(this::received);
    socket.drainHandler(v -> drained());
  }

  /** To be called when the connection is gone. */
  void closed() {
    events.unfollow(this);
  }

  private void received(Buffer line) {
    JsonObject request;
    try {
      request = new JsonObject(line);
    } catch (DecodeException e) {
      write(ControlCommands.error("usage", "not a JSON object"));
      return;
    }
    if ("events".equals(request.getValue("command"))) {
      showEvents(request);
      return;
    }
    busy = true;
    lines.pause();
    commands
        .answer(request)
        .onComplete(
            answered -> {
              busy = false;
              write(answered.result());
              if (!socket.writeQueueFull()) {
                lines.resume();
              }
            });
  }

  private void showEvents(JsonObject request) {
    write(ControlCommands.ok());
    events.recent().forEach(this::write);
    if (Boolean.TRUE.equals(request.getValue("follow"))) {
      events.follow(this);
    } else {
      socket.end();
    }
  }

  @Override
  public void accept(JsonObject event) {
    if (socket.writeQueueFull()) {
      missed++;
    } else {
      write(event);
    }
  }

  private void drained() {
    if (missed > 0) {
      write(new JsonObject().put("type", "missed").put("count", missed));
      missed = 0;
    }
    if (!busy) {
      lines.resume();
    }
  }

  private void write(JsonObject json) {
    socket.write(json.toBuffer().appendByte((byte) '\n'));
  }
}
