package io.stagepost.admin.webhook;

import static io.stagepost.spool.Await.await;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A program that receives events and answers as it is told. */
final class Receiver implements AutoCloseable {

  private final HttpServer server;
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private volatile Consumer<HttpServerRequest> answers = answering(204);

  /** A request as it came. */
  record Request(Map<String, String> headers, String body) {

    String id() {
      return String.valueOf(headers.get("webhook-id"));
    }

    JsonObject json() {
      return new JsonObject(body);
    }

    /** Whether one of its signatures is made with a secret. */
    boolean isSignedWith(String secret) {
      try {
        byte[] key = Base64.getDecoder().decode(secret.replaceFirst("^whsec_", ""));
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        String text = id() + "." + headers.get("webhook-timestamp") + "." + body;
        byte[] expected = mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        String signatures = String.valueOf(headers.get("webhook-signature"));
        return List.of(signatures.split(" "))
            .contains("v1," + Base64.getEncoder().encodeToString(expected));
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private Receiver(HttpServer server) {
    this.server = server;
  }

  static Receiver start(Vertx vertx) {
    return start(vertx, new HttpServerOptions());
  }

  static Receiver start(Vertx vertx, HttpServerOptions options) {
    Receiver[] made = new Receiver[1];
    HttpServer server =
        vertx
            .createHttpServer(options.setHost("127.0.0.1").setPort(0))
            .requestHandler(request -> made[0].take(request));
    made[0] = new Receiver(server);
    await(server.listen());
    return made[0];
  }

  /** Answers with a status. */
  static Consumer<HttpServerRequest> answering(int status) {
    return request -> request.response().setStatusCode(status).end();
  }

  private void take(HttpServerRequest request) {
    request.body().onSuccess(body -> taken(request, body));
  }

  private void taken(HttpServerRequest request, Buffer body) {
    Map<String, String> headers = new java.util.HashMap<>();
    request.headers().forEach(header -> headers.put(header.getKey(), header.getValue()));
    requests.add(new Request(headers, body.toString()));
    answers.accept(request);
  }

  /** How it answers from now on. */
  void answer(Consumer<HttpServerRequest> how) {
    answers = how;
  }

  int port() {
    return server.actualPort();
  }

  String url() {
    return "http://127.0.0.1:" + port() + "/hook?x=1";
  }

  List<Request> requests() {
    return new ArrayList<>(requests);
  }

  List<String> ids() {
    return requests.stream().map(Request::id).toList();
  }

  @Override
  public void close() {
    await(server.close());
  }
}
