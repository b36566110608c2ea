package dev.lanyard.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.lanyard.context.Deadline;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The clock of the deadlines is moved by the conditions. */
class EventuallyTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final ManualTime time = ManualTime.start();
  private final AtomicInteger looks = new AtomicInteger();

  private Deadline after(int seconds) {
    return Deadline.after(SECOND.multipliedBy(seconds), time);
  }

  /** Each look takes a second. */
  private boolean look(int holdsAt) {
    time.advance(SECOND);
    return looks.incrementAndGet() >= holdsAt;
  }

  @Test
  @DisplayName("It looks until the condition holds, and not once more")
  void holds() {
    Eventually.holds("the third look", () -> looks.incrementAndGet() == 3);
    assertThat(looks).hasValue(3);
    Eventually.holds(() -> "the sixth look", () -> looks.incrementAndGet() == 6);
    assertThat(looks).hasValue(6);
  }

  @Test
  @DisplayName("It sees what another thread does")
  void otherThread() {
    var done = new CompletableFuture<Boolean>();
    Thread.ofVirtual().start(() -> done.complete(true));
    Eventually.holds("it is done", done::isDone);
    assertThat(done).isCompletedWithValue(true);
  }

  @Test
  @DisplayName("When the deadline has passed it fails, and says for what it has waited")
  void late() {
    assertThatThrownBy(() -> Eventually.holds("a sunrise", after(3), () -> look(100)))
        .isInstanceOf(AssertionError.class)
        .hasMessage("after PT3S still not: a sunrise")
        .hasNoCause();
    assertThat(looks).hasValue(3);
  }

  @Test
  @DisplayName("It looks once, also when the deadline has passed before")
  void looksOnce() {
    Eventually.holds("the first look", after(0), () -> look(1));
    assertThatThrownBy(() -> Eventually.holds("the third look", after(0), () -> look(3)))
        .hasMessageEndingWith("still not: the third look");
    assertThat(looks).hasValue(2);
  }

  @Test
  @DisplayName("What the condition throws means not yet")
  void throwing() {
    Eventually.holds(
        "the third look",
        after(100),
        () -> {
          if (!look(2)) throw new IllegalStateException("the first");
          assertThat(look(3)).isTrue();
          return true;
        });
  }

  @Test
  @DisplayName("What the condition threw last is the cause of the failure")
  void cause() {
    Callable<Boolean> throwsTwice =
        () -> {
          if (!look(3)) throw new Exception("look " + looks);
          return false;
        };
    assertThatThrownBy(() -> Eventually.holds("peace", after(4), throwsTwice))
        .isInstanceOf(AssertionError.class)
        .hasMessage("after PT4S still not: peace")
        .cause()
        .hasMessage("look 2");
  }

  @Test
  @DisplayName("Errors other than those of assertions are passed on")
  void errors() {
    var broken = new LinkageError();
    Callable<Boolean> breaks =
        () -> {
          throw broken;
        };
    assertThatThrownBy(() -> Eventually.holds("anything", breaks)).isSameAs(broken);
  }

  @Test
  @DisplayName("An interrupt ends the wait, and stays")
  void interrupt() throws Exception {
    var failure = new CompletableFuture<Throwable>();
    var isInterrupted = new CompletableFuture<Boolean>();
    Thread waiting =
        Thread.ofVirtual()
            .start(() -> {
              failure.complete(
                  catchThrowable(() -> {
                    Eventually.holds("a sunrise", Deadline.NONE, () -> look(Integer.MAX_VALUE));
                  }));
              isInterrupted.complete(Thread.currentThread().isInterrupted());
            });
    Eventually.holds("it waits", () -> looks.get() > 1);
    waiting.interrupt();
    assertThat(failure.get())
        .isInstanceOf(AssertionError.class)
        .hasMessage("interrupted, and still not: a sunrise");
    assertThat(isInterrupted.get()).isTrue();
  }

  @Test
  @DisplayName("A thread may wait for its own interrupt")
  void ownInterrupt() {
    Thread waiting = Thread.currentThread();
    Thread.ofVirtual().start(waiting::interrupt);
    Eventually.holds("it is interrupted", waiting::isInterrupted);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  @DisplayName("A condition that is interrupted itself: the same")
  void interruptedCondition() {
    var interrupted = new InterruptedException();
    Callable<Boolean> waits =
        () -> {
          throw interrupted;
        };
    assertThatThrownBy(() -> Eventually.holds("a sunrise", waits))
        .hasMessage("interrupted, and still not: a sunrise")
        .hasCause(interrupted);
    assertThat(Thread.interrupted()).isTrue();
  }
}
