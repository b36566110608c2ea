package dev.lanyard.app.server;

import dev.lanyard.app.input.Address;
import io.vertx.core.Handler;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * Lets requests in that call this server by a name of its own. A page of strangers whose name was
 * made to point here (DNS rebinding) would be of the same origin for a browser, and carries that
 * name. An address is always one of its own: a stranger's page has a name.
 */
final class HostCheck implements Handler<RoutingContext> {
  private final Set<String> names = new HashSet<>();

  HostCheck(Address listen, Set<String> hosts) {
    names.add("localhost");
    names.add(listen.host().toLowerCase(Locale.ROOT));
    for (String host : hosts) names.add(host.toLowerCase(Locale.ROOT));
  }

  @Override
  public void handle(RoutingContext routing) {
    HostAndPort called = routing.request().authority();
    if (called == null || !isOwn(called.host())) {
      Problem.of(
              421,
              "this server is not known by that name: start it with --host NAME to allow it, or"
                  + " call it by its address")
          .send(routing);
    } else if (!routing.normalizedPath().equals(routing.request().path())) {
      // What reads a path in one way must not be asked about it in another.
      Problem.of(400, "send the path in its plain form, without dots, doubled or escaped letters")
          .send(routing);
    } else {
      routing.next();
    }
  }

  private boolean isOwn(String host) {
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    String bare = bracketed ? host.substring(1, host.length() - 1) : host;
    return names.contains(bare.toLowerCase(Locale.ROOT)) || Loopback.isAddress(bare);
  }
}
