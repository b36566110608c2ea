package dev.lanyard.proofs.tasks;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.lanyard.tasks.RefusedException;
import dev.lanyard.tasks.Task;
import java.time.Duration;
import java.util.List;

/** What the parts of the suite start from. */
interface Contract {
  /** A processor with nothing in it that has these settings. */
  Subject open(Setup setup);

  default Subject open() {
    return open(Setup.USUAL);
  }

  /** What tasks have if a test says nothing: it never passes in one, and is the most allowed. */
  Duration AMPLE = Duration.ofMinutes(5);

  /** Why the tasks are refused; null if they are not. */
  default RefusedException.Reason refusal(Subject subject, Task... tasks) {
    RefusedException refused =
        catchThrowableOfType(RefusedException.class, () -> subject.submitAll(List.of(tasks)));
    return refused == null ? null : refused.reason();
  }
}
