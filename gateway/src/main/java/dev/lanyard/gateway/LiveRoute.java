package dev.lanyard.gateway;

import dev.lanyard.context.TimeSource;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A route at work: its upstreams, whose turn it is, and its figures. */
final class LiveRoute {
  /** An upstream that may be called, and the permit to do it. */
  record Turn(Upstream upstream, Breaker.Permit permit) {}

  final Route route;
  final List<Upstream> upstreams;
  final Meters meters;
  private final AtomicInteger turn = new AtomicInteger();

  LiveRoute(Vertx vertx, Route route, MeterRegistry registry, TimeSource time) {
    this.route = route;
    this.upstreams =
        route.upstreams().stream().map(uri -> new Upstream(vertx, route, uri, time)).toList();
    this.meters = new Meters(registry, route.name());
    upstreams.forEach(meters::watch);
  }

  /** The one with the longest path, of those the ones with a host first. */
  static Comparator<LiveRoute> mostParticularFirst() {
    return Comparator.comparingInt((LiveRoute live) -> live.route.host() == null ? 1 : 0)
        .thenComparingInt(live -> -live.route.path().length());
  }

  boolean takes(@Nullable String host, String path) {
    String wanted = route.host();
    if (wanted != null && !wanted.equalsIgnoreCase(host)) return false;
    String prefix = route.path();
    if (!path.startsWith(prefix)) return false;
    return prefix.endsWith("/")
        || path.length() == prefix.length()
        || path.charAt(prefix.length()) == '/';
  }

  /** Whose turn it is, once for each request: a retry must not change the turn of others. */
  int first() {
    return turn.getAndIncrement();
  }

  /**
   * The next upstream from that one on, if there is one among those that were not tried; null if no
   * breaker lets a call through.
   */
  @Nullable Turn next(int first, Set<Upstream> tried) {
    Turn untried = next(first, tried, false);
    return untried != null || tried.isEmpty() ? untried : next(first, tried, true);
  }

  private @Nullable Turn next(int first, Set<Upstream> tried, boolean again) {
    int count = upstreams.size();
    for (int i = 0; i < count; i++) {
      Upstream upstream = upstreams.get(Math.floorMod(first + i, count));
      if (tried.contains(upstream) != again) continue;
      Breaker.Permit permit = upstream.breaker.tryAcquire();
      if (permit != null) return new Turn(upstream, permit);
    }
    return null;
  }

  /** Until the first of the upstreams may be called again. */
  Duration retryAfter() {
    return upstreams.stream()
        .map(upstream -> upstream.breaker.retryAfter())
        .min(Comparator.naturalOrder())
        .orElseThrow();
  }
}
