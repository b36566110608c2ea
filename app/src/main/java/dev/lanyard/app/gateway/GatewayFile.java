package dev.lanyard.app.gateway;

import dev.lanyard.app.input.Address;
import dev.lanyard.app.input.Document;
import dev.lanyard.app.input.Node;
import dev.lanyard.app.input.Problems;
import dev.lanyard.app.input.Section;
import dev.lanyard.app.input.Source;
import dev.lanyard.gateway.Route;
import dev.lanyard.vertx.Limits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes a gateway's settings of a file. All that is wrong is collected. */
final class GatewayFile {
  private static final Set<String> FILE_KEYS =
      Set.of("listen", "tls", "admin", "trust", "http2", "limits", "routes");
  private static final Set<String> LIMIT_KEYS = Set.of("header", "idle", "at-once");

  /** What the file says; {@code tls} and {@code admin} are null for none. */
  record Plan(
      Address listen,
      @Nullable ServerCertificate tls,
      @Nullable Address admin,
      boolean trusting,
      boolean http2,
      Limits limits,
      List<Route> routes) {

    Plan withListen(@Nullable Address other) {
      return other == null ? this : new Plan(other, tls, admin, trusting, http2, limits, routes);
    }

    Plan withAdmin(@Nullable Address other) {
      return other == null ? this : new Plan(listen, tls, other, trusting, http2, limits, routes);
    }
  }

  private static final Address LISTEN = new Address("127.0.0.1", 8080);
  private static final Address ADMIN = new Address("127.0.0.1", 8081);

  private final Problems problems;

  private GatewayFile(Problems problems) {
    this.problems = problems;
  }

  /** Null if there is nothing that could be used; of no use if there were problems. */
  static @Nullable Plan read(Source source, Problems problems) {
    Node root = Document.read(source, "routes", problems);
    return root == null ? null : new GatewayFile(problems).plan(root);
  }

  private @Nullable Plan plan(Node root) {
    if (!(root instanceof Node.Mapping mapping)) {
      problems.add(root.place(), "expected a mapping with \"routes\", found " + root.described());
      return null;
    }
    Section file = new Section(mapping, "a gateway file", FILE_KEYS, problems);
    Address listen = address(file, "listen", LISTEN);
    ServerCertificate tls = ServerCertificate.read(file, problems);
    boolean none = "none".equals(scalar(file, "admin"));
    Address admin = none ? null : address(file, "admin", ADMIN);
    boolean trusting = Boolean.TRUE.equals(file.flag("trust"));
    boolean http2 = Boolean.TRUE.equals(file.flag("http2"));
    Limits limits = limits(file);
    List<Route> routes = routes(file);
    return new Plan(listen, tls, admin, trusting, http2, withTimeFor(routes, limits), routes);
  }

  private static @Nullable String scalar(Section section, String key) {
    return section.node(key) instanceof Node.Scalar scalar ? scalar.text() : null;
  }

  private static Address address(Section section, String key, Address usual) {
    Node node = section.node(key);
    if (node == null) return usual;
    Optional<Address> address = Optional.ofNullable(scalar(section, key)).flatMap(Address::parse);
    if (address.isEmpty()) section.wrong(key, node, Address.EXPECTED);
    return address.orElse(usual);
  }

  private Limits limits(Section file) {
    Limits limits = Limits.standard();
    Node node = file.node("limits");
    if (node == null) return limits;
    if (!(node instanceof Node.Mapping mapping)) {
      file.wrong("limits", node, "a mapping with header, idle and at-once");
      return limits;
    }
    Section section = new Section(mapping, "the limits", LIMIT_KEYS, problems);
    Duration header = section.positiveDuration("header");
    Duration idle = section.positiveDuration("idle");
    Integer atOnce = section.wholeNumber("at-once", 1, Integer.MAX_VALUE);
    if (header != null) limits = limits.withHeader(header);
    if (idle != null) limits = limits.withIdle(idle);
    return atOnce == null ? limits : limits.withAtOnce(atOnce);
  }

  /** A connection on which a request thinks is idle, too: it must be left the time of its route. */
  private static Limits withTimeFor(List<Route> routes, Limits limits) {
    return routes.stream()
        .map(Route::timeout)
        .filter(Objects::nonNull)
        .max(Duration::compareTo)
        .map(limits::withTotal)
        .orElse(limits.withTotal(limits.idle()));
  }

  private List<Route> routes(Section file) {
    Node node = file.node("routes");
    if (node == null) {
      if (file.complete()) problems.add(file.place(), "expected \"routes\", found none");
      return List.of();
    }
    if (!(node instanceof Node.Listing listing) || listing.items().isEmpty()) {
      file.wrong("routes", node, "a list of routes");
      return List.of();
    }
    RouteSection reader = new RouteSection(problems);
    List<Route> routes = new ArrayList<>();
    Set<String> taken = new HashSet<>();
    for (Node item : listing.items()) {
      if (!(item instanceof Node.Mapping mapping)) {
        problems.add(
            item.place(),
            "expected a route: a mapping with path and upstreams, found " + item.described());
        continue;
      }
      Route route = reader.read(mapping);
      if (route == null) continue;
      String host = route.host() == null ? "" : route.host();
      if (taken.add(host + route.path())) routes.add(route);
      else problems.add(item.place(), "another route takes " + host + route.path() + ", too");
    }
    return routes;
  }
}
