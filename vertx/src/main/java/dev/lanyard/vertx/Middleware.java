package dev.lanyard.vertx;

import java.util.List;

/**
 * Something that stands around handlers: it may look at the request, change the context that the
 * next one sees, answer in its place, or see it fail. As Go's {@code func(http.Handler)
 * http.Handler}.
 *
 * {@snippet :
 * Middleware login = next -> (ctx, routing) -> {
 *   User user = users.find(routing.request().getHeader("Authorization")); // 401 if there is none
 *   next.handle(ctx.withValue(USER, user), routing);
 * };
 * router.get("/orders/:id").handler(Blocking.on(login.wrap(orders::show)));
 * }
 *
 * @since 0.1
 */
@FunctionalInterface
public interface Middleware {
  /**
   * Stands around a handler.
   *
   * @param next the handler
   * @return one that calls it, or does not
   */
  ContextHandler wrap(ContextHandler next);

  /**
   * Several, as one.
   *
   * @param middleware the first is the outermost
   * @return a middleware
   */
  static Middleware chain(Middleware... middleware) {
    List<Middleware> outermostFirst = List.of(middleware);
    return handler -> {
      ContextHandler wrapped = handler;
      for (Middleware each : outermostFirst.reversed()) wrapped = each.wrap(wrapped);
      return wrapped;
    };
  }
}
