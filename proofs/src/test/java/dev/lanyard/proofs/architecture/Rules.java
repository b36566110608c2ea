package dev.lanyard.proofs.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullMarked;

/** What the compiler cannot check. */
final class Rules {
  private static final String BASE = "dev.lanyard.";

  /** The only class that reads the machine's clocks. */
  private static final String CLOCK = BASE + "context.SystemTime";

  private static final Set<String> WALL_CLOCKS =
      Set.of(
          "java.time.LocalDate",
          "java.time.LocalDateTime",
          "java.time.LocalTime",
          "java.time.OffsetDateTime",
          "java.time.ZonedDateTime");

  private static final List<Class<?>> SLEEPERS = List.of(Thread.class, TimeUnit.class);

  private Rules() {}

  /** A module that depends on the JDK and the annotations, and on these modules of ours. */
  static ArchRule dependsOnlyOn(String module, String... others) {
    var allowed = new String[others.length + 1];
    allowed[0] = BASE + module + "..";
    for (int i = 0; i < others.length; i++) allowed[i + 1] = BASE + others[i] + "..";
    DescribedPredicate<JavaClass> ours = resideInAnyPackage("dev.lanyard..");
    return noClasses()
        .that()
        .resideInAPackage(BASE + module + "..")
        .should()
        .dependOnClassesThat(
            are(ours.and(DescribedPredicate.not(resideInAnyPackage(allowed))))
                .as("of ours outside " + String.join(", ", allowed)));
  }

  static ArchRule contextNeedsTheJdkAlone() {
    return classes()
        .that()
        .resideInAPackage(BASE + "context..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            BASE + "context..",
            "java..",
            "jdk.jfr..",
            "sun.misc..",
            "org.jspecify..",
            "com.google.errorprone..");
  }

  static ArchRule noCycles() {
    return slices().matching(BASE + "(**)").should().beFreeOfCycles();
  }

  static ArchRule namesSayWhatAClassIs() {
    return noClasses().should().haveNameMatching(".*(Impl|Utils?|Helper|Manager)(\\$.*)?");
  }

  static ArchRule packagesSayWhatTheyHold() {
    return noClasses()
        .should()
        .resideInAnyPackage(
            "..impl..", "..util..", "..common..", "..core..", "..helper..", "..manager..");
  }

  static ArchRule onePlaceReadsTheClock() {
    return noClasses()
        .that()
        .doNotHaveFullyQualifiedName(CLOCK)
        .should()
        .accessTargetWhere(DescribedPredicate.describe("it reads a clock", Rules::readsClock));
  }

  private static boolean readsClock(JavaAccess<?> access) {
    String owner = access.getTargetOwner().getFullName();
    String name = access.getTarget().getName();
    if (owner.equals(System.class.getName())) {
      return name.equals("nanoTime") || name.equals("currentTimeMillis");
    }
    if (owner.equals(Clock.class.getName())) {
      return name.startsWith("system") || name.startsWith("tick");
    }
    boolean now = owner.equals(Instant.class.getName()) || WALL_CLOCKS.contains(owner);
    return now && name.equals("now");
  }

  static ArchRule nobodySleeps() {
    return noClasses()
        .should()
        .accessTargetWhere(
            DescribedPredicate.describe(
                "it puts a thread to sleep",
                access ->
                    SLEEPERS.stream().anyMatch(access.getTargetOwner()::isEquivalentTo)
                        && access.getTarget().getName().equals("sleep")));
  }

  /** The program writes to the terminal; a library never does. */
  static ArchRule librariesAreSilent() {
    return noClasses()
        .that()
        .resideOutsideOfPackages(BASE + "app..", BASE + "examples..")
        .should()
        .accessTargetWhere(
            DescribedPredicate.describe(
                "it writes to the console",
                access ->
                    access.getTargetOwner().isEquivalentTo(System.class)
                        && Set.of("out", "err").contains(access.getTarget().getName())));
  }

  static ArchRule everyPackageIsNullMarked() {
    return classes()
        .should(
            new ArchCondition<>("be in a package that is @NullMarked") {
              @Override
              public void check(JavaClass type, ConditionEvents events) {
                if (type.getPackage().isAnnotatedWith(NullMarked.class)) return;
                String message = type.getPackageName() + " is not @NullMarked";
                events.add(SimpleConditionEvent.violated(type, message));
              }
            });
  }
}
