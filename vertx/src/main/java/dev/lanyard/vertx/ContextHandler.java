package dev.lanyard.vertx;

import dev.lanyard.context.Context;
import io.vertx.ext.web.RoutingContext;

/**
 * Answers a request on a virtual thread of its own, where it may block. The context ends when the
 * client leaves, when a limit passes, when the server shuts down and when the handler has returned.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface ContextHandler {
  /**
   * Answers a request.
   *
   * @param ctx the context of the request; also the current one of this thread
   * @param routing the request and its response
   * @throws Exception to have the failure answered: by a status that says so
   */
  void handle(Context ctx, RoutingContext routing) throws Exception;
}
