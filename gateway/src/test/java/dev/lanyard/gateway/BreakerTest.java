package dev.lanyard.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.testing.ManualTime;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class BreakerTest {
  private final Exception failure = new Exception("test");

  private final ManualTime time = ManualTime.start();
  private final Breaker breaker =
      new Breaker("test", new BreakerSettings(4, 2, 50, Duration.ofSeconds(5), 1), time);

  private static Breaker.Permit given(Breaker.@Nullable Permit permit) {
    if (permit == null) throw new AssertionError("no permit was given");
    return permit;
  }

  private Breaker.Permit permit() {
    return given(breaker.tryAcquire());
  }

  private void open() {
    permit().failed(failure);
    permit().failed(failure);
    assertThat(breaker.state()).isEqualTo(State.OPEN);
  }

  @Test
  @DisplayName("half of the calls failed: it opens, rests, tries, and closes again")
  void opensAndHeals() {
    permit().answered();
    permit().failed(failure);
    assertThat(breaker.state()).isEqualTo(State.OPEN);
    assertThat(breaker.tryAcquire()).isNull();
    assertThat(breaker.retryAfter()).isEqualTo(Duration.ofSeconds(5));
    time.advance(Duration.ofSeconds(3));
    assertThat(breaker.retryAfter()).isEqualTo(Duration.ofSeconds(2));
    assertThat(breaker.tryAcquire()).isNull();
    time.advance(Duration.ofMillis(2001));
    Breaker.Permit trial = permit();
    assertThat(breaker.tryAcquire()).isNull();
    assertThat(breaker.state()).isEqualTo(State.HALF_OPEN);
    trial.answered();
    assertThat(breaker.state()).isEqualTo(State.CLOSED);
  }

  @Test
  @DisplayName("a trial whose caller leaves gives its permit back: the next may try at once")
  void cancelledTrial() {
    open();
    time.advance(Duration.ofSeconds(6));
    for (int i = 0; i < 100; i++) {
      Breaker.Permit trial = permit();
      assertThat(breaker.tryAcquire()).isNull();
      trial.givenBack();
    }
    permit().answered();
    assertThat(breaker.state()).isEqualTo(State.CLOSED);
  }

  @Test
  @DisplayName("a permit is settled once: what comes later is ignored")
  void settledOnce() {
    open();
    time.advance(Duration.ofSeconds(6));
    Breaker.Permit trial = permit();
    trial.givenBack();
    trial.givenBack();
    trial.failed(failure);
    assertThat(breaker.state()).isEqualTo(State.HALF_OPEN);
    permit();
    assertThat(breaker.tryAcquire()).as("one was given back, not two").isNull();
  }

  @Test
  @DisplayName("a call from before the rest neither gives back nor uses up a trial")
  void stalePermit() {
    Breaker.Permit old = permit();
    Breaker.Permit older = permit();
    open();
    time.advance(Duration.ofSeconds(6));
    Breaker.Permit trial = permit();
    old.givenBack();
    assertThat(breaker.tryAcquire()).isNull();
    older.failed(failure);
    assertThat(breaker.state()).isEqualTo(State.HALF_OPEN);
    trial.answered();
    assertThat(breaker.state()).isEqualTo(State.CLOSED);
  }

  @Test
  @DisplayName("a body that breaks off is a failure beside the answer")
  void brokeLater() {
    Breaker.Permit permit = permit();
    permit.answered();
    assertThat(breaker.state()).isEqualTo(State.CLOSED);
    permit.brokeLater(failure);
    assertThat(breaker.state()).isEqualTo(State.OPEN);
  }

  @Test
  @DisplayName("without settings it never opens")
  void switchedOff() {
    var off = new Breaker("off", null, time);
    for (int i = 0; i < 1000; i++) given(off.tryAcquire()).failed(failure);
    assertThat(off.tryAcquire()).isNotNull();
  }
}
