package io.stagepost.admin.http.insight;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.util.Optional;

/**
 * A response of server-sent events (WHATWG HTML §9.2). What can't be sent at once waits in the
 * connection, up to 256 KiB; while there is more than that, it takes no events, and after ten
 * seconds of it, it is ended. On one context.
 */
final class EventStream {

  private static final int MOST_QUEUED = 256 << 10;
  private static final long PATIENCE_NANOS = 10_000_000_000L;
  private static final long PING_NANOS = 15_000_000_000L;

  private final HttpServerResponse response;
  private long fullSince;
  private long lastWrite = System.nanoTime();
  private boolean full;

  EventStream(HttpServerResponse response) {
    this.response = response;
    response.setWriteQueueMaxSize(MOST_QUEUED);
  }

  /** Sends the head, so that the other side knows that it is in. */
  void begin() {
    response
        .putHeader("Content-Type", "text/event-stream")
        .putHeader("Content-Encoding", "identity")
        .putHeader("X-Accel-Buffering", "no")
        .setChunked(true);
    write(Buffer.buffer("retry: 2000\n\n"));
  }

  /** An event as it is sent. */
  static Buffer encode(Optional<String> id, String type, JsonObject data) {
    String start = id.map(text -> "id: " + text + "\n").orElse("");
    String name = type.isEmpty() ? "" : "event: " + type + "\n";
    // JSON has no line ends in it.
    return Buffer.buffer(start + name + "data: ")
        .appendBuffer(data.toBuffer())
        .appendString("\n\n");
  }

  Future<Void> write(Buffer events) {
    lastWrite = System.nanoTime();
    return response.write(events);
  }

  /** Whether it takes events now. To be asked about four times a second. */
  boolean isReady() {
    long now = System.nanoTime();
    if (!response.writeQueueFull()) {
      full = false;
      if (now - lastWrite > PING_NANOS) {
        write(Buffer.buffer(": still there\n\n"));
      }
      return true;
    }
    if (!full) {
      full = true;
      fullSince = now;
    } else if (now - fullSince > PATIENCE_NANOS) {
      close();
    }
    return false;
  }

  void close() {
    response.reset();
  }
}
