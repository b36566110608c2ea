package dev.lanyard.tasks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TaskTest {
  private final Task task = Task.of("Send emails", Sleep.KIND, new Sleep(Duration.ZERO));

  @Test
  void aTaskBeginsWithTheDefaults() {
    assertThat(task.priority()).isEqualTo(1);
    assertThat(task.timeout()).isEqualTo(Duration.ofSeconds(5));
    assertThat(task.retry()).isEqualTo(Retry.none());
    assertThat(task.parent()).isNull();
    assertThat(task.critical()).isFalse();
    assertThat(task.kind()).isEqualTo("sleep");
    assertThat(task.id()).matches("t[0-9a-z]+").isLessThan(Task.of("x", "y", "z").id());
  }

  @Test
  void whatMakesNoSenseIsRefusedInWords() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> task.withPriority(0))
        .withMessage(
            "task \"Send emails\": the priority must be 1 (most urgent) or a larger number, but is"
                + " 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> task.withTimeout(Duration.ofMillis(-1500)))
        .withMessage("task \"Send emails\": the timeout must be more than zero, but is -1.5s");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> task.withId("a b"))
        .withMessageContaining("but this one is \"a b\"");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> task.withId("a").withParent("a"))
        .withMessageContaining("its own parent (a)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Retry(0, Duration.ZERO, Duration.ZERO))
        .withMessageContaining("at least 1 attempt");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Retry(2, Duration.ofSeconds(2), Duration.ofSeconds(1)))
        .withMessageContaining("(1s) cannot be shorter than the first one (2s)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Sleep(Duration.ofMillis(-1)))
        .withMessageContaining("negative");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Exec.shell(" "))
        .withMessageContaining("empty");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Http.get(URI.create("ftp://x/y")))
        .withMessageContaining("not to \"ftp://x/y\"");
    Http request = Http.get(URI.create("http://x/y"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> request.withHeaders(Map.of("Content-Length", "5")))
        .withMessageContaining("Content-Length");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> request.withExpected(Set.of(20)))
        .withMessageContaining("no status 20");
  }

  @Test
  void theWaitBeforeARetryDoublesUpToTheCapAndIsRandomBelowThat() {
    var retry = new Retry(9, Duration.ofMillis(100), Duration.ofSeconds(1));
    assertThat(retry.longestWaitAfter(1)).isEqualTo(Duration.ofMillis(100));
    assertThat(retry.longestWaitAfter(2)).isEqualTo(Duration.ofMillis(200));
    assertThat(retry.longestWaitAfter(4)).isEqualTo(Duration.ofMillis(800));
    assertThat(retry.longestWaitAfter(5)).isEqualTo(Duration.ofSeconds(1));
    assertThat(retry.longestWaitAfter(1000)).isEqualTo(Duration.ofSeconds(1));

    var random = new SplittableRandom(1);
    Duration shortest = Duration.ofDays(1);
    Duration longest = Duration.ZERO;
    for (int i = 0; i < 1000; i++) {
      Duration wait = retry.waitAfter(2, random);
      assertThat(wait).isBetween(Duration.ZERO, Duration.ofMillis(200));
      if (wait.compareTo(shortest) < 0) shortest = wait;
      if (wait.compareTo(longest) > 0) longest = wait;
    }
    assertThat(shortest).isLessThan(Duration.ofMillis(10));
    assertThat(longest).isGreaterThan(Duration.ofMillis(190));
  }

  @Test
  void waitsOfAnyLengthDoNotOverflow() {
    Duration age = Duration.ofDays(200_000);
    assertThat(new Retry(100, Duration.ofDays(1), age).longestWaitAfter(99)).isPositive();
    assertThat(new Retry(2, Duration.ZERO, age).waitAfter(1, new SplittableRandom(1))).isZero();
  }
}
