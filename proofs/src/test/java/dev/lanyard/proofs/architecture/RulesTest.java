package dev.lanyard.proofs.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Each rule fails on code that is wrong on purpose. */
class RulesTest {
  private static final JavaClasses WRONG =
      new ClassFileImporter()
          .importPackages("dev.lanyard.context.backwards", "dev.lanyard.proofs.architecture.wrong");

  @TestFactory
  Stream<DynamicTest> canFail() {
    return Stream.of(
            Rules.contextNeedsTheJdkAlone(),
            Rules.dependsOnlyOn("context"),
            Rules.noCycles(),
            Rules.namesSayWhatAClassIs(),
            Rules.packagesSayWhatTheyHold(),
            Rules.onePlaceReadsTheClock(),
            Rules.nobodySleeps(),
            Rules.librariesAreSilent(),
            Rules.everyPackageIsNullMarked())
        .map(RulesTest::test);
  }

  private static DynamicTest test(ArchRule rule) {
    return DynamicTest.dynamicTest(
        rule.getDescription(), () -> assertThat(rule.evaluate(WRONG).hasViolation()).isTrue());
  }
}
