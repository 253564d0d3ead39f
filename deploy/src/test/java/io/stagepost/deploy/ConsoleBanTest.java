package io.stagepost.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who guesses at passwords by HTTP is kept out by all protocols, and the other way round. */
class ConsoleBanTest {

  private static final Pattern POP = Pattern.compile("pop server on 127\\.0\\.0\\.1:(\\d+)");
  private static final int MOST = 3;

  @TempDir Path directory;

  private SignedInRelay start() throws IOException {
    String accounts = directory.resolve("accounts").toString();
    return SignedInRelay.start(
        directory,
        "--server-auth",
        accounts,
        "--clear-passwords",
        "--pop",
        "--pop-port",
        "0",
        "--pop-auth",
        accounts,
        "--auth-delay",
        "0",
        "--auth-ban-after",
        String.valueOf(MOST),
        "--auth-ban-exempt",
        "192.0.2.1");
  }

  private static HttpResponse<String> signIn(SignedInRelay console, String password) {
    JsonObject user = JsonObject.of("user", "reader", "password", password);
    return console.ask("POST", "/api/v1/session", user);
  }

  private static String submission(SignedInRelay console, String password) throws IOException {
    String plain = "\0reader\0" + password;
    String coded = Base64.getEncoder().encodeToString(plain.getBytes(StandardCharsets.UTF_8));
    return dialogue(console.relay.port(), "EHLO x", "AUTH PLAIN " + coded, "QUIT");
  }

  private static int popPort(Relay relay) {
    Matcher matcher = POP.matcher(relay.awaitLine(line -> POP.matcher(line).find()));
    assertThat(matcher.find()).isTrue();
    return Integer.parseInt(matcher.group(1));
  }

  // Nothing is sent to who closes at once, so that nothing of what it says is lost.
  private static String greeting(int port) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }
  }

  private static String dialogue(int port, String... lines) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      String text = String.join("\r\n", lines) + "\r\n";
      socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }
  }

  @Test
  void r4WrongPasswordsByHttpBanFromAllProtocols() throws IOException {
    try (SignedInRelay console = start()) {
      for (int i = 0; i < MOST; i++) {
        console.expect(401, signIn(console, "guess" + i));
      }
      console.relay.awaitLine(line -> line.contains("no more authentication for 600s from 127."));
      HttpResponse<String> refused = signIn(console, "correct horse battery");
      console.expect(429, refused);
      assertThat(refused.headers().firstValueAsLong("Retry-After")).isPresent();
      assertThat(greeting(console.relay.port())).startsWith("421 ");
      assertThat(greeting(popPort(console.relay))).doesNotContain("+OK");
      // Who is in already stays in.
      assertThat(console.send("GET", "/api/v1/account", "", cookie(console)).statusCode())
          .isEqualTo(200);
      assertThat(console.relay.log()).doesNotContain("guess");
    }
  }

  private static List<String> cookie(SignedInRelay console) {
    return List.of("Cookie", console.cookie());
  }

  @Test
  void r4WrongPasswordsByMailBanFromTheConsole() throws IOException {
    try (SignedInRelay console = start()) {
      for (int i = 0; i < MOST; i++) {
        assertThat(submission(console, "guess" + i)).doesNotContain("235 ");
      }
      console.relay.awaitLine(line -> line.contains("no more authentication for 600s from 127."));
      console.expect(429, signIn(console, "correct horse battery"));
    }
  }
}
