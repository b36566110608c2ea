package dev.lanyard.app.server;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.openqa.selenium.PageLoadStrategy;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/**
 * One Chromium for all tests of the dashboard, and a {@link Page} in it for each. It is the
 * system's own: nothing is downloaded. Where there is none the tests are skipped, but under CI they
 * fail. A test after which the browser's console has an error has failed, whatever else it found.
 */
final class Chrome implements ParameterResolver, BeforeEachCallback, AfterEachCallback {
  private static final Namespace PLACE = Namespace.create(Chrome.class);

  /** Lives as long as the run of all tests. */
  private static final class Session implements AutoCloseable {
    private final Path profile;
    private final ChromeDriver driver;

    Session(File browser, File control) throws IOException {
      profile = Files.createTempDirectory("lanyard-chromium");
      var options = new ChromeOptions();
      options.setBinary(browser);
      options.setPageLoadStrategy(PageLoadStrategy.NORMAL);
      options.addArguments(
          "--headless=new",
          "--no-sandbox",
          "--disable-gpu",
          "--disable-quic",
          "--no-first-run",
          "--disable-background-networking",
          "--disable-component-update",
          "--disable-sync",
          "--disable-dev-shm-usage",
          "--user-data-dir=" + profile);
      var log = new LoggingPreferences();
      log.enable(LogType.BROWSER, Level.ALL);
      options.setCapability("goog:loggingPrefs", log);
      driver =
          new ChromeDriver(
              new ChromeDriverService.Builder()
                  .usingDriverExecutable(control)
                  .usingAnyFreePort()
                  .build(),
              options);
    }

    @Override
    public void close() throws IOException {
      driver.quit();
      try (Stream<Path> files = Files.walk(profile)) {
        // The browser may still be removing its own.
        files.sorted(java.util.Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
      }
    }
  }

  private static Session session(ExtensionContext context) {
    return context
        .getRoot()
        .getStore(PLACE)
        .computeIfAbsent(Session.class, _ -> start(), Session.class);
  }

  private static Session start() {
    File browser = program("CHROMIUM", "/usr/bin/chromium");
    File control = program("CHROMEDRIVER", "/usr/bin/chromedriver");
    if (!browser.canExecute() || !control.canExecute()) {
      String advice =
          "The dashboard is tested in Chromium: apt-get install chromium chromium-driver,"
              + " or name them in CHROMIUM and CHROMEDRIVER.";
      if (System.getenv("CI") != null) throw new AssertionError(advice);
      Assumptions.abort(advice);
    }
    try {
      return new Session(browser, control);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static File program(String variable, String usual) {
    return new File(System.getenv().getOrDefault(variable, usual));
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Page.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return new Page(session(context).driver);
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    ChromeDriver driver = session(context).driver;
    driver.get("about:blank");
    driver.executeCdpCommand("Emulation.clearDeviceMetricsOverride", Map.of());
    driver.executeCdpCommand("Emulation.setEmulatedMedia", Map.of("media", ""));
    Page page = new Page(driver);
    page.window(1440, 900);
    page.forgetConsole();
  }

  @Override
  public void afterEach(ExtensionContext context) {
    Page page = new Page(session(context).driver);
    if (context.getExecutionException().isPresent())
      page.screenshot("failed-" + context.getRequiredTestMethod().getName());
    page.assertQuietConsole();
  }
}
