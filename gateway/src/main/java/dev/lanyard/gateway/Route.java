package dev.lanyard.gateway;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where requests go, and under which conditions. Immutable; each {@code with} method changes one
 * setting.
 *
 * {@snippet :
 * Route.to("/orders", URI.create("http://10.0.0.1:8080"), URI.create("http://10.0.0.2:8080"))
 *     .withTimeout(Duration.ofSeconds(2))
 *     .withRetries(1);
 * }
 *
 * @param path the beginning of the paths that it takes, by whole segments: {@code /orders} takes
 *     {@code /orders/7} and not {@code /ordersold}. The longest wins
 * @param host whose requests it takes; null for any. A route with a host goes before one without
 * @param upstreams where they are sent, in turn: {@code http} or {@code https}, a host and perhaps
 *     a port
 * @param timeout from the head of the request to the end of the response: 504. Null for none: for
 *     streams that go on for ever
 * @param retries how often another upstream, or the same, is asked after a failed attempt. Only
 *     where no byte of a response was seen, and where nothing was sent or the request is idempotent
 *     and has no body
 * @param breaker when an upstream is given a rest; null for never
 * @param hostPolicy which {@code Host} an upstream sees
 * @param stripsPath whether the route's path is taken off before the request is sent on
 * @param overHttp2 whether upstreams are spoken to in HTTP/2 (without TLS: with prior knowledge)
 * @param connectTimeout how long a connection may take to be made
 * @param connections to one upstream, at most, from each event loop
 * @param requestHeaders set on the request; an empty value removes the header
 * @param responseHeaders set on the response; an empty value removes the header
 * @since 0.1
 */
public record Route(
    String path,
    @Nullable String host,
    List<URI> upstreams,
    @Nullable Duration timeout,
    int retries,
    @Nullable BreakerSettings breaker,
    HostPolicy hostPolicy,
    boolean stripsPath,
    boolean overHttp2,
    Duration connectTimeout,
    int connections,
    Map<String, String> requestHeaders,
    Map<String, String> responseHeaders) {

  /** Which {@code Host} an upstream sees. */
  public enum HostPolicy {
    /** The one that the client sent. */
    CLIENTS,
    /** The upstream's own. */
    UPSTREAMS
  }

  /**
   * Checks what can be checked without asking anyone.
   *
   * @throws IllegalArgumentException if something is out of its range
   */
  public Route {
    upstreams = List.copyOf(upstreams);
    requestHeaders = Map.copyOf(requestHeaders);
    responseHeaders = Map.copyOf(responseHeaders);
    Objects.requireNonNull(hostPolicy, "hostPolicy");
    if (!path.startsWith("/")) {
      throw new IllegalArgumentException("a path begins with a slash: \"" + path + "\"");
    }
    if (upstreams.isEmpty()) throw new IllegalArgumentException("a route needs an upstream");
    upstreams.forEach(Route::check);
    if (Set.copyOf(upstreams).size() < upstreams.size()) {
      throw new IllegalArgumentException("an upstream is there twice: " + upstreams);
    }
    if (timeout != null && !timeout.isPositive()) {
      throw new IllegalArgumentException("the timeout must be longer than zero: " + timeout);
    }
    if (retries < 0) throw new IllegalArgumentException("retries must not be negative: " + retries);
    if (connectTimeout.toMillis() < 1) {
      throw new IllegalArgumentException("a connection takes a millisecond: " + connectTimeout);
    }
    if (connections < 1) throw new IllegalArgumentException("no connections: " + connections);
  }

  private static void check(URI upstream) {
    String scheme = upstream.getScheme();
    boolean web = "http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme);
    String path = upstream.getRawPath();
    boolean bare =
        (path == null || path.isEmpty() || path.equals("/"))
            && upstream.getRawQuery() == null
            && upstream.getRawFragment() == null
            && upstream.getRawUserInfo() == null;
    if (!web || upstream.getHost() == null || !bare) {
      throw new IllegalArgumentException(
          "an upstream is http:// or https://, a host and perhaps a port, and not " + upstream);
    }
  }

  /**
   * A route with the usual conditions: 30 seconds, no retries, the {@linkplain
   * BreakerSettings#standard() standard} breaker, the client's {@code Host}, HTTP/1.1 with at most
   * 1024 connections to an upstream, each made within 2 seconds.
   *
   * @param path the beginning of the paths that it takes
   * @param upstreams where requests are sent, in turn
   * @return the route
   * @throws IllegalArgumentException if the path has no slash at its front, or if there is no
   *     upstream, or one that is none
   */
  public static Route to(String path, URI... upstreams) {
    return new Route(
        path,
        null,
        List.of(upstreams),
        Duration.ofSeconds(30),
        0,
        BreakerSettings.standard(),
        HostPolicy.CLIENTS,
        false,
        false,
        Duration.ofSeconds(2),
        1024,
        Map.of(),
        Map.of());
  }

  /**
   * Changes one setting.
   *
   * @param name whose requests this route takes; null for any
   * @return a changed copy
   */
  public Route withHost(@Nullable String name) {
    return copy(name, timeout, retries, breaker, hostPolicy, stripsPath, overHttp2);
  }

  /**
   * Changes one setting.
   *
   * @param limit for a whole request; null for none
   * @return a changed copy
   */
  public Route withTimeout(@Nullable Duration limit) {
    return copy(host, limit, retries, breaker, hostPolicy, stripsPath, overHttp2);
  }

  /**
   * Changes one setting.
   *
   * @param times that a failed attempt is followed by another
   * @return a changed copy
   */
  public Route withRetries(int times) {
    return copy(host, timeout, times, breaker, hostPolicy, stripsPath, overHttp2);
  }

  /**
   * Changes one setting.
   *
   * @param settings when an upstream is given a rest; null for never
   * @return a changed copy
   */
  public Route withBreaker(@Nullable BreakerSettings settings) {
    return copy(host, timeout, retries, settings, hostPolicy, stripsPath, overHttp2);
  }

  /**
   * Changes one setting.
   *
   * @param policy which {@code Host} an upstream sees
   * @return a changed copy
   */
  public Route withHostPolicy(HostPolicy policy) {
    return copy(host, timeout, retries, breaker, policy, stripsPath, overHttp2);
  }

  /**
   * Takes the route's path off before the request is sent on.
   *
   * @return a changed copy
   */
  public Route strippingPath() {
    return copy(host, timeout, retries, breaker, hostPolicy, true, overHttp2);
  }

  /**
   * Speaks HTTP/2 to upstreams: by agreement over TLS, without TLS by prior knowledge.
   *
   * @return a changed copy
   */
  public Route overHttp2Only() {
    return copy(host, timeout, retries, breaker, hostPolicy, stripsPath, true);
  }

  /**
   * Changes two settings.
   *
   * @param timeLimit how long a connection may take to be made
   * @param most connections to one upstream, from each event loop
   * @return a changed copy
   */
  public Route withConnections(Duration timeLimit, int most) {
    return new Route(
        path,
        host,
        upstreams,
        timeout,
        retries,
        breaker,
        hostPolicy,
        stripsPath,
        overHttp2,
        timeLimit,
        most,
        requestHeaders,
        responseHeaders);
  }

  /**
   * Changes two settings.
   *
   * @param request set on requests; an empty value removes the header
   * @param response set on responses; an empty value removes the header
   * @return a changed copy
   */
  public Route withHeaders(Map<String, String> request, Map<String, String> response) {
    return new Route(
        path,
        host,
        upstreams,
        timeout,
        retries,
        breaker,
        hostPolicy,
        stripsPath,
        overHttp2,
        connectTimeout,
        connections,
        request,
        response);
  }

  private Route copy(
      @Nullable String newHost,
      @Nullable Duration newTimeout,
      int newRetries,
      @Nullable BreakerSettings newBreaker,
      HostPolicy newPolicy,
      boolean newStrips,
      boolean newHttp2) {
    return new Route(
        path,
        newHost,
        upstreams,
        newTimeout,
        newRetries,
        newBreaker,
        newPolicy,
        newStrips,
        newHttp2,
        connectTimeout,
        connections,
        requestHeaders,
        responseHeaders);
  }

  /** The host, if there is one, and the path: by this a route is known in figures and pages. */
  String name() {
    return host == null ? path : host + path;
  }
}
