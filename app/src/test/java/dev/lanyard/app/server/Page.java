package dev.lanyard.app.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Level;
import org.jspecify.annotations.Nullable;
import org.openqa.selenium.ElementNotInteractableException;
import org.openqa.selenium.Keys;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogType;

/**
 * The dashboard as a reader uses it. Whatever it wants is waited for: elements by a selector of CSS
 * and, where given, by the text in them; only those in sight count.
 */
final class Page {
  private static final long PATIENCE = 30_000_000_000L;
  private static final Path SCREENSHOTS = Path.of("target", "screenshots");

  /** Before the functions that the tests call in the page. */
  private static final String IN_SIGHT =
      "const seen = (css, text) => [...document.querySelectorAll(css)].find(e =>"
          + " e.checkVisibility() && (!text || e.textContent.includes(text)));";

  private final ChromeDriver driver;

  Page(ChromeDriver driver) {
    this.driver = driver;
  }

  void window(int width, int height) {
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
  }

  /** Loads it anew at this address ({@code #/tasks?…}), and waits until it is live. */
  void open(Served served, String address) {
    load(served, address);
    see(".connection[data-state=live]");
  }

  void load(Served served, String address) {
    driver.get("about:blank");
    driver.get(served.uri("/") + address);
  }

  /** To another address of the same page, as a link does. */
  void go(String address) {
    script("location.hash = '" + address + "'");
  }

  void reload() {
    driver.navigate().refresh();
    see(".connection[data-state=live]");
  }

  void back() {
    driver.navigate().back();
  }

  /** What the expression is worth; {@code arguments} are {@code args[0]} and so on. */
  @Nullable Object ask(String expression, Object... arguments) {
    return driver.executeScript(
        "const args = arguments;" + IN_SIGHT + "return " + expression, arguments);
  }

  /** Asks until the expression is true. */
  void until(String expression, Object... arguments) {
    value(expression, arguments);
  }

  /** Asks until the expression is worth something. */
  Object value(String expression, Object... arguments) {
    long begun = System.nanoTime();
    do {
      Object found = ask(expression, arguments);
      if (found != null && !Boolean.FALSE.equals(found) && !"".equals(found)) return found;
      LockSupport.parkNanos(20_000_000);
    } while (System.nanoTime() - begun < PATIENCE);
    throw new AssertionError(
        "in vain: "
            + expression
            + " "
            + List.of(arguments)
            + " in\n"
            + ask("document.body.innerText"));
  }

  WebElement see(String css) {
    return see(css, "");
  }

  WebElement see(String css, String text) {
    return (WebElement) value("seen(args[0], args[1])", css, text);
  }

  /** Sees it with this text and no other. */
  void reads(String css, String text) {
    until("seen(args[0])?.textContent === args[1]", css, text);
  }

  void gone(String css) {
    until("!seen(args[0])", css);
  }

  String text(String css) {
    return value("seen(args[0])?.textContent", css).toString();
  }

  String address() {
    return value("location.hash").toString();
  }

  void click(String css) {
    click(css, "");
  }

  /** A real click: what lies above the element gets it, and lines move; then it is tried again. */
  void click(String css, String text) {
    long begun = System.nanoTime();
    while (true) {
      try {
        see(css, text).click();
        return;
      } catch (StaleElementReferenceException | ElementNotInteractableException e) {
        if (System.nanoTime() - begun > PATIENCE) throw e;
        LockSupport.parkNanos(20_000_000);
      }
    }
  }

  void clickWith(Keys modifier, String css) {
    new Actions(driver).keyDown(modifier).click(see(css)).keyUp(modifier).perform();
  }

  /** Types into whatever has the focus. */
  void keys(CharSequence... keys) {
    new Actions(driver).sendKeys(keys).perform();
  }

  /** Puts this in the place of what a field has. */
  void fill(String css, String text) {
    WebElement field = see(css);
    field.clear();
    field.sendKeys(text);
  }

  /** Below {@code target}; the name is of the form that file names are. */
  void screenshot(String name) {
    // Buttons glide from one colour to another, and half way they look broken.
    until("document.getAnimations().every(each => each.effect.target.tagName !== 'BUTTON')");
    Object data =
        driver.executeCdpCommand("Page.captureScreenshot", Map.of("format", "png")).get("data");
    try {
      Files.createDirectories(SCREENSHOTS);
      Files.write(
          SCREENSHOTS.resolve(name + ".png"), Base64.getDecoder().decode(String.valueOf(data)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As a reader has it who prefers this: {@code prefers("color-scheme", "dark")}. */
  void prefers(String feature, String value) {
    driver.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-" + feature, "value", value))));
  }

  /** Runs in each page from now on before its own scripts, until it is taken back. */
  Closeable beforeEachPage(String source) {
    Object id =
        driver
            .executeCdpCommand("Page.addScriptToEvaluateOnNewDocument", Map.of("source", source))
            .get("identifier");
    return () ->
        driver.executeCdpCommand(
            "Page.removeScriptToEvaluateOnNewDocument", Map.of("identifier", String.valueOf(id)));
  }

  void script(String source) {
    Object nothing = driver.executeScript(source);
    assertThat(nothing).isNull();
  }

  String asynchronous(String source) {
    return String.valueOf(driver.executeAsyncScript(source));
  }

  void forgetConsole() {
    assertThat(console()).isNotNull();
  }

  private List<String> console() {
    return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
        .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
        .map(entry -> entry.getLevel() + " " + entry.getMessage())
        .toList();
  }

  /**
   * No exception, no warning, nothing against the policy of contents. That a call was refused or
   * that the server was away is written there by the browser itself; "rendering" is about axe's way
   * to read colors.
   */
  void assertQuietConsole() {
    assertThat(console())
        .filteredOn(line ->
            !line.contains("Failed to load resource")
                && !line.contains("net::ERR_")
                && !line.startsWith("WARNING rendering"))
        .as("console of the browser")
        .isEmpty();
  }
}
