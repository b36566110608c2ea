package dev.lanyard.gateway;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Objects;

/**
 * What a {@link Gateway} is to do.
 *
 * @param routes where requests go; of those that take a request, the most particular wins
 * @param trusting whether clients are believed what they say of other clients ({@code
 *     X-Forwarded-For} and its kin, {@code Forwarded}): only behind another proxy of one's own
 * @param registry where meters are kept
 * @since 0.1
 */
public record GatewaySettings(List<Route> routes, boolean trusting, MeterRegistry registry) {
  /**
   * Checks that there is a route, and no two that take the same requests.
   *
   * @throws IllegalArgumentException if it is not so
   */
  public GatewaySettings {
    routes = List.copyOf(routes);
    Objects.requireNonNull(registry, "registry");
    if (routes.isEmpty()) throw new IllegalArgumentException("a gateway needs a route");
    if (routes.stream().map(Route::name).distinct().count() < routes.size()) {
      throw new IllegalArgumentException("two routes take the same requests");
    }
  }
}
