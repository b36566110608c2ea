package dev.lanyard.app.server;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Stands before each call of the interface. Asks for the token, if there is one; and for what
 * changes something, that it comes from a page of this server or from no browser (cross-site
 * requests), as JSON (which a form of strangers cannot send unasked).
 *
 * <p>It is a part of each route and does not look at paths: two readings of one path would be a way
 * around it.
 */
final class Door implements Handler<RoutingContext> {
  private static final String JSON = "application/json";

  private final @Nullable Token token;

  Door(@Nullable Token token) {
    this.token = token;
  }

  @Override
  public void handle(RoutingContext routing) {
    Problem refusal = refusal(routing.request());
    if (refusal == null) routing.next();
    else refusal.send(routing);
  }

  private @Nullable Problem refusal(HttpServerRequest request) {
    if (token != null && !token.isIn(request.getHeader(HttpHeaders.AUTHORIZATION))) {
      return Problem.of(401, "send the token of this server: Authorization: Bearer TOKEN")
          .withHeader("WWW-Authenticate", "Bearer realm=\"lanyard\"");
    }
    HttpMethod method = request.method();
    if (method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD)) return null;
    if (isOfStrangers(request)) {
      return Problem.of(403, "pages of other sites may not change anything here");
    }
    String type = request.getHeader(HttpHeaders.CONTENT_TYPE);
    if (type == null || !isJson(type) || request.headers().contains("Content-Encoding")) {
      return Problem.of(415, "send JSON in UTF-8, not encoded: Content-Type: application/json");
    }
    return null;
  }

  /** Browsers say it; who says nothing is no browser of these days. */
  private static boolean isOfStrangers(HttpServerRequest request) {
    String site = request.getHeader("Sec-Fetch-Site");
    if (site != null && !site.equals("same-origin") && !site.equals("none")) return true;
    String origin = request.getHeader("Origin");
    if (origin == null) return false;
    String authority = origin.replaceFirst("^https?://", "");
    return authority.equals(origin)
        || !authority.equalsIgnoreCase(request.getHeader(HttpHeaders.HOST));
  }

  private static boolean isJson(String type) {
    String[] parts = type.toLowerCase(Locale.ROOT).split(";", -1);
    boolean unicode =
        parts.length == 1 || (parts.length == 2 && parts[1].strip().matches("charset=\"?utf-8\"?"));
    return parts[0].strip().equals(JSON) && unicode;
  }
}
