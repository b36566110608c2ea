package dev.lanyard.proofs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;

/** Runs the jcstress tests in a JVM of their own and fails on a forbidden outcome. */
@Isolated("races want the machine to themselves")
class MemoryModelTest {
  private static final int MILLIS = Length.isLong() ? 1_000 : 300;

  @Test
  @Timeout(value = 2, unit = TimeUnit.HOURS)
  void noForbiddenOutcome() throws Exception {
    var run = JcstressRun.of("dev\\.lanyard\\.proofs\\.memory\\.", MILLIS);
    assertThat(run.exitCode()).as(run.output()).isZero();
    assertThat(run.passed()).as(run.output()).isGreaterThanOrEqualTo(22);
  }

  /** A table that lacks a row: shows that a forbidden outcome is seen and fails the run. */
  @Test
  @Timeout(value = 10, unit = TimeUnit.MINUTES)
  void forbiddenOutcomeFailsTheRun() throws Exception {
    var run = JcstressRun.of("dev\\.lanyard\\.proofs\\.pairs\\.WrongRaces$", MILLIS);
    assertThat(run.exitCode()).as(run.output()).isNotZero();
    assertThat(run.output()).contains("Observed forbidden state: STOP STOP, late, stopped, live");
  }
}
