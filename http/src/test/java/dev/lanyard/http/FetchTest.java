package dev.lanyard.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import dev.lanyard.context.DeadlineExceededException;
import dev.lanyard.context.RootContext;
import dev.lanyard.context.TimeSource;
import dev.lanyard.testing.Eventually;
import dev.lanyard.testing.ManualTime;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Many requests: all of them, the first of them, a second copy. */
@ParameterizedClass
@EnumSource(Version.class)
class FetchTest {
  private final RootContext root = Context.root(TimeSource.system());
  private final CancellableContext ctx = root.withCancel();
  private final ManualTime time = ManualTime.start();
  private final TestServer server = new TestServer(FetchTest::serve);
  private final HttpClient http;
  private final ContextHttpClient client;
  private final boolean multiplexed;

  FetchTest(Version version) throws Exception {
    http = HttpClient.newBuilder().version(version).build();
    client = ContextHttpClient.over(http);
    multiplexed = version == Version.HTTP_2;
    http.send(server.get("/warm"), BodyHandlers.discarding());
    server.next();
  }

  @AfterEach
  void nothingIsLeft() {
    ctx.close();
    Eventually.holds("no listener is left", () -> root.listening().isEmpty());
    Eventually.holds("none on the other clock", () -> time.context().listening().isEmpty());
    http.shutdownNow();
    server.close();
  }

  private static void serve(HttpServerRequest request) {
    var response = request.response();
    switch (String.valueOf(request.path())) {
      case "/silent" -> {}
      case "/stalls" -> response.setChunked(true).write("some");
      case "/503" -> response.setStatusCode(503).end("503");
      case "/headers" -> response.end(request.headers().get("X-Request-ID"));
      default -> response.end(request.path());
    }
  }

  private String aborted() {
    return multiplexed ? "reset 8" : "closed";
  }

  private TestServer.Seen awaitSeen(String path) throws InterruptedException {
    TestServer.Seen seen = server.next();
    while (!path.equals(seen.request().path())) seen = server.next();
    return seen;
  }

  @Test
  void allAreFetchedInTheOrderOfTheRequests() throws Exception {
    List<HttpRequest> requests = IntStream.range(0, 30).mapToObj(i -> server.get("/" + i)).toList();
    assertThat(client.fetchAll(ctx, requests, 4, BodyHandlers.ofString()))
        .extracting(HttpResponse::body)
        .isEqualTo(requests.stream().map(request -> request.uri().getPath()).toList());
    assertThat(root.listening()).isEmpty();
  }

  @Test
  void streamsOfAllCanBeReadAfterwards() throws Exception {
    for (HttpResponse<InputStream> response :
        client.fetchAll(
            ctx, List.of(server.get("/a"), server.get("/b")), 2, BodyHandlers.ofInputStream())) {
      assertThat(response.body().readAllBytes())
          .asString(StandardCharsets.UTF_8)
          .isEqualTo(response.uri().getPath());
    }
    assertThat(root.listening()).isEmpty();
  }

  @Test
  void theFirstFailureEndsTheOthersAndTheirStreams() throws Exception {
    var arrived = new CountDownLatch(1);
    BodyHandler<InputStream> handler =
        _ -> {
          arrived.countDown();
          return BodySubscribers.ofInputStream();
        };
    var failure = new IOException("nothing to send");
    HttpRequest failing =
        HttpRequest.newBuilder(server.uri("/silent"))
            .POST(BodyPublishers.ofInputStream(() -> failingAfter(arrived, failure)))
            .build();
    assertThatThrownBy(
            () -> client.fetchAll(ctx, List.of(server.get("/stalls"), failing), 2, handler))
        .hasRootCause(failure);
    assertThat(awaitSeen("/stalls").end()).isEqualTo(aborted());
    assertThat(ctx.isDone()).isFalse();
  }

  private static InputStream failingAfter(CountDownLatch event, IOException failure) {
    return new InputStream() {
      @Override
      public int read() throws IOException {
        return read(new byte[1], 0, 1);
      }

      @Override
      public int read(byte[] bytes, int from, int length) throws IOException {
        Eventually.holds("the other has arrived", () -> event.getCount() == 0);
        throw failure;
      }
    };
  }

  @Test
  void theFirstSuccessWinsAndTheOthersEnd() throws Exception {
    HttpResponse<InputStream> first =
        client.fetchFirst(
            ctx,
            List.of(server.get("/silent"), server.get("/503"), server.get("/hello")),
            BodyHandlers.ofInputStream());
    assertThat(first.body().readAllBytes()).asString(StandardCharsets.UTF_8).isEqualTo("/hello");
    Eventually.holds(
        "nobody works for us",
        () -> server.seen().stream().allMatch(seen -> seen.ending().isDone()));
    Eventually.holds("no listener is left", () -> root.listening().isEmpty());
  }

  @Test
  void theStreamOfALoserEndsToo() throws Exception {
    HttpResponse<InputStream> first =
        client.fetchFirst(
            ctx,
            List.of(server.get("/stalls"), server.get("/hello")),
            BodyHandlers.ofInputStream(),
            response -> response.uri().getPath().equals("/hello"));
    assertThat(first.body().readAllBytes()).hasSize(6);
    Eventually.holds(
        "the stream has ended",
        () -> server.seen().stream().allMatch(seen -> seen.ending().isDone()));
  }

  @Test
  void whereNoneSucceedsTheFirstFailureIsThrown() {
    assertThatThrownBy(() ->
            client.fetchFirst(
                ctx,
                List.of(server.get("/503?key=1"), server.get("/503")),
                BodyHandlers.ofString()))
        .isInstanceOf(IOException.class)
        .hasMessageMatching("GET http://127.0.0.1:\\d+/503 was answered with status 503")
        .isInstanceOfSatisfying(
            UnsuccessfulResponseException.class,
            failure -> assertThat(failure.statusCode()).isEqualTo(503));
    assertThatThrownBy(() -> client.fetchFirst(ctx, List.of(), BodyHandlers.ofString()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aSecondCopyIsSentAfterTheDelayAndTheFirstEnds() throws Exception {
    var number = new AtomicInteger();
    try (var slowOnce =
        new TestServer(request -> {
          if (number.incrementAndGet() > 1) request.response().end("second");
        })) {
      CompletableFuture<HttpResponse<String>> response =
          client
              .hedging(Duration.ofSeconds(1))
              .sendAsync(time.context(), slowOnce.get("/"), BodyHandlers.ofString());
      TestServer.Seen first = slowOnce.next();
      time.awaitArmed(1, Duration.ofSeconds(10));
      time.advance(Duration.ofMillis(999));
      assertThat(slowOnce.requests()).isEqualTo(1);
      time.advance(Duration.ofMillis(1));
      assertThat(response.get(10, TimeUnit.SECONDS).body()).isEqualTo("second");
      assertThat(first.end()).isIn("closed", "reset 8");
    }
  }

  @Test
  void anAnswerInTimeIsNotHedgedNorIsAFailureNorWhatIsNotIdempotent() throws Exception {
    ContextHttpClient hedging = client.hedging(Duration.ofHours(1));
    assertThat(hedging.send(time.context(), server.get("/hello"), BodyHandlers.ofString()).body())
        .isEqualTo("/hello");
    assertThat(hedging.send(time.context(), server.get("/503"), BodyHandlers.ofString()).body())
        .isEqualTo("503");
    HttpRequest post =
        HttpRequest.newBuilder(server.uri("/post")).POST(BodyPublishers.ofString("x")).build();
    assertThat(
            client
                .hedging(Duration.ZERO)
                .send(time.context(), post, BodyHandlers.ofString())
                .body())
        .isEqualTo("/post");
    assertThat(server.requests()).isEqualTo(4);
    assertThat(time.armed()).isZero();
  }

  @Test
  @DisplayName("C5 C6: a deadline is told from a cancellation, and gives its own cause")
  void aDeadline() throws Exception {
    var late = new IOException("too late");
    try (CancellableContext child = time.context().withTimeout(Duration.ofSeconds(3), late)) {
      var response = client.sendAsync(child, server.get("/silent"), BodyHandlers.ofString());
      TestServer.Seen seen = server.next();
      time.advance(Duration.ofSeconds(3));
      assertThat(response.handle((_, failure) -> failure).get(10, TimeUnit.SECONDS))
          .isInstanceOf(DeadlineExceededException.class)
          .hasCause(late);
      assertThat(seen.end()).isEqualTo(aborted());
    }
  }

  @Test
  @DisplayName("C7: the request's own timeout stays what it is")
  void theTimeoutOfARequest() {
    HttpRequest request =
        HttpRequest.newBuilder(server.uri("/silent")).timeout(Duration.ofMillis(50)).build();
    assertThatThrownBy(() -> client.send(ctx, request, BodyHandlers.ofString()))
        .isInstanceOf(HttpTimeoutException.class);
    assertThat(root.listening()).isEmpty();
  }

  @Test
  @DisplayName("C11: a response that is there is used, its body too, though the context has ended")
  void aResponseThatIsThere() throws Exception {
    HttpResponse<String> response = client.send(ctx, server.get("/hello"), BodyHandlers.ofString());
    HttpResponse<InputStream> stream =
        client.send(ctx, server.get("/hello"), BodyHandlers.ofInputStream());
    Eventually.holds("the body is there", () -> root.listening().isEmpty());
    ctx.cancel();
    assertThat(response.body()).isEqualTo("/hello");
    assertThat(stream.body().readAllBytes()).hasSize(6);
  }

  @Test
  @DisplayName("C14: no context, no request")
  void nullIsRefused() {
    assertThatThrownBy(() -> client.send(nothing(), server.get("/"), BodyHandlers.ofString()))
        .isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> client.sendAsync(ctx, nothing(), BodyHandlers.ofString()))
        .isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> client.send(ctx, server.get("/"), nothing()))
        .isInstanceOf(NullPointerException.class);
  }

  @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
  private static <T> T nothing() {
    return null;
  }

  @Test
  void theHeadersOfTheContextAreSentUnlessTheRequestHasThem() throws Exception {
    Context named = ctx.withValue(RequestId.KEY, "r-1");
    assertThat(client.send(named, server.get("/headers"), BodyHandlers.ofString()).body())
        .isEqualTo("r-1");
    HttpRequest own =
        HttpRequest.newBuilder(server.uri("/headers")).header("x-request-id", "mine").build();
    assertThat(client.send(named, own, BodyHandlers.ofString()).body()).isEqualTo("mine");
    assertThat(
            client
                .sending(Outgoing.standard().withTraceTo((URI _) -> false))
                .send(named, own, BodyHandlers.ofString())
                .body())
        .isEqualTo("mine");
  }
}
