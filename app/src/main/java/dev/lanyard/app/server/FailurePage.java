package dev.lanyard.app.server;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.HttpException;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/** Answers requests that no call has answered: there is no such path, or something failed. */
final class FailurePage implements Handler<RoutingContext> {
  private static final System.Logger LOG = System.getLogger(FailurePage.class.getName());

  @Override
  public void handle(RoutingContext routing) {
    int status = routing.statusCode() < 0 ? 500 : routing.statusCode();
    if (status == 500) LOG.log(Level.ERROR, "a request failed", routing.failure());
    if (routing.response().ended() || routing.response().closed()) return;
    try {
      Problem problem = Problem.of(status, detail(routing, status));
      if (status == 503) problem = problem.withHeader("Retry-After", "1");
      problem.send(routing);
    } catch (IllegalStateException answeredMeanwhile) {
      // a handler that was thought deaf had something to say after all
    }
  }

  private static String detail(RoutingContext routing, int status) {
    String known = status == 413 ? null : payload(routing.failure()); // 413: what to do
    if (known != null) return known;
    return switch (status) {
      case 400 -> "the request is malformed";
      case 404 -> "there is nothing here; /api/openapi.json says what there is";
      case 405 -> "this is asked for with " + routing.response().headers().get(HttpHeaders.ALLOW);
      case 413 -> "the body is too large: send fewer tasks at once";
      case 503 -> "the server is busy or shutting down: try again in a moment";
      case 504 -> "the time that the caller allows is over";
      default -> "something went wrong here; the log of the server says what";
    };
  }

  private static @Nullable String payload(@Nullable Throwable failure) {
    return failure instanceof HttpException known ? known.getPayload() : null;
  }
}
