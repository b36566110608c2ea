package dev.lanyard.gateway;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** The figures of one route. */
final class Meters {
  private record Kind(int statusClass, String end) {}

  final AtomicInteger underWay = new AtomicInteger();
  private final MeterRegistry registry;
  private final String route;
  private final Counter retries;
  private final ConcurrentHashMap<Kind, Timer> timers = new ConcurrentHashMap<>();

  Meters(MeterRegistry registry, String route) {
    this.registry = registry;
    this.route = route;
    this.retries =
        Counter.builder("lanyard.gateway.retries")
            .description("attempts after a failed one")
            .tag("route", route)
            .register(registry);
    Gauge.builder("lanyard.gateway.under.way", underWay, AtomicInteger::doubleValue)
        .description("requests that are under way")
        .tag("route", route)
        .strongReference(true)
        .register(registry);
  }

  void watch(Upstream upstream) {
    Gauge.builder("lanyard.gateway.breaker", upstream, Meters::breakerState)
        .description("0 closed, 1 half open, 2 open")
        .tag("route", route)
        .tag("upstream", String.valueOf(upstream.address))
        .strongReference(true)
        .register(registry);
  }

  private static double breakerState(Upstream upstream) {
    CircuitBreaker.State state = upstream.breaker.state();
    return switch (state) {
      case OPEN, FORCED_OPEN -> 2;
      case HALF_OPEN -> 1;
      default -> 0;
    };
  }

  void retried() {
    retries.increment();
  }

  double retries() {
    return retries.count();
  }

  void completed(int status, String end, Duration duration) {
    timers.computeIfAbsent(new Kind(status / 100, end), this::timer).record(duration);
  }

  private Timer timer(Kind kind) {
    return Timer.builder("lanyard.gateway.requests")
        .description("from the head of a request to its end")
        .tag("route", route)
        .tag("status", kind.statusClass + "xx")
        .tag("end", kind.end)
        .publishPercentileHistogram()
        .register(registry);
  }

  /** How many have ended so. */
  long count(String end) {
    long sum = 0;
    for (var entry : timers.entrySet()) {
      if (entry.getKey().end.equals(end)) sum += entry.getValue().count();
    }
    return sum;
  }

  long countOfStatus(int statusClass) {
    long sum = 0;
    for (var entry : timers.entrySet()) {
      if (entry.getKey().statusClass == statusClass) sum += entry.getValue().count();
    }
    return sum;
  }
}
