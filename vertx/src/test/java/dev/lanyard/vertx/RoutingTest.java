package dev.lanyard.vertx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.context.Context;
import dev.lanyard.http.RequestEnd;
import dev.lanyard.http.RequestId;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.ext.web.handler.HttpException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A guest in a router: what stands before, after, above and below it works as it did. */
class RoutingTest {
  private static void assertOne(Served served, int status) throws InterruptedException {
    assertThat(served.nextCompleted().status()).isEqualTo(status);
    served.awaitUnderWay(0);
    assertThat(served.completed).isEmpty();
    assertThat(served.requests.counts().total()).isEqualTo(1);
  }

  @Test
  @DisplayName("a path that no route takes is answered with 404 and counted")
  void noRoute() throws Exception {
    try (var served = new Served(router -> {});
        Wire wire = Wire.to(served)) {
      assertThat(wire.get("/nowhere").answer().status()).isEqualTo(404);
      assertOne(served, 404);
    }
  }

  @Test
  @DisplayName("HEAD is answered without a body, also where the handler writes one")
  void head() throws Exception {
    try (var served =
            new Served(router -> {
              router.route("/whole").handler(Blocking.on((ctx, routing) -> routing.end("hello")));
              router
                  .route("/stream")
                  .handler(
                      Blocking.on((ctx, routing) -> {
                        try (var body = ResponseBody.of(ctx, routing)) {
                          body.write(new byte[40_000]);
                        }
                      }));
            });
        Wire wire = Wire.to(served)) {
      for (String target : List.of("/whole", "/stream", "/whole")) {
        wire.send(Wire.head("HEAD", target));
        assertThat(wire.answerWithoutBody().status()).isEqualTo(200);
        assertThat(served.nextCompleted().status()).isEqualTo(200);
      }
      served.awaitUnderWay(0);
    }
  }

  @Test
  @DisplayName("a file is sent whole, also a second time on its connection, and a HEAD of it")
  void file(@TempDir Path directory) throws Exception {
    Path file = Files.write(directory.resolve("file"), new byte[300_000]);
    try (var served =
            new Served(router ->
                router
                    .route("/")
                    .handler(
                        Blocking.on((ctx, routing) ->
                            ctx.await(
                                routing
                                    .response()
                                    .sendFile(file.toString())
                                    .toCompletionStage()))));
        Wire wire = Wire.to(served)) {
      for (int i = 0; i < 2; i++) {
        assertThat(wire.get("/").answer().body()).hasSize(300_000);
        wire.send(Wire.head("HEAD", "/"));
        assertThat(wire.answerWithoutBody().status()).isEqualTo(200);
      }
      served.awaitUnderWay(0);
      assertThat(served.requests.counts().finished()).isEqualTo(4);
    }
  }

  @Test
  @DisplayName("a status that has no body needs none, whatever length is announced")
  void noContent() throws Exception {
    try (var served =
            new Served(router -> {
              router
                  .get("/:status")
                  .handler(
                      Blocking.on((ctx, routing) ->
                          routing
                              .response()
                              .setStatusCode(Integer.parseInt(routing.pathParam("status")))
                              .putHeader("ETag", "x")
                              .end()));
            });
        Wire wire = Wire.to(served)) {
      for (String status : List.of("204", "304", "200", "304", "404")) {
        assertThat(wire.get("/" + status).answer().status()).isEqualTo(Integer.parseInt(status));
      }
    }
  }

  @Test
  @DisplayName("HTTP/1.0: a stream is ended by the end of the connection")
  void oldProtocol() throws Exception {
    try (var served =
            new Served(router ->
                router
                    .route("/")
                    .handler(
                        Blocking.on((ctx, routing) -> {
                          try (var body = ResponseBody.of(ctx, routing)) {
                            body.write(new byte[40_000]);
                          }
                        })));
        Wire wire = Wire.to(served)) {
      wire.send("GET / HTTP/1.0\r\n\r\n");
      assertThat(wire.answer().body()).hasSize(40_000);
      assertOne(served, 200);
    }
  }

  @Test
  @DisplayName("the body that a BodyHandler has read is there as a stream")
  void bodyHandlerBefore() throws Exception {
    try (var served =
            new Served(router -> {
              router.route().handler(BodyHandler.create(false));
              router
                  .post("/")
                  .handler(
                      Blocking.on((ctx, routing) -> {
                        byte[] body = RequestBody.of(ctx, routing).readAllBytes();
                        routing.end(
                            new String(body, StandardCharsets.UTF_8) + routing.body().asString());
                      }));
            });
        Wire wire = Wire.to(served)) {
      wire.send(Wire.head("POST", "/", "Content-Length: 5") + "hello");
      assertThat(wire.answer().body()).isEqualTo("hellohello");
      wire.send(Wire.head("POST", "/", "Content-Length: 0"));
      assertThat(wire.answer().status()).isEqualTo(200);
    }
  }

  @Test
  @DisplayName("without RequestContexts before it a handler fails, and says what is missing")
  void missing() throws Exception {
    var said = new CompletableFuture<Throwable>();
    try (var served =
            new Served(router ->
                router
                    .get("/")
                    .order(-1)
                    .handler(Blocking.on((ctx, routing) -> routing.end("never")))
                    .failureHandler(routing -> {
                      said.complete(routing.failure());
                      routing.response().setStatusCode(500).end("failed");
                    }));
        Wire wire = Wire.to(served)) {
      assertThat(wire.get("/").answer().status()).isEqualTo(500);
      assertThat(said.get(10, TimeUnit.SECONDS))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("router.route().handler(");
    }
  }

  @Test
  @DisplayName("problem documents are given also where a request has no context")
  void problemWithoutContext() throws Exception {
    try (var served =
            new Served(router ->
                router
                    .get("/")
                    .order(-1)
                    .handler(routing -> routing.fail(400))
                    .failureHandler(ErrorResponses.problems()));
        Wire wire = Wire.to(served)) {
      assertThat(wire.get("/").answer().status()).isEqualTo(400);
    }
  }

  @Test
  @DisplayName("a handler in a sub-router has the routing of that router, and the log its route")
  void subRouter() throws Exception {
    try (var served =
            new Served((vertx, router) -> {
              Router below = Router.router(vertx);
              below
                  .get("/orders/:id")
                  .handler(
                      Blocking.on((ctx, routing) ->
                          routing.end(
                              routing.mountPoint()
                                  + " "
                                  + Objects.requireNonNull(routing.currentRoute()).getPath()
                                  + " "
                                  + routing.pathParam("id"))));
              router.route("/api/*").subRouter(below);
            });
        Wire wire = Wire.to(served)) {
      assertThat(wire.get("/api/orders/7").answer().body()).isEqualTo("/api/ /orders/:id 7");
      assertThat(served.nextCompleted().route()).contains("/orders/:id");
    }
  }

  @Test
  @DisplayName("what fails in a sub-router without failure handlers fails in the one above")
  void subRouterFails() throws Exception {
    try (var served =
            new Served((vertx, router) -> {
              Router below = Router.router(vertx);
              below
                  .get("/fail")
                  .handler(
                      Blocking.on((ctx, routing) -> {
                        throw new HttpException(409);
                      }));
              router.route("/api/*").subRouter(below);
            });
        Wire wire = Wire.to(served)) {
      Answer answer = wire.get("/api/fail").answer();
      assertThat(answer.status()).isEqualTo(409);
      assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
      assertOne(served, 409);
    }
  }

  @Test
  @DisplayName("middleware: the first is the outermost, and one may answer in place of the rest")
  void middleware() throws Exception {
    var order = new ConcurrentLinkedQueue<String>();
    Middleware first =
        next ->
            (ctx, routing) -> {
              order.add("first");
              next.handle(ctx, routing);
              order.add("first again");
            };
    Middleware second =
        next ->
            (ctx, routing) -> {
              order.add("second");
              if (routing.request().getParam("stop") != null) throw new HttpException(401);
              next.handle(ctx, routing);
            };
    ContextHandler last =
        (ctx, routing) -> {
          order.add("last");
          routing.end();
        };
    try (var served =
            new Served(router ->
                router.get("/").handler(Blocking.on(Middleware.chain(first, second).wrap(last))));
        Wire wire = Wire.to(served)) {
      assertThat(wire.get("/").answer().status()).isEqualTo(200);
      served.awaitUnderWay(0);
      assertThat(order).containsExactly("first", "second", "last", "first again");
      order.clear();
      assertThat(wire.get("/?stop").answer().status()).isEqualTo(401);
      assertThat(order).containsExactly("first", "second");
    }
  }

  @Test
  @DisplayName("a handler on the event loop: its context has the limit and ends with the response")
  void eventLoop() throws Exception {
    var seen = new CompletableFuture<Context>();
    Limits limits = Limits.standard().withTotal(Duration.ofMillis(500));
    try (var served =
            new Served(
                limits,
                router -> {
                  router
                      .get("/now")
                      .handler(routing -> {
                        seen.complete(RequestContexts.context(routing));
                        routing.end("now");
                      });
                  router.get("/never").handler(RequestContexts::context);
                });
        Wire wire = Wire.to(served)) {
      assertThat(wire.get("/now").answer().body()).isEqualTo("now");
      Context ctx = seen.get(10, TimeUnit.SECONDS);
      assertThat(ctx.await(Served.PATIENCE)).isTrue();
      assertThat(ctx.cause()).isInstanceOf(RequestEnd.Finished.class);
      assertThat(served.nextCompleted().status()).isEqualTo(200);

      assertThat(wire.get("/never").answer().status()).isEqualTo(503);
      assertThat(served.nextCompleted().cause()).isInstanceOf(RequestEnd.TimedOut.class);
      served.awaitUnderWay(0);
    }
  }

  @Test
  @DisplayName("a failure handler that fails is answered for")
  void failingFailureHandler() throws Exception {
    try (var served =
            new Served(router ->
                router
                    .get("/")
                    .handler(
                        Blocking.on((ctx, routing) -> {
                          throw new IllegalStateException("one");
                        }))
                    .failureHandler(routing -> {
                      throw new IllegalStateException("two");
                    }));
        Wire wire = Wire.to(served)) {
      assertThat(wire.get("/").answer().status()).isEqualTo(500);
      assertOne(served, 500);
    }
  }

  @Test
  @DisplayName("a request that is sent to another route stays one request with one id")
  void rerouted() throws Exception {
    var ids = new ConcurrentLinkedQueue<String>();
    try (var served =
            new Served(router -> {
              router
                  .get("/old")
                  .handler(routing -> {
                    ids.add(id(routing));
                    routing.reroute(HttpMethod.GET, "/new");
                  });
              router
                  .get("/new")
                  .handler(
                      Blocking.on((ctx, routing) -> {
                        ids.add(id(routing));
                        routing.end("new");
                      }));
            });
        Wire wire = Wire.to(served)) {
      Answer answer = wire.get("/old").answer();
      assertThat(answer.body()).isEqualTo("new");
      assertOne(served, 200);
      assertThat(ids).hasSize(2).containsOnly(answer.header("X-Request-ID"));
    }
  }

  private static String id(RoutingContext routing) {
    return String.valueOf(RequestContexts.context(routing).value(RequestId.KEY));
  }
}
