package io.stagepost.deploy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.openqa.selenium.By;
import org.openqa.selenium.Cookie;
import org.openqa.selenium.ElementClickInterceptedException;
import org.openqa.selenium.JavascriptException;
import org.openqa.selenium.Keys;
import org.openqa.selenium.NoSuchElementException;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.TimeoutException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.support.ui.WebDriverWait;

/** A headless Chromium that looks at the console. Whatever it looks for is waited for. */
final class ConsoleBrowser implements AutoCloseable {

  private static final Path SHOTS = Distribution.DEPLOY.resolve("target/screenshots");
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final ChromeDriver driver;
  private final WebDriverWait wait;
  private final String url;
  private final Map<String, Cookie> sessions = new HashMap<>();

  private ConsoleBrowser(Path profile, String url) {
    this.url = url;
    ChromeOptions options = new ChromeOptions();
    options.setBinary("/usr/bin/chromium");
    options.addArguments(
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--lang=en-GB",
        "--window-size=1440,900",
        "--user-data-dir=" + profile);
    // With both paths given nothing is looked for, and nobody asked.
    driver =
        new ChromeDriver(
            new ChromeDriverService.Builder()
                .usingDriverExecutable(Path.of("/usr/bin/chromedriver").toFile())
                .usingAnyFreePort()
                .build(),
            options);
    wait = new WebDriverWait(driver, LIMIT, Duration.ofMillis(100));
    wait.ignoring(StaleElementReferenceException.class, NoSuchElementException.class);
    wait.ignoring(JavascriptException.class);
  }

  /** Opens one with a profile of its own. */
  static ConsoleBrowser open(Path profile, String url) {
    return new ConsoleBrowser(profile, url);
  }

  /** What asks it directly. */
  ChromeDriver driver() {
    return driver;
  }

  /** Goes to an address of the console and waits for the view. */
  void visit(String path, String heading) {
    driver.get(url + path);
    awaitHeading(heading);
  }

  /** Waits for the heading of a view. */
  void awaitHeading(String heading) {
    awaitText("#view-heading", heading);
  }

  /** Goes to the overview as a user, who fills in the form the first time. */
  void signIn(String user) {
    driver.get(url + "/icon.svg");
    driver.manage().deleteAllCookies();
    Cookie session = sessions.get(user);
    if (session != null) {
      driver.manage().addCookie(session);
      visit("/", "Overview");
      return;
    }
    driver.get(url);
    fill("#user", user);
    fill("#password", BrowsedRelay.PASSWORD);
    click("#sign-in");
    awaitHeading("Overview");
    sessions.put(user, driver.manage().getCookieNamed("stagepost-session"));
  }

  /** The first element that a selector of CSS finds and that is shown. */
  WebElement find(String css) {
    return await(
        "nothing is shown that is " + css,
        () ->
            driver.findElements(By.cssSelector(css)).stream()
                .filter(WebElement::isDisplayed)
                .findFirst()
                .orElse(null));
  }

  /** Clicks as soon as that can be done. */
  void click(String css) {
    await(
        "can't be clicked: " + css,
        () -> {
          WebElement found = find(css);
          if (!found.isEnabled()) {
            return null;
          }
          try {
            found.click();
          } catch (ElementClickInterceptedException notYet) {
            return null;
          }
          return found;
        });
  }

  /** Replaces the content of a field. */
  void fill(String css, String text) {
    WebElement field = find(css);
    field.sendKeys(Keys.chord(Keys.CONTROL, "a"), Keys.DELETE);
    field.sendKeys(text);
  }

  /** Waits until an element has a text in it, and gives all of its text. */
  String awaitText(String css, String text) {
    return await(
        css + " never has " + text,
        () -> {
          String shown = driver.findElement(By.cssSelector(css)).getText();
          return shown.contains(text) ? shown : null;
        });
  }

  /** Waits until nothing is found by a selector. */
  void awaitNone(String css) {
    await(
        "there is still " + css,
        () -> driver.findElements(By.cssSelector(css)).isEmpty() ? true : null);
  }

  /** How many a selector finds now. */
  int count(String css) {
    return driver.findElements(By.cssSelector(css)).size();
  }

  /** What a condition gives, as soon as it gives something. */
  <T> T await(String what, Supplier<@Nullable T> condition) {
    try {
      return wait.until(d -> condition.get());
    } catch (TimeoutException e) {
      shoot("failure");
      throw new AssertionError(what + "; at " + driver.getCurrentUrl() + "\n" + text(), e);
    }
  }

  /** All text of the page. */
  String text() {
    return driver.findElement(By.tagName("body")).getText();
  }

  /** Presses keys where the focus is. */
  void press(CharSequence... keys) {
    new Actions(driver).sendKeys(keys).perform();
  }

  /** What a script returns. */
  Object script(String script, Object... arguments) {
    return driver.executeScript(script, arguments);
  }

  /** The width and height of the page from now on. */
  void size(int width, int height) {
    size(width, height, 1);
  }

  private void size(int width, int height, double scale) {
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of(
            "width", width, "height", height, "deviceScaleFactor", scale, "mobile", width < 600));
  }

  /** The colours from now on. */
  void theme(String theme) {
    script("window.stagepostTheme.set(arguments[0])", theme);
  }

  /** Takes a picture of the whole page as it is at a width. */
  void shoot(String name, int width, int height) {
    size(width, height);
    Number whole = (Number) script("return document.documentElement.scrollHeight");
    size(width, Math.min(4000, Math.max(height, whole.intValue())));
    shootSettled(name);
  }

  /** Takes a picture of what a window of a size shows, in another scale. */
  void shootWindow(String name, int width, int height, double scale) {
    size(width, height, scale);
    shootSettled(name);
    size(width, height);
  }

  private void shootSettled(String name) {
    // Charts follow the size with the next frame.
    driver.executeAsyncScript(
        "const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(done))");
    shoot(name);
  }

  private void shoot(String name) {
    Object data = driver.executeCdpCommand("Page.captureScreenshot", Map.of()).get("data");
    try {
      Files.createDirectories(SHOTS);
      Files.write(SHOTS.resolve(name + ".png"), Base64.getDecoder().decode(String.valueOf(data)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Names of the elements that make the page wider than the screen. */
  List<?> tooWide() {
    return (List<?>)
        script(
            """
            const limit = document.documentElement.clientWidth;
            if (document.documentElement.scrollWidth <= limit) return [];
            return [...document.querySelectorAll("main *")]
              .filter((e) => e.getBoundingClientRect().right > limit && !e.closest(".table-responsive"))
              .map((e) => e.tagName + "." + e.className).slice(0, 5);
            """);
  }

  @Override
  public void close() {
    driver.quit();
  }
}
