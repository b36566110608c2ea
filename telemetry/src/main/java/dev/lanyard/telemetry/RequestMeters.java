package dev.lanyard.telemetry;

import dev.lanyard.context.Deadline;
import dev.lanyard.http.RequestEnd;
import dev.lanyard.vertx.CompletedRequest;
import dev.lanyard.vertx.RequestContexts;
import dev.lanyard.vertx.RequestSettings;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Counts the requests of a server, and how much of their time was left at the end.
 *
 * {@snippet :
 * RequestMeters meters = RequestMeters.of(registry);
 * RequestContexts requests = RequestContexts.with(settings.withListener(meters));
 * meters.watch(requests);
 * }
 *
 * <table>
 *   <caption>Meters</caption>
 *   <tr><th>name</th><th>tags</th><th>what</th></tr>
 *   <tr><td>{@code lanyard.request.duration}</td><td>method, route, status, end</td><td>until the
 *       response was sent or the client left</td></tr>
 *   <tr><td>{@code lanyard.request.remaining}</td><td>route</td><td>of the answered ones with a
 *       deadline, what was left of it</td></tr>
 *   <tr><td>{@code lanyard.request.lateness}</td><td>route</td><td>of those that timed out, how long
 *       after the deadline they were over</td></tr>
 *   <tr><td>{@code lanyard.request.active}</td><td></td><td>under way now</td></tr>
 * </table>
 *
 * <p>{@code end} is {@link RequestEnd#kind()}, or {@code other}. {@code route} is the pattern of
 * the route and {@code none} where there is none; {@code method} is {@code other} for one that HTTP
 * does not know: a client cannot make meters without end.
 *
 * <p>Any thread may use it.
 *
 * @since 0.1
 */
public final class RequestMeters implements Consumer<CompletedRequest> {
  private static final String NONE = "none";

  private final MeterRegistry registry;

  private RequestMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  /**
   * Counts in a registry.
   *
   * @param registry belongs to the caller
   * @return give it to {@link RequestSettings#withListener}
   */
  public static RequestMeters of(MeterRegistry registry) {
    return new RequestMeters(Objects.requireNonNull(registry, "meters need a registry"));
  }

  /**
   * Measures how many requests are under way.
   *
   * @param requests of one server; held weakly, as Micrometer does
   */
  public void watch(RequestContexts requests) {
    Gauge.builder("lanyard.request.active", requests, RequestContexts::underWay).register(registry);
  }

  @Override
  public void accept(CompletedRequest request) {
    String route = Objects.requireNonNullElse(request.route(), NONE);
    registry
        .timer(
            "lanyard.request.duration",
            "method",
            method(request.method()),
            "route",
            route,
            "status",
            String.valueOf(request.status()),
            "end",
            request.cause() instanceof RequestEnd end ? end.kind() : "other")
        .record(request.duration());
    Deadline deadline = request.ctx().deadline();
    if (deadline.isNone()) return;
    Duration left = deadline.remaining();
    if (request.cause() instanceof RequestEnd.Finished) {
      registry
          .timer("lanyard.request.remaining", "route", route)
          .record(left.isNegative() ? Duration.ZERO : left);
    } else if (request.cause() instanceof RequestEnd.TimedOut && left.isNegative()) {
      registry.timer("lanyard.request.lateness", "route", route).record(left.negated());
    }
  }

  private static String method(String sent) {
    return switch (sent) {
      case "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT" -> sent;
      default -> "other";
    };
  }
}
