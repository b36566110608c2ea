package dev.lanyard.vertx;

import dev.lanyard.http.RequestId;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.HttpException;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/**
 * A failure handler that answers with a problem document of RFC 9457: status, title and the request
 * id by which the log can be searched. What failed goes to the log and never to the client; only
 * the payload of an {@link HttpException}, which was written for the client, is its {@code detail}.
 *
 * {@snippet :
 * router.route().failureHandler(ErrorResponses.problems());
 * }
 *
 * @since 0.1
 */
public final class ErrorResponses implements Handler<RoutingContext> {
  private static final System.Logger LOG = System.getLogger(ErrorResponses.class.getName());
  private static final ErrorResponses PROBLEMS = new ErrorResponses();

  /**
   * Makes one for nobody: on a busy machine the classes that write JSON take longer to load than
   * the limit 'answer', and the first request whose time is over would be cut off.
   */
  private ErrorResponses() {
    var _ = problem(503, "Service Unavailable", null, "").encode();
  }

  /**
   * For all routes.
   *
   * @return the handler
   */
  public static ErrorResponses problems() {
    return PROBLEMS;
  }

  @Override
  public void handle(RoutingContext routing) {
    int status = routing.statusCode() < 0 ? 500 : routing.statusCode();
    Throwable failure = routing.failure();
    RequestScope scope = RequestScope.known(routing);
    String id = scope == null ? null : scope.context().value(RequestId.KEY);
    if (status == 500) {
      LOG.log(Level.ERROR, "request " + id + " failed: " + routing.request().method(), failure);
    }
    HttpServerResponse response = routing.response();
    if (response.ended() || response.closed()) return;
    try {
      answer(response, status, failure, id);
    } catch (IllegalStateException answeredMeanwhile) {
      // a handler that was thought deaf had something to say after all
    }
  }

  private static void answer(
      HttpServerResponse response, int status, @Nullable Throwable failure, @Nullable String id) {
    response.setStatusCode(status);
    JsonObject problem = problem(status, response.getStatusMessage(), detail(failure), id);
    response.putHeader(HttpHeaders.CONTENT_TYPE, "application/problem+json");
    response.end(problem.encode());
  }

  private static JsonObject problem(
      int status, String title, @Nullable String detail, @Nullable String id) {
    var problem =
        new JsonObject().put("type", "about:blank").put("title", title).put("status", status);
    if (detail != null) problem.put("detail", detail);
    if (id != null) problem.put("requestId", id);
    return problem;
  }

  private static @Nullable String detail(@Nullable Throwable failure) {
    return failure instanceof HttpException known ? known.getPayload() : null;
  }
}
