package dev.lanyard.tasks;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.lanyard.context.Context;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a server on the loopback address. */
class HttpTest {
  private final Context ctx = Context.background().withTimeout(Duration.ofSeconds(40));
  private final TaskProcessor processor =
      TaskProcessor.in(ctx, s -> s.withMaxTimeout(Duration.ofSeconds(60)));
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private HttpServer server = start();

  private static HttpServer start() {
    try {
      return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException noPort) {
      throw new IllegalStateException(noPort);
    }
  }

  @BeforeEach
  void serve() {
    server.setExecutor(threads);
    server.createContext("/echo", HttpTest::echo);
    server.createContext("/teapot", exchange -> answer(exchange, 418, "short and stout"));
    server.start();
  }

  @AfterEach
  void close() {
    processor.close();
    server.stop(0);
    threads.shutdownNow();
  }

  private Http get(String path) {
    return Http.get(URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path));
  }

  private TaskRef submit(Http http) {
    return processor.submit(Task.of("http", Http.KIND, http).withTimeout(Duration.ofSeconds(30)));
  }

  private Outcome outcome(Http http) throws InterruptedException {
    return submit(http).await(ctx);
  }

  private static void echo(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    answer(
        exchange,
        200,
        exchange.getRequestMethod()
            + " "
            + exchange.getRequestHeaders().getFirst("X-Colour")
            + " "
            + body);
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }

  @Test
  void methodHeadersAndBodyAreSentAndTheReplyIsTheResult() throws Exception {
    Outcome outcome =
        outcome(
            get("/echo")
                .withMethod("PATCH")
                .withHeaders(Map.of("X-Colour", "red"))
                .withBody("größer"));
    assertThat(outcome)
        .isInstanceOfSatisfying(
            Outcome.Completed.class,
            completed ->
                assertThat(completed.result())
                    .isInstanceOfSatisfying(
                        Http.Reply.class,
                        reply -> {
                          assertThat(reply.status()).isEqualTo(200);
                          assertThat(reply.body()).isEqualTo("PATCH red größer");
                          assertThat(reply.headers()).containsKey("content-length");
                          assertThat(reply.cut()).isFalse();
                        }));
  }

  @Test
  void headersOfTheContextAreSentUnlessTheTaskNamesThem() throws Exception {
    TaskKind<Http> coloured =
        Http.kindWith((context, request) -> Map.of("x-colour", "that of " + request.uri().getPath()));
    Task bare = Task.of("http", coloured, get("/echo"));
    Task own = Task.of("http", coloured, get("/echo").withHeaders(Map.of("X-Colour", "red")));
    try (var colouring = TaskProcessor.in(ctx, s -> s.withKind(coloured))) {
      assertThat(bodyOf(colouring.submit(bare))).isEqualTo("GET that of /echo ");
      assertThat(bodyOf(colouring.submit(own))).isEqualTo("GET red ");
    }
  }

  private String bodyOf(TaskRef task) throws InterruptedException {
    var completed = (Outcome.Completed) task.await(ctx);
    return ((Http.Reply) Objects.requireNonNull(completed.result())).body();
  }

  @Test
  void aStatusThatIsNotExpectedIsAFailure() throws Exception {
    Http teapot = get("/teapot");
    var failed = (Outcome.Failed) outcome(teapot);
    assertThat(failed.failure())
        .hasMessage("status 418 where 200 to 299 was expected, from GET " + teapot.uri());
    assertThat(((Http.StatusException) failed.failure()).reply().body())
        .isEqualTo("short and stout");
    assertThat(outcome(teapot.withExpected(Set.of(418, 200))).state()).isEqualTo(State.COMPLETED);
    assertThat(((Outcome.Failed) outcome(get("/echo").withExpected(Set.of(404)))).failure())
        .hasMessageContaining("status 200 where [404] was expected");
  }

  @Test
  void nobodyThereIsAFailureThatSaysSo() throws Exception {
    int closed;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      closed = socket.getLocalPort();
    }
    URI uri = URI.create("http://127.0.0.1:" + closed + "/");
    var failed = (Outcome.Failed) outcome(Http.get(uri));
    assertThat(failed.failure()).hasMessage("GET " + uri + ": cannot connect");
  }

  @Test
  void theServerSeesTheConnectionCloseWhenTheContextEnds() throws Exception {
    var asked = new CountDownLatch(1);
    var gone = new CountDownLatch(1);
    server.createContext(
        "/endless",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          asked.countDown();
          try (OutputStream out = exchange.getResponseBody()) {
            while (true) {
              out.write(' ');
              out.flush();
            }
          } catch (IOException closed) {
            gone.countDown();
          }
        });
    TaskRef ref = submit(get("/endless").withMaxBodyBytes(Integer.MAX_VALUE));
    asked.await();
    ref.cancel(null);
    assertThat(ref.await(ctx).state()).isEqualTo(State.CANCELLED);
    gone.await();
  }

  @Test
  void ofALongBodyTheBeginningIsKeptAndTheRestIsNotWaitedFor() throws Exception {
    var gone = new CountDownLatch(1);
    server.createContext(
        "/endless",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          try (OutputStream out = exchange.getResponseBody()) {
            while (true) out.write("0123456789".getBytes(StandardCharsets.UTF_8));
          } catch (IOException closed) {
            gone.countDown();
          }
        });
    assertThat(outcome(get("/endless").withMaxBodyBytes(15)))
        .isInstanceOfSatisfying(
            Outcome.Completed.class,
            completed ->
                assertThat(completed.result())
                    .isInstanceOfSatisfying(
                        Http.Reply.class,
                        reply -> {
                          assertThat(reply.body()).isEqualTo("012345678901234");
                          assertThat(reply.cut()).isTrue();
                        }));
    gone.await();
  }
}
