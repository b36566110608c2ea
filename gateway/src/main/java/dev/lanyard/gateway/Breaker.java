package dev.lanyard.gateway;

import dev.lanyard.context.TimeSource;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Whether an upstream may be called.
 *
 * <p><b>Invariants.</b>
 *
 * <ol>
 *   <li>Each permit is settled exactly once: answered, failed or given back; what comes later is
 *       ignored. Whoever takes one settles it when its call ends, however it ends. A trial that was
 *       never settled would keep the breaker half open for ever.
 *   <li>A permit counts only in the state of the breaker in which it was given: a call from before
 *       the rest neither uses up nor gives back a trial.
 *   <li>A call is answered when the head of the response is there, so that a stream does not hold a
 *       trial for hours. If its body breaks off later, that is one more failed call.
 * </ol>
 *
 * <p>May be used by any thread; a permit belongs to one event loop.
 */
final class Breaker {
  /** What a client should wait for while others try whether the upstream is well again. */
  private static final Duration WHILE_TRYING = Duration.ofSeconds(1);

  private final CircuitBreaker breaker;
  private final Duration rest;
  private final TimeSource time;
  private volatile long openedAt;
  private volatile int epoch;

  Breaker(String name, @Nullable BreakerSettings settings, TimeSource time) {
    this.time = time;
    this.rest = settings == null ? Duration.ZERO : settings.rest();
    this.breaker = CircuitBreaker.of(name, config(settings, time));
    if (settings == null) breaker.transitionToDisabledState();
    // the library calls this while it changes its state, one change at a time
    var _ = breaker.getEventPublisher().onStateTransition(_ -> changed());
  }

  private static CircuitBreakerConfig config(@Nullable BreakerSettings settings, TimeSource time) {
    CircuitBreakerConfig.Builder config =
        CircuitBreakerConfig.custom()
            .clock(new MonotonicClock(time))
            .currentTimestampFunction(_ -> time.nanoTime(), TimeUnit.NANOSECONDS);
    if (settings == null) return config.build();
    return config
        .slidingWindowType(CircuitBreakerConfig.SlidingWindowType.COUNT_BASED)
        .slidingWindowSize(settings.window())
        .minimumNumberOfCalls(settings.atLeast())
        .failureRateThreshold(settings.failureRate())
        .waitDurationInOpenState(settings.rest())
        .permittedNumberOfCallsInHalfOpenState(settings.trials())
        .build();
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // by one thread at a time
  private void changed() {
    epoch++;
    if (breaker.getState() == CircuitBreaker.State.OPEN) openedAt = time.nanoTime();
  }

  /** Null if the upstream must not be called now. */
  @Nullable Permit tryAcquire() {
    return breaker.tryAcquirePermission() ? new Permit() : null;
  }

  /** How long a client that was turned away should wait. */
  Duration retryAfter() {
    if (breaker.getState() != CircuitBreaker.State.OPEN) return WHILE_TRYING;
    Duration left = rest.minusNanos(time.nanoTime() - openedAt);
    return left.isPositive() ? left : WHILE_TRYING;
  }

  CircuitBreaker.State state() {
    return breaker.getState();
  }

  /** Of the last calls, in percent; negative while there are too few. */
  float failureRate() {
    return breaker.getMetrics().getFailureRate();
  }

  /** The right to make one call. */
  final class Permit {
    private final int givenIn = epoch;
    private final long begun = time.nanoTime();
    private boolean settled;

    void answered() {
      if (isNowSettled()) breaker.onSuccess(age(), TimeUnit.NANOSECONDS);
    }

    void failed(Throwable why) {
      if (isNowSettled()) breaker.onError(age(), TimeUnit.NANOSECONDS, why);
    }

    void givenBack() {
      if (isNowSettled()) breaker.releasePermission();
    }

    /** Invariant 3: after it was answered. */
    void brokeLater(Throwable why) {
      if (givenIn == epoch) breaker.onError(age(), TimeUnit.NANOSECONDS, why);
    }

    /** Invariants 1 and 2. */
    private boolean isNowSettled() {
      if (settled) return false;
      settled = true;
      return givenIn == epoch;
    }

    private long age() {
      return time.nanoTime() - begun;
    }
  }

  /** A wall clock that is set back would prolong the rest. */
  private static final class MonotonicClock extends Clock {
    private final TimeSource time;
    private final long start;

    MonotonicClock(TimeSource time) {
      this.time = time;
      this.start = time.nanoTime();
    }

    @Override
    public Instant instant() {
      return Instant.EPOCH.plusNanos(time.nanoTime() - start);
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }
}
