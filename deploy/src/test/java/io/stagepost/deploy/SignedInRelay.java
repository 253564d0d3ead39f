package io.stagepost.deploy;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A relay with a console, and somebody who is signed in there. */
final class SignedInRelay implements AutoCloseable {

  private static final Pattern CONSOLE =
      Pattern.compile("console on (https?://(127\\.0\\.0\\.1:\\d+))");
  private static final String PASSWORD = "correct horse battery";

  final Relay relay;
  final HttpClient client;
  private final String url;
  private final String authority;
  private String cookie = "";
  private String csrf = "";

  private SignedInRelay(Relay relay, HttpClient client) {
    this.relay = relay;
    this.client = client;
    Matcher matcher = CONSOLE.matcher(relay.awaitLine(line -> CONSOLE.matcher(line).find()));
    if (!matcher.find()) {
      throw new AssertionError(relay.log());
    }
    this.url = matcher.group(1);
    this.authority = matcher.group(2);
  }

  /** Starts one in a directory; root, an admin, is signed in. */
  static SignedInRelay start(Path directory, String... options) throws IOException {
    return start(directory, HttpClient.newHttpClient(), options);
  }

  /** The same with a client that trusts its certificate. */
  static SignedInRelay start(Path directory, HttpClient client, String... options)
      throws IOException {
    Path spool = Files.createDirectories(directory.resolve("spool"));
    Path users = Files.writeString(directory.resolve("users"), "admin root\nviewer reader\n");
    Path accounts =
        Files.writeString(
            directory.resolve("accounts"),
            """
            server plain root correct+20horse+20battery
            server plain reader correct+20horse+20battery
            """);
    Relay relay =
        Relay.serving(spool)
            .options("--http-port", "0", "--http-users", users.toString())
            .options("--http-auth", accounts.toString())
            .options(options)
            .listening();
    SignedInRelay console = new SignedInRelay(relay, client);
    console.signIn("root");
    return console;
  }

  private void signIn(String user) {
    HttpResponse<String> response =
        ask("POST", "/api/v1/session", JsonObject.of("user", user, "password", PASSWORD));
    if (response.statusCode() != 200) {
      throw new AssertionError(response.body());
    }
    cookie = response.headers().firstValue("Set-Cookie").orElseThrow().split(";")[0];
    csrf = new JsonObject(response.body()).getString("csrfToken");
  }

  String authority() {
    return authority;
  }

  /** Asks as the one who is signed in. */
  HttpResponse<String> ask(String method, String path, @Nullable JsonObject body) {
    List<String> headers = new ArrayList<>(List.of("Content-Type", "application/json"));
    if (!cookie.isEmpty()) {
      headers.addAll(List.of("Cookie", cookie, "X-CSRF-Token", csrf));
    }
    return send(method, path, body == null ? "" : body.encode(), headers);
  }

  /** Asks with these headers, names and values in turn. */
  HttpResponse<String> send(String method, String path, String body, List<String> headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url + path))
            .timeout(Duration.ofMinutes(2))
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
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

  /** What an answer says that must be of this status. */
  JsonObject expect(int status, HttpResponse<String> response) {
    if (response.statusCode() != status) {
      throw new AssertionError(response.statusCode() + ": " + response.body());
    }
    return response.body().isEmpty() ? new JsonObject() : new JsonObject(response.body());
  }

  /** A token of root's. */
  String token(String... scopes) {
    return expect(
            201,
            ask("POST", "/api/v1/tokens", JsonObject.of("name", "test", "scopes", List.of(scopes))))
        .getString("token");
  }

  String cookie() {
    return cookie;
  }

  @Override
  public void close() {
    client.shutdownNow();
    relay.close();
  }
}
