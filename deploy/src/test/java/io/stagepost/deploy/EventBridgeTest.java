package io.stagepost.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may listen on the event bus from outside, and to what. */
class EventBridgeTest {

  private static final String EVENTS = "stagepost.relay.delivery.events";

  @TempDir Path directory;

  /** What comes over a connection: the bridge sends its JSON in binary frames. */
  private static final class Frames implements WebSocket.Listener {
    private final BlockingQueue<JsonObject> frames = new LinkedBlockingQueue<>();
    private final ByteArrayOutputStream part = new ByteArrayOutputStream();

    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
      byte[] octets = new byte[data.remaining()];
      data.get(octets);
      part.writeBytes(octets);
      if (last) {
        frames.add(new JsonObject(part.toString(StandardCharsets.UTF_8)));
        part.reset();
      }
      socket.request(1);
      return null;
    }

    private JsonObject next() throws InterruptedException {
      JsonObject frame = frames.poll(60, TimeUnit.SECONDS);
      if (frame == null) {
        throw new AssertionError("nothing came");
      }
      return frame;
    }
  }

  @Test
  void deliveryEventsCanBeListenedTo() throws Exception {
    try (SignedInRelay console = SignedInRelay.start(directory)) {
      Frames frames = new Frames();
      WebSocket socket = connect(console, frames, "Cookie", console.cookie());
      send(socket, "register", EVENTS);
      // An answer to this comes after that has been done.
      send(socket, "publish", EVENTS);
      assertThat(frames.next().getString("body")).isEqualTo("access_denied");
      Submitters submitters = new Submitters(1, out -> {});
      submitters.serverAt(console.relay.port());
      submitters.start(1).join();
      JsonObject event = frames.next();
      assertThat(event.getString("address")).isEqualTo(EVENTS);
      assertThat(event.getJsonObject("body").getString("type")).isEqualTo("received");
      socket.abort();
    }
  }

  @Test
  void nothingCanBeSentAndOtherAddressesAreRefused() throws Exception {
    try (SignedInRelay console = SignedInRelay.start(directory)) {
      Frames frames = new Frames();
      WebSocket socket = connect(console, frames, "Cookie", console.cookie());
      send(socket, "register", "stagepost.relay.forward.run");
      assertThat(frames.next().getString("body")).isEqualTo("access_denied");
      send(socket, "send", "stagepost.relay.forward.run");
      assertThat(frames.next().getString("body")).isEqualTo("access_denied");
      send(socket, "publish", EVENTS);
      assertThat(frames.next().getString("body")).isEqualTo("access_denied");
      socket.abort();
    }
  }

  @Test
  void w2StrangersAndPagesOfOtherSitesAreRefused() throws IOException {
    try (SignedInRelay console = SignedInRelay.start(directory)) {
      String own = "http://" + console.authority();
      assertThat(refusal(console, "Origin", own)).isEqualTo(401);
      assertThat(refusal(console, "Cookie", console.cookie(), "Origin", "https://other.example"))
          .isEqualTo(403);
      assertThat(refusal(console, "Authorization", "Bearer " + console.token("send")))
          .isEqualTo(403);
      connect(console, new Frames(), "Cookie", console.cookie(), "Origin", own).abort();
      connect(console, new Frames(), "Authorization", "Bearer " + console.token("read")).abort();
      assertThat(console.send("GET", "/eventbus/info", "", List.of()).statusCode()).isEqualTo(401);
    }
  }

  private static void send(WebSocket socket, String type, String address) {
    JsonObject frame =
        JsonObject.of(
            "type",
            type,
            "address",
            address,
            "body",
            new JsonObject(),
            "headers",
            new JsonObject());
    socket.sendText(frame.encode(), true).join();
  }

  private static int refusal(SignedInRelay console, String... headers) {
    int[] status = new int[1];
    assertThatThrownBy(() -> connect(console, new Frames(), headers))
        .isInstanceOfSatisfying(
            CompletionException.class,
            e -> {
              assertThat(e.getCause()).isInstanceOf(WebSocketHandshakeException.class);
              status[0] = ((WebSocketHandshakeException) e.getCause()).getResponse().statusCode();
            });
    return status[0];
  }

  private static WebSocket connect(SignedInRelay console, Frames frames, String... headers) {
    WebSocket.Builder builder = console.client.newWebSocketBuilder();
    for (int i = 0; i < headers.length; i += 2) {
      builder.header(headers[i], headers[i + 1]);
    }
    URI uri = URI.create("ws://" + console.authority() + "/eventbus/websocket");
    return builder.buildAsync(uri, frames).join();
  }
}
