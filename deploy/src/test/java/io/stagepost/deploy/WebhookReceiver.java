package io.stagepost.deploy;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;

/** A receiver of webhooks that is no part of the product: a process in Python. */
final class WebhookReceiver implements AutoCloseable {

  private static final Duration LIMIT = Duration.ofMinutes(2);

  private final Process process;
  private final HttpClient client = HttpClient.newHttpClient();
  private final String base;

  private WebhookReceiver(Process process, int port) {
    this.process = process;
    this.base = "http://127.0.0.1:" + port;
  }

  static WebhookReceiver start() throws IOException {
    Process process =
        new ProcessBuilder(
                "python3",
                Distribution.DEPLOY.resolve("src/test/resources/webhooks/receiver.py").toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String line = process.inputReader().readLine();
    return new WebhookReceiver(process, Integer.parseInt(line.replace("listening on ", "")));
  }

  String url() {
    return base + "/hook";
  }

  /** What it checks signatures with. */
  void secret(String secret) {
    send("PUT", JsonObject.of("secret", secret).encode(), List.of());
  }

  /** How it answers from now on. */
  void mode(String mode) {
    send("PUT", JsonObject.of("mode", mode).encode(), List.of());
  }

  /** What it has seen. */
  JsonObject seen() {
    return new JsonObject(send("GET", "", List.of()).body());
  }

  /** Waits until what it has seen is as wanted. */
  JsonObject await(Predicate<JsonObject> wanted) {
    long end = System.nanoTime() + LIMIT.toNanos();
    JsonObject seen = seen();
    while (!wanted.test(seen)) {
      if (System.nanoTime() > end) {
        throw new AssertionError(seen.encodePrettily());
      }
      seen = seen();
    }
    return seen;
  }

  /** The status that a request to the hook is answered with. */
  int post(String body, List<String> headers) {
    return send("POST", body, headers).statusCode();
  }

  private HttpResponse<String> send(String method, String body, List<String> headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url()))
            .timeout(LIMIT)
            .method(method, BodyPublishers.ofString(body));
    if (!headers.isEmpty()) {
      request.headers(headers.toArray(String[]::new));
    }
    try {
      return client.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
    process.destroy();
  }
}
