package dev.lanyard.app.server;

import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import java.time.Duration;

/** How many submissions are taken in a second. */
final class SubmissionRate {
  private final RateLimiter limiter;

  SubmissionRate(int inASecond) {
    limiter =
        RateLimiter.of(
            "submissions",
            RateLimiterConfig.custom()
                .limitForPeriod(inASecond)
                .limitRefreshPeriod(Duration.ofSeconds(1))
                .timeoutDuration(Duration.ZERO)
                .build());
  }

  /** One of them; nobody waits, since who waits here would be in the way of others. */
  void take() throws Problem {
    if (limiter.acquirePermission()) return;
    throw Problem.of(
            429, "too many submissions in this second: wait, or send many tasks in one request")
        .withHeader("Retry-After", "1");
  }
}
