package io.stagepost.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every view, light and dark, wide and on a phone: pictures in {@code target/screenshots}, nothing
 * that axe calls serious, nothing wider than the screen.
 */
@Tag("chromium")
class ConsoleViewsTest {

  private static final int WIDE = 1440;
  private static final int PHONE = 390;
  private static final int MANUAL_HEIGHT = 1000;
  private static final double MANUAL_SCALE = 0.65;

  @TempDir static Path directory;
  private static BrowsedRelay relay;
  private static ConsoleBrowser browser;
  private static String axe;

  @BeforeAll
  static void start() throws IOException {
    try (InputStream script =
        Objects.requireNonNull(ConsoleViewsTest.class.getResourceAsStream("/axe.min.js"))) {
      axe = new String(script.readAllBytes(), UTF_8);
    }
    relay =
        BrowsedRelay.start(
            directory,
            "pop { enabled = yes, port = 0, auth = \"" + directory.resolve("accounts") + "\" }");
    browser = ConsoleBrowser.open(directory.resolve("profile"), relay.url());
    fill();
    browser.signIn("ada");
    browser.awaitText("#tile-failed .tile-value", "8");
    browser.awaitText("#tile-waiting .tile-value", "0");
  }

  // Something of everything.
  private static void fill() {
    relay.submit(
        IntStream.range(0, 20).mapToObj(i -> "customer" + i + "@example.net").toList(),
        "From: Shop <shop@relay.example>\nSubject: Your order\n\nIt has been sent.\n");
    relay.submit(
        IntStream.range(0, 7).mapToObj(i -> "user" + i + "@nosuch.example").toList(),
        "From: Shop <shop@relay.example>\nSubject: Welcome to our shop\n\nGood morning.\n");
    relay.submit(
        List.of("ada@nosuch.example"),
        """
        From: Shop <shop@relay.example>
        To: Ada <ada@nosuch.example>
        Subject: =?utf-8?q?Your_order_4711_=E2=80=93_on_its_way?=
        MIME-Version: 1.0
        Content-Type: multipart/alternative; boundary=x

        --x
        Content-Type: text/plain

        Your order 4711 is on its way.
        --x
        Content-Type: text/html

        <div style="background:#0a6f5a;color:#fff;padding:24px"><h1>Your order</h1></div>
        <p>Hello Ada, your order <b>4711</b> is on its way.</p>
        <img src="https://tracker.example/pixel.png" alt="a picture from elsewhere">
        --x--
        """);
  }

  @AfterAll
  static void stop() {
    try {
      browser.close();
    } finally {
      relay.close();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/, Overview",
    "/queue, Queue",
    "/failures, Failures",
    "/mailboxes, Mailboxes",
    "/send, Send a test message",
    "/configuration, Configuration",
    "/users, Users and tokens",
    "/webhooks, Webhooks",
    "/log, Live log",
    "/nowhere, Nothing here"
  })
  void view(String path, String heading) {
    browser.size(WIDE, 900);
    browser.visit(path, heading);
    if (path.equals("/log")) {
      browser.find("#log .line");
    }
    look(path.equals("/") ? "overview" : path.substring(1));
  }

  @Test
  void message() {
    browser.size(WIDE, 900);
    browser.visit("/queue?state=failed&subject=4711", "Queue");
    browser.click("#messages a");
    browser.awaitHeading("Your order 4711");
    browser.click("#trace [data-type=failed] summary");
    browser.find("#viewer");
    look("message");
  }

  @Test
  void picturesOfTheManuals() {
    browser.size(WIDE, MANUAL_HEIGHT);
    browser.visit("/", "Overview");
    browser.awaitText("#live", "live");
    browser.find("main canvas");
    browser.awaitNone(".spinner-border");
    browser.shootWindow("manual-overview", WIDE, MANUAL_HEIGHT, MANUAL_SCALE);
    browser.visit("/queue?state=failed&subject=4711", "Queue");
    browser.click("#messages a");
    browser.awaitHeading("Your order 4711");
    browser.click("#trace [data-type=failed] summary");
    browser.find("#viewer");
    browser.awaitNone(".spinner-border");
    browser.shootWindow("manual-message", WIDE, MANUAL_HEIGHT, MANUAL_SCALE);
    browser.visit("/queue", "Queue");
    browser.find("#messages a");
    browser.theme("dark");
    browser.shootWindow("manual-queue-phone", PHONE, 844, MANUAL_SCALE);
    browser.theme("light");
  }

  @Test
  void changesOfTheConfiguration() {
    browser.size(WIDE, 900);
    browser.visit("/configuration", "Configuration");
    String before = browser.find("#text").getDomProperty("value");
    browser.fill("#text", before + "limits.sice = 1");
    browser.find("#problems");
    look("configuration-problem");
    browser.fill("#text", before + "limits.size = 2000000");
    browser.awaitText("#editor-state", "valid, not applied");
    browser.click("#apply");
    browser.find("#diff");
    look("configuration-diff");
    browser.fill("#comment", "larger messages");
    browser.click("#apply-now");
    browser.find("#outcome");
    look("configuration-applied");
    browser.click("#tab-history");
    browser.find("#history [data-do=restore]");
    look("configuration-history");
  }

  @Test
  void help() {
    browser.size(WIDE, 900);
    browser.visit("/mailboxes", "Mailboxes");
    browser.press("?");
    browser.find("dialog");
    look("help");
  }

  @Test
  void menuOfAPhone() {
    browser.size(PHONE, 844);
    browser.visit("/queue", "Queue");
    browser.click("#menu-button");
    browser.find("#menu.open");
    browser.shoot("menu-phone-light", PHONE, 844);
  }

  @Test
  void signIn() {
    try {
      browser.driver().manage().deleteAllCookies();
      browser.size(WIDE, 900);
      browser.driver().get(relay.url());
      browser.find("#sign-in");
      look("signin");
    } finally {
      browser.signIn("ada");
    }
  }

  private static void look(String name) {
    browser.awaitNone(".spinner-border");
    for (String theme : List.of("light", "dark")) {
      browser.theme(theme);
      browser.shoot(name + "-wide-" + theme, WIDE, 900);
      assertThat(faults()).as(name + ", " + theme).isEmpty();
      browser.shoot(name + "-phone-" + theme, PHONE, 844);
      assertThat(browser.tooWide()).as(name + " on a phone").isEmpty();
    }
    browser.theme("light");
  }

  private static List<?> faults() {
    if (browser.script("return typeof axe").equals("undefined")) {
      browser.script(axe);
    }
    return (List<?>)
        browser
            .driver()
            .executeAsyncScript(
                """
                const done = arguments[0];
                axe.run(document, {resultTypes: ["violations"], iframes: false}).then((found) => done(
                  found.violations
                    .filter((each) => each.impact === "serious" || each.impact === "critical")
                    .flatMap((each) => each.nodes.map((node) =>
                      each.id + ": " + node.target + " " + node.failureSummary))));
                """);
  }
}
