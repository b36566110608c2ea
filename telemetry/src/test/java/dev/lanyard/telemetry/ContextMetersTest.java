package dev.lanyard.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.RootContext;
import dev.lanyard.http.RequestEnd;
import dev.lanyard.testing.ManualTime;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ContextMetersTest {
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final ContextMeters meters = ContextMeters.of(registry);
  private final ManualTime time = ManualTime.start();
  private final RootContext root = time.context();

  private double ended(String kind, String cause) {
    return registry
        .get("lanyard.context.ended")
        .tags("name", "lookup", "kind", kind, "cause", cause)
        .counter()
        .count();
  }

  @Test
  void endsAreCountedByKindAndCause() {
    for (int i = 0; i < 3; i++) {
      try (CancellableContext ctx = root.withCancel()) {
        meters.watch("lookup", ctx);
      }
    }
    CancellableContext left = root.withCancel();
    meters.watch("lookup", left);
    left.cancel(new RequestEnd.ClientGone("the stream was reset"));
    assertThat(ended("cancelled", "none")).isEqualTo(3);
    assertThat(ended("cancelled", "ClientGone")).isEqualTo(1);
    assertThat(root.listening()).isEmpty();
  }

  @Test
  void latenessIsTheTimeFromTheDeadlineToTheActions() {
    try (CancellableContext ctx = root.withTimeout(Duration.ofMillis(100))) {
      meters.watch("lookup", ctx);
      time.advance(Duration.ofMillis(130));
    }
    assertThat(ended("deadline_exceeded", "none")).isEqualTo(1);
    var lateness = registry.get("lanyard.context.lateness").tag("name", "lookup").timer();
    assertThat(lateness.count()).isEqualTo(1);
    assertThat(lateness.totalTime(TimeUnit.MILLISECONDS)).isBetween(0.0, 30.0);
  }

  @Test
  void whatIsNotWatchedAnyMoreIsNotCounted() {
    CancellableContext ctx = root.withCancel();
    assertThat(meters.watch("lookup", ctx).stop()).isTrue();
    ctx.cancel();
    assertThat(registry.getMeters()).isEmpty();
  }
}
