package dev.lanyard.gateway;

import dev.lanyard.context.Context;
import dev.lanyard.http.DeadlineHeader;
import dev.lanyard.http.Outgoing;
import dev.lanyard.http.RequestId;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.HostAndPort;
import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which headers an upstream is sent, and which a client. */
final class Forwarding {
  private static final Outgoing OUTGOING = Outgoing.standard().trusting(_ -> true);

  /** Written anew from the context of the request, or not at all. */
  private static final Set<String> FROM_CONTEXT =
      Stream.concat(
              DeadlineHeader.KNOWN.stream().map(DeadlineHeader::name),
              Stream.of(RequestId.HEADER, "traceparent", "tracestate", "baggage"))
          .map(name -> name.toLowerCase(Locale.ROOT))
          .collect(Collectors.toUnmodifiableSet());

  private static final Set<String> ABOUT_THE_CLIENT =
      Set.of("forwarded", "x-forwarded-for", "x-forwarded-proto", "x-forwarded-host");

  private final boolean trusting;

  /** {@code trusting}: what a client says of other clients before it is passed on. */
  Forwarding(boolean trusting) {
    this.trusting = trusting;
  }

  /** The head for one attempt. */
  void writeRequest(
      HttpServerRequest from, HttpClientRequest to, Route route, URI upstream, Context ctx) {
    Set<String> hopByHop = HopByHop.of(from.headers());
    MultiMap headers = to.headers();
    for (Map.Entry<String, String> header : from.headers()) {
      String name = header.getKey().toLowerCase(Locale.ROOT);
      if (hopByHop.contains(name) || FROM_CONTEXT.contains(name) || name.equals("host")) continue;
      if (ABOUT_THE_CLIENT.contains(name) && !trusting) continue;
      headers.add(header.getKey(), header.getValue());
    }
    if (HopByHop.lists(from.headers().getAll("te"), "trailers")) headers.set("te", "trailers");
    HostAndPort host = from.authority();
    if (route.hostPolicy() == Route.HostPolicy.CLIENTS && host != null) to.authority(host);
    writeClient(from, headers, host);
    headers.add("Via", version(from.version()) + " lanyard");
    OUTGOING.write(ctx, upstream, headers::set);
    apply(route.requestHeaders(), headers);
  }

  private static void writeClient(
      HttpServerRequest from, MultiMap headers, @Nullable HostAndPort host) {
    String address = from.remoteAddress().hostAddress();
    String client = address == null ? "unknown" : address;
    String proto = from.isSSL() ? "https" : "http";
    append(headers, "X-Forwarded-For", client);
    if (!headers.contains("X-Forwarded-Proto")) headers.set("X-Forwarded-Proto", proto);
    var forwarded = new StringBuilder("for=");
    forwarded.append(client.indexOf(':') < 0 ? client : "\"[" + client + "]\"");
    if (host != null) {
      String authority = host.toString();
      if (!headers.contains("X-Forwarded-Host")) headers.set("X-Forwarded-Host", authority);
      boolean plain = authority.chars().allMatch(Forwarding::isTokenCharacter);
      forwarded.append(";host=").append(plain ? authority : "\"" + authority + "\"");
    }
    forwarded.append(";proto=").append(proto);
    append(headers, "Forwarded", forwarded.toString());
  }

  private static boolean isTokenCharacter(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '-'
        || c == '.'
        || c == '_';
  }

  /** One line, whatever the client sent: not all that read it expect several. */
  private static void append(MultiMap headers, String name, String value) {
    Stream<String> all = Stream.concat(headers.getAll(name).stream(), Stream.of(value));
    headers.set(name, all.collect(Collectors.joining(", ")));
  }

  private static String version(HttpVersion version) {
    return switch (version) {
      case HTTP_1_0 -> "1.0";
      case HTTP_1_1 -> "1.1";
      case HTTP_2 -> "2.0";
      default -> "3.0";
    };
  }

  /** The id of the request is there already, by whoever made its context. */
  static void writeResponse(MultiMap from, MultiMap to, Route route) {
    Set<String> hopByHop = HopByHop.of(from);
    for (Map.Entry<String, String> header : from) {
      String name = header.getKey().toLowerCase(Locale.ROOT);
      if (hopByHop.contains(name) || name.equals("x-request-id")) continue;
      to.add(header.getKey(), header.getValue());
    }
    apply(route.responseHeaders(), to);
  }

  private static void apply(Map<String, String> changes, MultiMap headers) {
    changes.forEach((name, value) -> {
      if (value.isEmpty()) headers.remove(name);
      else headers.set(name, value);
    });
  }
}
