package dev.lanyard.app.gateway;

import dev.lanyard.app.input.Node;
import dev.lanyard.app.input.Problems;
import dev.lanyard.app.input.Section;
import dev.lanyard.gateway.BreakerSettings;
import dev.lanyard.gateway.Route;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads one route of a gateway's file. */
final class RouteSection {
  private static final Set<String> KEYS =
      Set.of(
          "path",
          "host",
          "upstreams",
          "timeout",
          "retries",
          "breaker",
          "host-header",
          "strip-path",
          "http2",
          "connect-timeout",
          "connections",
          "request-headers",
          "response-headers");
  private static final Set<String> BREAKER_KEYS =
      Set.of("window", "at-least", "failure-rate", "rest", "trials");
  private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
  private static final Pattern VALUE = Pattern.compile("[\\x20-\\x7e\\t]*");
  private static final Set<String> FRAMING =
      Set.of("content-length", "transfer-encoding", "connection", "upgrade", "host");

  private final Problems problems;

  RouteSection(Problems problems) {
    this.problems = problems;
  }

  /** Null if it is of no use; a problem says why. */
  @Nullable Route read(Node.Mapping mapping) {
    Section section = new Section(mapping, "a route", KEYS, problems);
    String path = path(section);
    List<URI> upstreams = upstreams(section);
    Duration timeout = timeout(section);
    Integer retries = section.wholeNumber("retries", 0, 100);
    BreakerSettings breaker = breaker(section);
    Route.HostPolicy host = hostPolicy(section);
    Boolean strips = section.flag("strip-path");
    Boolean http2 = section.flag("http2");
    Duration connect = section.positiveDuration("connect-timeout");
    Integer connections = section.wholeNumber("connections", 1, 1_000_000);
    Map<String, String> request = headers(section, "request-headers");
    Map<String, String> response = headers(section, "response-headers");
    String name = section.text("host");
    if (path == null || upstreams == null) return null;
    Route route =
        Route.to(path, upstreams.toArray(URI[]::new))
            .withHost(name)
            .withTimeout(timeout)
            .withRetries(Objects.requireNonNullElse(retries, 0))
            .withBreaker(breaker)
            .withHostPolicy(host)
            .withHeaders(request, response);
    route =
        route.withConnections(
            Objects.requireNonNullElse(connect, route.connectTimeout()),
            Objects.requireNonNullElse(connections, route.connections()));
    if (Boolean.TRUE.equals(strips)) route = route.strippingPath();
    return Boolean.TRUE.equals(http2) ? route.overHttp2Only() : route;
  }

  private @Nullable String path(Section section) {
    String path = section.text("path");
    Node node = section.node("path");
    if (node == null) {
      if (section.complete()) {
        problems.add(section.place(), "expected a \"path\" for this route, found none");
      }
      return null;
    }
    if (path == null) return null;
    if (path.startsWith("/") && path.indexOf('?') < 0 && path.indexOf('#') < 0) return path;
    section.wrong("path", node, "the beginning of a path, such as /orders");
    return null;
  }

  private @Nullable List<URI> upstreams(Section section) {
    Node node = section.node("upstreams");
    if (node == null) {
      if (section.complete()) {
        problems.add(section.place(), "expected \"upstreams\" for this route, found none");
      }
      return null;
    }
    List<Node> items = node instanceof Node.Listing listing ? listing.items() : List.of(node);
    if (items.isEmpty()) section.wrong("upstreams", node, "a list of addresses");
    List<URI> upstreams = new ArrayList<>();
    for (Node item : items) {
      URI upstream = item instanceof Node.Scalar scalar ? upstream(scalar.text()) : null;
      if (upstreams.contains(upstream)) {
        problems.add(item.place(), "\"upstreams\": " + upstream + " stands here twice");
      }
      if (upstream != null) upstreams.add(upstream);
      else section.wrong("upstreams", item, "an address such as http://127.0.0.1:8082");
    }
    return upstreams.size() == items.size() && !upstreams.isEmpty() ? upstreams : null;
  }

  private static @Nullable URI upstream(String text) {
    try {
      URI uri = new URI(text);
      var _ = Route.to("/", uri); // its own rules
      return uri;
    } catch (URISyntaxException | IllegalArgumentException _) {
      return null;
    }
  }

  private static @Nullable Duration timeout(Section section) {
    Duration usual = Route.to("/", URI.create("http://localhost")).timeout();
    Node node = section.node("timeout");
    if (node == null) return usual;
    if (node instanceof Node.Scalar scalar && scalar.text().equals("none")) return null;
    Duration given = section.positiveDuration("timeout");
    return given == null ? usual : given;
  }

  private static Route.HostPolicy hostPolicy(Section section) {
    Node node = section.node("host-header");
    if (node == null) return Route.HostPolicy.CLIENTS;
    String text = node instanceof Node.Scalar scalar ? scalar.text() : "";
    if (text.equals("upstream")) return Route.HostPolicy.UPSTREAMS;
    if (!text.equals("client")) section.wrong("host-header", node, "client or upstream");
    return Route.HostPolicy.CLIENTS;
  }

  private @Nullable BreakerSettings breaker(Section section) {
    BreakerSettings usual = BreakerSettings.standard();
    Node node = section.node("breaker");
    if (node == null) return usual;
    if (node instanceof Node.Scalar scalar && scalar.text().equals("none")) return null;
    if (!(node instanceof Node.Mapping mapping)) {
      section.wrong("breaker", node, "none, or a mapping with " + sorted(BREAKER_KEYS));
      return usual;
    }
    Section breaker = new Section(mapping, "a breaker", BREAKER_KEYS, problems);
    Integer window = breaker.wholeNumber("window", 1, 1_000_000);
    Integer atLeast = breaker.wholeNumber("at-least", 1, 1_000_000);
    Integer rate = breaker.wholeNumber("failure-rate", 1, 100);
    Duration rest = breaker.positiveDuration("rest");
    Integer trials = breaker.wholeNumber("trials", 1, 1_000_000);
    int size = Objects.requireNonNullElse(window, usual.window());
    int least = Objects.requireNonNullElse(atLeast, Math.min(usual.atLeast(), size));
    Node leastNode = breaker.node("at-least");
    if (least > size && leastNode != null) {
      breaker.wrong("at-least", leastNode, "no more than \"window\", which is " + size);
      return usual;
    }
    try {
      return new BreakerSettings(
          size,
          least,
          Objects.requireNonNullElse(rate, usual.failureRate()),
          Objects.requireNonNullElse(rest, usual.rest()),
          Objects.requireNonNullElse(trials, usual.trials()));
    } catch (IllegalArgumentException e) {
      problems.add(node.place(), "\"breaker\": " + e.getMessage());
      return usual;
    }
  }

  private static String sorted(Set<String> keys) {
    return String.join(", ", keys.stream().sorted().toList());
  }

  private Map<String, String> headers(Section section, String key) {
    Map<String, String> headers = section.textsByKey(key);
    if (headers == null) return Map.of();
    headers.forEach((name, value) -> {
      if (!TOKEN.matcher(name).matches() || !VALUE.matcher(value).matches()) {
        problems.add(
            section.placeOf(key),
            Section.quoted(key) + ": " + Section.quoted(name) + " is no header");
      } else if (FRAMING.contains(name.toLowerCase(Locale.ROOT))) {
        problems.add(
            section.placeOf(key),
            Section.quoted(key) + ": " + name + " is the gateway's own business");
      }
    });
    return headers;
  }
}
