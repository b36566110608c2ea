package dev.lanyard.app.server;

import dev.lanyard.durable.StoreException;
import dev.lanyard.tasks.RefusedException;
import dev.lanyard.vertx.Blocking;
import dev.lanyard.vertx.RequestContexts;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.lang.System.Logger.Level;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Puts the paths of the server together: who may come in, what is there before the database is. */
final class Site {
  private static final System.Logger LOG = System.getLogger(Site.class.getName());
  private static final Duration LONGEST = SubmittingCall.LONGEST_WAIT.plus(Duration.ofSeconds(30));

  private final Router router;
  private final MetricsPage metrics;
  private final Door door;
  private volatile @Nullable Plant plant;

  Site(
      Vertx vertx,
      RequestContexts requests,
      ServeSettings settings,
      Readiness readiness,
      MetricsPage metrics) {
    this.router = Router.router(vertx);
    this.metrics = metrics;
    this.door = new Door(settings.token());
    var failures = new FailurePage();
    router.route().handler(requests).failureHandler(failures);
    router.errorHandler(404, failures).errorHandler(405, failures); // of no route
    router.route().handler(new SecurityHeaders());
    router.route().handler(new HostCheck(settings.listen(), settings.hosts()));
    page("/healthz", routing -> readiness.health().send(routing));
    page("/readyz", Blocking.on((_, routing) -> readiness.answer().send(routing)));
    guarded("/metrics", Blocking.on((_, routing) -> scrape(routing)));
    guarded("/api/openapi.json", new ApiDescription());
    router.route("/api/*").handler(this::refuseWhileStarting);
    router.route().method(HttpMethod.GET).method(HttpMethod.HEAD).handler(new StaticFiles());
  }

  Router router() {
    return router;
  }

  private void page(String path, Handler<RoutingContext> handler) {
    router.route(path).method(HttpMethod.GET).method(HttpMethod.HEAD).handler(handler);
  }

  private void guarded(String path, Handler<RoutingContext> handler) {
    router
        .route(path)
        .method(HttpMethod.GET)
        .method(HttpMethod.HEAD)
        .handler(door)
        .handler(handler);
  }

  private void scrape(RoutingContext routing) {
    Plant open = plant;
    String accepted = routing.request().getHeader(HttpHeaders.ACCEPT);
    metrics.answer(open == null ? null : open.stats(), accepted).send(routing);
  }

  private void refuseWhileStarting(RoutingContext routing) {
    if (plant != null) {
      routing.next();
      return;
    }
    Problem.of(503, "the server is starting: try again in a moment")
        .withHeader("Retry-After", "1")
        .send(routing);
  }

  /** From now on the interface is there. */
  void open(Plant opened) {
    guarded("/api/events", new EventsCall(opened));
    for (Routes.Route route : Routes.of(opened)) {
      var added = router.route(route.path()).method(route.method());
      if (route.method().equals(HttpMethod.GET)) added.method(HttpMethod.HEAD);
      Blocking handler =
          Blocking.on((ctx, routing) -> answer(opened, route, new Call(ctx, routing)));
      added.handler(door).handler(route.isLong() ? handler.withTimeout(LONGEST) : handler);
    }
    plant = opened;
  }

  private static void answer(Plant plant, Routes.Route route, Call call) throws Exception {
    try {
      Query query = call.query().only(route.parameters());
      if (route.parameters().isEmpty()) query.check(); // others are checked when all are read
      call.send(route.answering().answer(call));
    } catch (RefusedException refusal) {
      call.send(Problem.of(refusal));
    } catch (StoreException failure) {
      refuse(plant, call, Problem.of(failure));
    } catch (Problem problem) {
      refuse(plant, call, problem);
    }
  }

  private static void refuse(Plant plant, Call call, Problem problem) {
    if (problem.getCause() instanceof StoreException failure) {
      plant.meters().databaseFailed();
      LOG.log(Level.WARNING, "the database failed a request", failure);
    }
    call.send(problem);
  }
}
