package io.stagepost.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebDriverException;

/** What administrators do with the console, by a browser. */
@Tag("chromium")
class ConsoleWalkTest {

  @TempDir static Path directory;
  private static BrowsedRelay relay;
  private static ConsoleBrowser browser;

  @BeforeAll
  static void start() {
    relay = BrowsedRelay.start(directory);
    browser = ConsoleBrowser.open(directory.resolve("profile"), relay.url());
  }

  @AfterAll
  static void stop() {
    try {
      browser.close();
    } finally {
      relay.close();
    }
  }

  @Test
  void firstSignInTellsOfAWrongPassword() {
    browser.driver().manage().deleteAllCookies();
    browser.driver().get(relay.url() + "/queue");
    browser.fill("#user", "ada");
    browser.fill("#password", "wrong");
    browser.click("#sign-in");
    browser.awaitText("[role=alert]", "wrong user or password");
    browser.fill("#password", BrowsedRelay.PASSWORD);
    browser.click("#sign-in");
    browser.awaitHeading("Queue");
    browser.click("#sign-out");
    browser.find("#sign-in");
    browser.driver().get(relay.url());
    browser.find("#sign-in");
  }

  // They refuse some, whoever listens there.
  @Test
  void browsersTakeThePortThatRunServes() throws IOException {
    Matcher port =
        Pattern.compile("CONSOLE_PORT=(\\d+)")
            .matcher(Files.readString(Distribution.DEPLOY.resolve("lib/console.sh")));
    assertThat(port.find()).isTrue();
    try {
      browser.driver().get("http://127.0.0.1:" + port.group(1) + "/icon.svg");
      assertThat(browser.driver().getPageSource()).doesNotContain("ERR_UNSAFE_PORT");
    } catch (WebDriverException e) {
      assertThat(e).hasMessageContaining("ERR_CONNECTION_REFUSED");
    }
  }

  @Test
  void overviewIsAliveWhileAThousandMessagesFlow() {
    browser.signIn("ada");
    browser.awaitText("#live", "live");
    browser.script(
        """
        window.seen = [];
        const note = () => window.seen.push(document.querySelector("#tile-delivered .tile-value").textContent);
        new MutationObserver(note).observe(document.querySelector("#tiles"), {subtree: true, characterData: true, childList: true});
        """);
    List<String> recipients =
        IntStream.range(0, 250).mapToObj(i -> "customer" + i + "@example.net").toList();
    List<Thread> clients =
        IntStream.range(0, 4)
            .mapToObj(
                i ->
                    Thread.ofVirtual()
                        .start(() -> relay.submit(recipients, "Subject: flow\n\ntext")))
            .toList();
    browser.await(
        "the rate never moves",
        () -> browser.script("return window.seen.find((text) => text !== '0/s')"));
    browser.awaitText("#news", "forwarded");
    clients.forEach(ConsoleWalkTest::join);
    browser.await(
        "not all are delivered",
        () ->
            browser.script(
                """
                return fetch("/api/v1/statistics").then((answer) => answer.json())
                  .then((now) => (now.events.forwarded >= 1000 ? now : null));
                """));
    browser.awaitText("#tile-waiting", "0");
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  @Test
  void aFailedMessageIsFoundReadRetriedAndDelivered() {
    relay.submit(
        List.of("ada@nosuch-one.example"), "Subject: Your =?utf-8?q?=C3=BCber?= order 4711\n\nx");
    browser.signIn("olga");
    browser.visit("/queue", "Queue");
    browser.click("#state-failed");
    browser.click("#search-where option[value=subject]");
    browser.fill("#search-text", "order 4711");
    browser.press(Keys.ENTER);
    browser.awaitText("#messages", "5.1.1 no such user");
    browser.click("#messages a");
    browser.awaitHeading("Your über order 4711");
    browser.awaitText("#envelope", "ada@nosuch-one.example");
    browser.click("#trace [data-type=failed] summary");
    browser.awaitText("#trace [data-type=failed] pre", "RCPT TO:<ada@nosuch-one.example>");
    browser.awaitText("#trace [data-type=failed] pre", "550 5.1.1 no such user here");
    relay.hop().know("nosuch-one.example");
    browser.click("#do-retry");
    browser.awaitText("#farewell", "It was delivered");
    browser.find("#trace [data-type=retried]");
    browser.find("#trace [data-type=forwarded]");
  }

  @Test
  void allOfOneCauseAreRetriedWithOneClick() {
    List<String> recipients =
        IntStream.range(0, 7).mapToObj(i -> "user" + i + "@nosuch-all.example").toList();
    relay.submit(recipients, "Subject: welcome\n\ntext");
    browser.signIn("olga");
    String group = "//li[contains(@class,'group')][contains(.,'nosuch-all.example')]";
    browser.visit("/failures", "Failures");
    browser.await(
        "not all have failed",
        () -> {
          var found =
              browser.driver().findElements(By.xpath(group + "[contains(.,'Retry all 7')]"));
          if (found.isEmpty()) {
            browser.visit("/failures", "Failures");
            return null;
          }
          return found;
        });
    relay.hop().know("nosuch-all.example");
    browser.driver().findElement(By.xpath(group + "//button[contains(.,'Retry all 7')]")).click();
    browser.awaitText(".notices", "7 messages to be tried again");
    browser.await(
        "the group stays",
        () -> browser.driver().findElements(By.xpath(group)).isEmpty() ? true : null);
  }

  @Test
  void configurationIsEditedWithAnErrorThenRightlyAndRolledBack() throws IOException {
    String before = Files.readString(relay.file());
    browser.signIn("ada");
    browser.visit("/configuration", "Configuration");
    browser.fill("#text", before + "limits.sice = 2000000");
    browser.awaitText("#problems", "limits.size");
    assertThat(browser.find("#apply").isEnabled()).isFalse();
    browser.find(".gutter .wrong");
    browser.fill("#text", before + "limits.size = 2000000");
    browser.awaitText("#editor-state", "valid, not applied");
    browser.click("#apply");
    browser.awaitText("#diff .added", "limits.size = 2000000");
    browser.fill("#comment", "larger messages");
    browser.click("#apply-now");
    browser.awaitText("#outcome", "limits.size");
    assertThat(Files.readString(relay.file())).endsWith("limits.size = 2000000");
    browser.click("#tab-history");
    browser.awaitText("#history", "larger messages");
    browser.click("#history [data-do=restore]");
    browser.click("#confirm-yes");
    browser.awaitText("#outcome", "limits.size");
    assertThat(Files.readString(relay.file())).isEqualTo(before);
  }

  @Test
  void whatIsSentIsToldAtTheFieldThatIsWrongAndThenFollowed() {
    browser.signIn("olga");
    browser.visit("/send", "Send a test message");
    browser.fill("#from", "Olga <olga@relay.example>");
    browser.fill("#to", "not an address");
    browser.click("#send-now");
    browser.find("#to-fault");
    assertThat(browser.find("#to").getDomAttribute("aria-invalid")).isEqualTo("true");
    browser.fill("#to", "Ada <ada@example.net>");
    browser.click("#send-now");
    browser.click("#sent a");
    browser.awaitText("#farewell", "It was delivered");
  }

  @Test
  void w5HtmlOfAMessageCanDoNothing() {
    relay.submit(
        List.of("ada@nosuch-html.example"),
        """
        Subject: dangerous
        MIME-Version: 1.0
        Content-Type: text/html; charset=utf-8

        <p id="said">Your order</p><img src="https://127.0.0.1:9/pixel.png" alt="pixel">
        <script>document.body.textContent = "pwned"; top.location = "/stolen"</script>
        <form action="/api/v1/session"><button>go</button></form>
        """);
    browser.signIn("ada");
    browser.visit("/queue?state=failed&recipient=nosuch-html.example", "Queue");
    browser.await(
        "it never fails",
        () -> {
          if (browser.count("#messages a") == 0) {
            browser.click("#refresh");
            return null;
          }
          return true;
        });
    browser.click("#messages a");
    browser.awaitHeading("dangerous");
    assertThat(browser.find("#viewer").getDomAttribute("sandbox")).isEmpty();
    browser.driver().switchTo().frame(browser.find("#viewer"));
    try {
      browser.awaitText("body", "Your order");
      assertThat(browser.text()).doesNotContain("pwned");
    } finally {
      browser.driver().switchTo().defaultContent();
    }
    assertThat(browser.driver().getCurrentUrl()).contains("/message?id=");
  }

  @Test
  void selectedMessagesAreHeldReleasedAndDeleted() {
    relay.submit(Collections.nCopies(3, "ada@nosuch-bulk.example"), "Subject: bulk\n\ntext");
    browser.signIn("olga");
    browser.visit("/queue?state=failed&recipient=nosuch-bulk.example", "Queue");
    browser.await(
        "they never fail",
        () -> {
          if (browser.count("#messages tbody tr") < 3) {
            browser.click("#refresh");
            return null;
          }
          return true;
        });
    browser.click("#select-all");
    browser.click("#bulk-delete");
    browser.awaitText("dialog", "3 messages");
    browser.click("#confirm-yes");
    browser.awaitText(".notices", "3 messages deleted");
    browser.awaitText("#content", "No message matches");
  }

  @Test
  void aTokenIsShownOnce() {
    browser.signIn("olga");
    browser.visit("/users", "Account and tokens");
    browser.click("#add-token");
    browser.click("#dialog-save");
    browser.find("#token-name-fault");
    browser.fill("#token-name", "backup");
    browser.click("#scope-queue");
    browser.click("#dialog-save");
    browser.awaitText("#token-text", "sp_");
    browser.press(Keys.ESCAPE);
    browser.awaitNone("#token-text");
    browser.awaitText("#tokens", "backup");
  }

  @Test
  void viewersLookOnly() {
    relay.submit(List.of("ada@nosuch-view.example"), "Subject: to be seen\n\ntext");
    browser.signIn("vera");
    browser.awaitText("#menu", "Queue");
    assertThat(browser.find("#menu").getText()).doesNotContain("Send");
    browser.visit("/queue", "Queue");
    browser.find("#messages");
    assertThat(browser.count("#flush, #select-all, .bulk")).isZero();
    browser.click("#messages a");
    browser.find("#download");
    assertThat(browser.count("[id^=do-]")).isZero();
    browser.visit("/send", "Send a test message");
    browser.awaitText("#content", "You may only look");
    browser.visit("/configuration", "Configuration");
    browser.find("#effective");
    assertThat(browser.count("#tab-file, #apply")).isZero();
    browser.visit("/webhooks", "Webhooks");
    browser.awaitText("#content", "Only admins");
  }

  @Test
  void theKeyboardIsEnough() {
    browser.signIn("ada");
    browser.press("gq");
    browser.awaitHeading("Queue");
    browser.await(
        "the heading never gets the focus",
        () ->
            "view-heading".equals(browser.script("return document.activeElement.id"))
                ? true
                : null);
    browser.press("/");
    assertThat(browser.script("return document.activeElement.id")).isEqualTo("search-text");
    browser.script("document.activeElement.blur()");
    browser.press("?");
    browser.awaitText("dialog", "Live log");
    browser.press(Keys.ESCAPE);
    browser.awaitNone("dialog");
    browser.press("gl");
    browser.awaitHeading("Live log");
    relay.submit(List.of("ada@nosuch-log.example"), "Subject: to be logged\n\ntext");
    browser.find("#log .line");
    browser.script("document.querySelector('.skip').focus()");
    browser.await(
        "the skip link is not shown",
        () -> browser.find(".skip").getLocation().getY() >= 0 ? true : null);
    browser.press(Keys.ENTER);
    assertThat(browser.script("return document.activeElement.id")).isEqualTo("content");
  }
}
