package dev.lanyard.app.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Properties;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Keys;

/**
 * Issue 8: axe finds nothing serious or critical. What it can see of contrast, names, roles, order.
 */
@InChromium
class DashboardAccessTest {
  private static final String FINDINGS =
      """
      const done = arguments[arguments.length - 1];
      axe.run(document, {resultTypes: ['violations']}).then(
          found => done(found.violations.filter(each => ['serious', 'critical'].includes(each.impact))
              .map(each => each.id + ' ' + each.nodes.slice(0, 3).map(node => node.target + ': ' + node.failureSummary).join('; '))
              .join('\\n')),
          failure => done(String(failure)));
      """;

  @TempDir static Path directory;
  private static Served served;
  private static String axe;

  @BeforeAll
  static void serve() throws Exception {
    axe = axe();
    served = Served.in(directory, "--max-timeout", "10m", "--workers", "3");
    // First: a second attempt waits for a free slot like everything else.
    served.submit(
        """
        {"id":"wrong","name":"Goes wrong","exec":["false"],"timeout":"5m","retries":{"attempts":2,"base":"1ms"}}
        """);
    served.awaitState("wrong", "failed");
    served.submitAll(
        """
        [{"id":"top","name":"Publish","sleep":"5m","timeout":"8m","critical":true},
         {"id":"below","name":"Build","sleep":"5m","timeout":"8m","parent":"top"},
         {"id":"later","name":"Later","sleep":"1s","delay":"1h"},
         {"id":"more","name":"Runs, too","sleep":"5m","timeout":"8m","priority":2},
         {"id":"waits","name":"Waits","sleep":"5m","timeout":"8m","priority":3}]
        """);
    served.awaitState("more", "running");
    assertThat(served.post("/api/tasks/later/cancel", "{\"cause\":\"not needed\"}").statusCode())
        .isEqualTo(200);
  }

  @AfterAll
  static void stop() {
    served.close();
  }

  /** From the web jar, whose path has the version in it. */
  private static String axe() throws IOException {
    var about = new Properties();
    try (InputStream in = resource("/META-INF/maven/org.webjars.npm/axe-core/pom.properties")) {
      about.load(in);
    }
    String file =
        "/META-INF/resources/webjars/axe-core/" + about.getProperty("version") + "/axe.min.js";
    try (InputStream in = resource(file)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static InputStream resource(String name) {
    return Objects.requireNonNull(DashboardAccessTest.class.getResourceAsStream(name), name);
  }

  private static void check(Page page, String what) {
    if (Boolean.FALSE.equals(page.ask("'axe' in window"))) page.script(axe);
    assertThat(page.asynchronous(FINDINGS)).as(what).isEqualTo("");
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"light", "dark"})
  @DisplayName("axe: overview, list, stories, question, form, keys")
  void clean(String scheme, Page page) {
    page.prefers("reduced-motion", "reduce");
    page.open(served, "#/");
    page.script("localStorage.setItem('lanyard.theme', '" + scheme + "')");
    page.reload();
    page.until("document.documentElement.dataset.theme === args[0]", scheme);
    page.see(".panel-running .row:not(.waiting)", "Publish");
    page.see(".panel-queue .row", "Waits");
    page.see(".panel-dead .row", "Goes wrong");
    page.see(".panel-cancelled .row", "Later");
    check(page, "overview");
    page.go("#/tasks");
    page.see(".sizer > .row:not(.waiting)", "Publish");
    check(page, "list");
    page.go("#/tasks?task=top");
    page.see(".tree .twig", "Build");
    check(page, "story of a tree");
    page.click(".story-buttons button", "Cancel");
    page.see("dialog");
    check(page, "question");
    page.keys(Keys.ESCAPE);
    page.gone("dialog");
    page.go("#/tasks?task=wrong");
    page.see(".attempts", "Attempt 2");
    check(page, "story of a failure");
    page.click(".tools .new");
    page.click(".answers .first", "Submit");
    page.see("#fault-name");
    check(page, "form with a fault");
    page.keys(Keys.ESCAPE);
    page.gone("dialog");
    page.keys("?");
    page.see("dialog.help");
    check(page, "keys");
    page.script("localStorage.removeItem('lanyard.theme')");
  }
}
