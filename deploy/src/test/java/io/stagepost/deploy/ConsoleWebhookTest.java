package io.stagepost.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/**
 * A webhook is made in the console, its receiver breaks and comes back, and what it missed is
 * replayed.
 */
@Tag("chromium")
class ConsoleWebhookTest {

  @TempDir Path directory;
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private HttpServer receiver;
  private BrowsedRelay relay;
  private ConsoleBrowser browser;
  private volatile int answer = 204;

  /** What the receiver was sent. */
  private record Request(String id, String time, String signatures, String body) {

    // As the specification of Standard Webhooks has it, with nothing of ours.
    boolean isSignedWith(String secret) {
      try {
        Mac mac = Mac.getInstance("HmacSHA256");
        byte[] key = Base64.getDecoder().decode(secret.substring("whsec_".length()));
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        byte[] made = mac.doFinal((id + '.' + time + '.' + body).getBytes(UTF_8));
        return List.of(signatures.split(" ", -1))
            .contains("v1," + Base64.getEncoder().encodeToString(made));
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  @BeforeEach
  void start() throws IOException {
    receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    receiver.createContext("/", this::take);
    receiver.start();
    relay =
        BrowsedRelay.start(
            directory, "webhooks { allow = [\"127.0.0.0/8\"], retry = \"2s\", back-off = \"1s\" }");
    browser = ConsoleBrowser.open(directory.resolve("profile"), relay.url());
  }

  @AfterEach
  void stop() {
    try {
      browser.close();
    } finally {
      relay.close();
      receiver.stop(0);
    }
  }

  private void take(HttpExchange exchange) throws IOException {
    var headers = exchange.getRequestHeaders();
    requests.add(
        new Request(
            headers.getFirst("webhook-id"),
            headers.getFirst("webhook-timestamp"),
            headers.getFirst("webhook-signature"),
            new String(exchange.getRequestBody().readAllBytes(), UTF_8)));
    exchange.sendResponseHeaders(answer, -1);
    exchange.close();
  }

  @Test
  void isMadeSignedBrokenAndReplayed() {
    browser.signIn("ada");
    browser.visit("/webhooks", "Webhooks");
    browser.awaitText("#content", "Nobody is told of events yet");
    browser.click("#add-webhook");
    browser.fill("#url", "https://192.168.0.1/hook");
    browser.click("#save-webhook");
    browser.find("#url-fault");
    browser.fill("#url", "http://127.0.0.1:" + receiver.getAddress().getPort() + "/hook");
    browser.click("#type-forwarded");
    browser.click("#save-webhook");
    String secret = browser.awaitText("#webhook-secret", "whsec_");
    browser.press(Keys.ESCAPE);
    browser.click("#webhooks a");
    browser.awaitHeading("Webhook");

    relay.submit(List.of("ada@example.net"), "Subject: one\n\ntext");
    browser.find("#deliveries [data-state=delivered]");
    assertThat(requests)
        .singleElement()
        .matches(request -> request.isSignedWith(secret))
        .matches(request -> request.body().contains("forwarded"));

    answer = 500;
    relay.submit(List.of("ada@example.net"), "Subject: two\n\ntext");
    browser.click("#tab-dead");
    browser.awaitText("#deliveries [data-state=dead]", "HTTP 500");
    for (String theme : List.of("light", "dark")) {
      browser.theme(theme);
      browser.shoot("webhook-phone-" + theme, 390, 844);
      assertThat(browser.tooWide()).isEmpty();
      browser.shoot("webhook-wide-" + theme, 1440, 900);
    }
    String id = requests.getLast().id();
    browser.click("#deliveries [aria-label^=Details]");
    browser.awaitText("dialog", id);
    browser.press(Keys.ESCAPE);
    answer = 204;
    browser.click("#deliveries [data-do=replay]");
    browser.awaitText(".notices", "sent again");
    browser.click("#tab-delivered");
    browser.await(
        "it is not delivered",
        () -> browser.count("#deliveries [data-state=delivered]") == 2 ? true : null);
    assertThat(requests.getLast().id()).isEqualTo(id);
    assertThat(requests.getLast()).matches(request -> request.isSignedWith(secret));
  }
}
