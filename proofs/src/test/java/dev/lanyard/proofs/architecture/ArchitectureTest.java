package dev.lanyard.proofs.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The rules, over the compiled classes of every module that this one depends on. */
class ArchitectureTest {
  /** At least so many classes each: an empty import must not pass. Every module is listed here. */
  private static final Map<String, Integer> FLOOR =
      Map.ofEntries(
          Map.entry("context", 35),
          Map.entry("testing", 3),
          Map.entry("http", 4),
          Map.entry("jdbc", 15),
          Map.entry("vertx", 1),
          Map.entry("telemetry", 15),
          Map.entry("gateway", 1),
          Map.entry("tasks", 15),
          Map.entry("durable", 20),
          Map.entry("databases", 4),
          Map.entry("app", 15));

  /** Modules that others put on their module path. */
  private static final Set<String> PUBLISHED =
      Set.of(
          "context",
          "testing",
          "http",
          "jdbc",
          "vertx",
          "telemetry",
          "gateway",
          "tasks",
          "durable");

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ArchitectureTest::isMainCode)
          .importPackages("dev.lanyard");

  private static boolean isMainCode(Location location) {
    return !location.contains("/test-classes/") && !location.contains("/lanyard/proofs/");
  }

  @Test
  void everyModuleIsThereAndListed() {
    var modules = new TreeSet<String>();
    for (JavaClass type : CLASSES) modules.add(module(type));
    assertThat(modules).isEqualTo(new TreeSet<>(FLOOR.keySet()));
    FLOOR.forEach((module, floor) ->
        assertThat(CLASSES.stream().filter(type -> module(type).equals(module)).count())
            .as("classes of " + module)
            .isGreaterThanOrEqualTo(floor));
  }

  private static String module(JavaClass type) {
    return type.getPackageName().split("\\.", 4)[2];
  }

  @Test
  void publishedModulesHaveADescriptor() throws IOException {
    var descriptors =
        Collections.list(getClass().getClassLoader().getResources("module-info.class")).stream()
            .map(String::valueOf)
            .toList();
    for (JavaClass type : CLASSES) {
      if (!PUBLISHED.contains(module(type))) continue;
      String uri = type.getSource().orElseThrow().getUri().toString().replace("file:///", "file:/");
      String home = uri.substring(0, uri.indexOf("dev/lanyard/" + module(type) + "/"));
      assertThat(descriptors).as(type.getName()).contains(home + "module-info.class");
    }
  }

  @TestFactory
  Stream<DynamicTest> rules() {
    return Stream.of(
            Rules.contextNeedsTheJdkAlone(),
            Rules.dependsOnlyOn("context"),
            Rules.dependsOnlyOn("testing", "context"),
            Rules.dependsOnlyOn("http", "context"),
            Rules.dependsOnlyOn("jdbc", "context"),
            Rules.dependsOnlyOn("vertx", "context", "http"),
            Rules.dependsOnlyOn("telemetry", "context", "http", "jdbc", "vertx"),
            Rules.dependsOnlyOn("gateway", "context", "http", "vertx"),
            Rules.dependsOnlyOn("tasks", "context"),
            Rules.dependsOnlyOn("durable", "context", "tasks"),
            Rules.dependsOnlyOn("databases"),
            Rules.dependsOnlyOn("app", "context", "http", "vertx", "gateway", "tasks", "durable"),
            Rules.noCycles(),
            Rules.namesSayWhatAClassIs(),
            Rules.packagesSayWhatTheyHold(),
            Rules.onePlaceReadsTheClock(),
            Rules.nobodySleeps(),
            Rules.librariesAreSilent(),
            Rules.everyPackageIsNullMarked())
        .map(ArchitectureTest::test);
  }

  @Test
  void noTestSleeps() throws IOException {
    JavaClasses tests =
        new ClassFileImporter()
            .withImportOption(location -> !location.contains("/architecture/wrong/"))
            .withImportOption(location -> !location.contains("/proofs/Pause.class"))
            .withImportOption(location -> !location.contains("_jcstress")) // what it generates
            .importPaths(testClasses());
    assertThat(tests.contain(ArchitectureTest.class)).isTrue();
    Rules.nobodySleeps().check(tests);
  }

  /** Of this module, and of the others if they have been compiled before, as a whole build does. */
  private static List<Path> testClasses() throws IOException {
    List<Path> found = new ArrayList<>();
    found.add(
        Path.of(
            ArchitectureTest.class.getProtectionDomain().getCodeSource().getLocation().getPath()));
    try (Stream<Path> modules = Files.list(Path.of(".."))) {
      modules
          .map(module -> module.resolve("target/test-classes"))
          .filter(Files::isDirectory)
          .forEach(found::add);
    }
    Path orders = Path.of("../examples/orders/target/test-classes");
    if (Files.isDirectory(orders)) found.add(orders);
    return found;
  }

  private static DynamicTest test(ArchRule rule) {
    return DynamicTest.dynamicTest(rule.getDescription(), () -> rule.check(CLASSES));
  }
}
