package dev.lanyard.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.CancelledException;
import dev.lanyard.context.Context;
import dev.lanyard.context.ContextException;
import dev.lanyard.context.RootContext;
import dev.lanyard.context.TimeSource;
import dev.lanyard.testing.Eventually;
import io.vertx.core.http.HttpServerRequest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What the server sees when the context ends, for each phase of an exchange and each kind of body.
 */
@ParameterizedClass
@EnumSource(Version.class)
@Execution(ExecutionMode.CONCURRENT)
class AbortTest {
  private final IllegalStateException reason = new IllegalStateException("had enough");

  private final RootContext root = Context.root(TimeSource.system());
  private final CancellableContext ctx = root.withCancel();
  private final TestServer server = new TestServer(AbortTest::serve);
  private final HttpClient http;
  private final ContextHttpClient client;
  private final boolean multiplexed;

  AbortTest(Version version) throws Exception {
    http = HttpClient.newBuilder().version(version).build();
    client = ContextHttpClient.over(http);
    multiplexed = version == Version.HTTP_2;
    assertThat(http.send(server.get("/hello"), BodyHandlers.ofString()).version())
        .isEqualTo(version);
    server.next();
  }

  @AfterEach
  void nothingIsLeft() {
    ctx.close();
    assertThat(root.listening()).isEmpty();
    http.shutdownNow();
    server.close();
  }

  private static void serve(HttpServerRequest request) {
    var response = request.response();
    switch (String.valueOf(request.path())) {
      case "/silent" -> {}
      case "/stalls" -> response.setChunked(true).write("some");
      case "/redirect" -> response.setStatusCode(302).putHeader("Location", "/silent").end();
      case "/upload" -> request.endHandler(_ -> response.end("thanks"));
      default -> response.end("hello");
    }
  }

  private void assertAborted(TestServer.Seen seen) throws Exception {
    assertThat(seen.end()).isEqualTo(multiplexed ? "reset 8" : "closed");
    Eventually.holds("listeners are gone", () -> root.listening().isEmpty());
    assertThat(server.connectionsOpened()).isEqualTo(1);
    assertThat(
            client.send(Context.background(), server.get("/hello"), BodyHandlers.ofString()).body())
        .isEqualTo("hello");
    assertThat(server.connectionsOpened()).isEqualTo(multiplexed ? 1 : 2);
  }

  private <T> CompletableFuture<Throwable> failureOf(
      HttpRequest request, HttpResponse.BodyHandler<T> handler) {
    var failure = new CompletableFuture<Throwable>();
    Thread.startVirtualThread(
        () -> failure.complete(catchThrowable(() -> client.send(ctx, request, handler))));
    return failure;
  }

  private void assertOurs(@Nullable Throwable failure) {
    assertThat(failure).isInstanceOf(CancelledException.class).hasCause(reason);
  }

  @Test
  @DisplayName("C1 C3 C10 C15: before the headers")
  void beforeTheHeaders() throws Exception {
    var failure = failureOf(server.get("/silent"), BodyHandlers.ofString());
    TestServer.Seen seen = server.next();
    ctx.cancel(reason);
    assertOurs(failure.get(10, TimeUnit.SECONDS));
    assertThat(failure.get().getSuppressed()).hasSize(1);
    assertAborted(seen);
  }

  @Test
  @DisplayName("C1: while a buffered body arrives")
  void inABufferedBody() throws Exception {
    var headers = new CountDownLatch(1);
    var failure =
        failureOf(
            server.get("/stalls"),
            _ -> {
              headers.countDown();
              return HttpResponse.BodySubscribers.ofString(StandardCharsets.UTF_8);
            });
    assertThat(headers.await(10, TimeUnit.SECONDS)).isTrue();
    ctx.cancel(reason);
    assertOurs(failure.get(10, TimeUnit.SECONDS));
    assertAborted(server.next());
  }

  @Test
  @DisplayName("C1: while a stream is read, whose reader fails with ours as cause")
  void inAStream() throws Exception {
    InputStream body = client.send(ctx, server.get("/stalls"), BodyHandlers.ofInputStream()).body();
    assertThat(body.readNBytes(4)).asString(StandardCharsets.UTF_8).isEqualTo("some");
    assertThat(root.listening()).hasSize(1);
    var failure = new CompletableFuture<Throwable>();
    Thread.startVirtualThread(() -> failure.complete(catchThrowable(body::read)));
    ctx.cancel(reason);
    assertThat(failure.get(10, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
    assertOurs(failure.get().getCause());
    assertAborted(server.next());
  }

  @Test
  @DisplayName("C1: a stream that was forgotten ends with the context all the same")
  void aForgottenStream() throws Exception {
    client.send(ctx, server.get("/stalls"), BodyHandlers.ofInputStream());
    ctx.cancel(reason);
    assertAborted(server.next());
  }

  @Test
  @DisplayName("C1: while lines are read")
  void inLines() throws Exception {
    Stream<String> lines = client.send(ctx, server.get("/stalls"), BodyHandlers.ofLines()).body();
    ctx.cancel(reason);
    assertThatThrownBy(lines::toList)
        .isInstanceOf(UncheckedIOException.class)
        .cause()
        .satisfies(failure -> assertOurs(failure.getCause()));
    assertAborted(server.next());
  }

  @Test
  @DisplayName("C1: a body that goes to a subscriber: its onError is given ours")
  void inAPublisher() throws Exception {
    Flow.Publisher<List<ByteBuffer>> body =
        client.send(ctx, server.get("/stalls"), BodyHandlers.ofPublisher()).body();
    var failure = new CompletableFuture<Throwable>();
    var received = new CountDownLatch(1);
    var ending = new AtomicReference<@Nullable Thread>();
    body.subscribe(
        new Flow.Subscriber<>() {
          @Override
          public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(1);
          }

          @Override
          public void onNext(List<ByteBuffer> item) {
            received.countDown();
          }

          @Override
          public void onError(Throwable thrown) {
            assertThat(Thread.currentThread()).isNotSameAs(ending.get());
            failure.complete(thrown);
          }

          @Override
          public void onComplete() {}
        });
    assertThat(received.await(10, TimeUnit.SECONDS)).isTrue();
    ending.set(Thread.currentThread());
    ctx.cancel(reason);
    assertOurs(failure.get(10, TimeUnit.SECONDS));
    assertAborted(server.next());
  }

  @Test
  @DisplayName("C1: a body that nobody has asked for yet")
  void aPublisherThatNobodySubscribesTo() throws Exception {
    client.send(ctx, server.get("/stalls"), BodyHandlers.ofPublisher());
    ctx.cancel(reason);
    assertAborted(server.next());
  }

  @Test
  @DisplayName("C3: while an input stream that is uploaded blocks")
  void inAnUploadThatBlocks() throws Exception {
    var reading = new CountDownLatch(1);
    var interrupted = new CountDownLatch(1);
    var upload =
        new InputStream() {
          @Override
          public int read() throws IOException {
            return read(new byte[1], 0, 1);
          }

          @Override
          public int read(byte[] bytes, int offset, int length) throws IOException {
            try {
              reading.countDown();
              new CountDownLatch(1).await();
              return -1;
            } catch (InterruptedException expected) {
              interrupted.countDown();
              throw new InterruptedIOException();
            }
          }
        };
    var failure =
        failureOf(
            HttpRequest.newBuilder(server.uri("/upload"))
                .POST(BodyPublishers.ofInputStream(() -> upload))
                .build(),
            BodyHandlers.ofString());
    TestServer.Seen seen = server.next();
    assertThat(reading.await(10, TimeUnit.SECONDS)).isTrue();
    ctx.cancel(reason);
    assertOurs(failure.get(10, TimeUnit.SECONDS));
    assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
    assertAborted(seen);
    Eventually.holds(
        "no thread reads the upload",
        () ->
            Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().equals("lanyard-upload")));
  }

  @Test
  @DisplayName("C3: while an upload waits for its publisher")
  void inAnUploadThatIsPushed() throws Exception {
    try (var upload = new SubmissionPublisher<ByteBuffer>()) {
      var failure =
          failureOf(
              HttpRequest.newBuilder(server.uri("/upload"))
                  .POST(BodyPublishers.fromPublisher(upload))
                  .build(),
              BodyHandlers.ofString());
      TestServer.Seen seen = server.next();
      ctx.cancel(reason);
      assertOurs(failure.get(10, TimeUnit.SECONDS));
      assertAborted(seen);
      Eventually.holds("the publisher has no subscriber", () -> !upload.hasSubscribers());
    }
  }

  @Test
  @DisplayName("C8: a redirect keeps the context")
  void afterARedirect() throws Exception {
    var following =
        ContextHttpClient.over(
            HttpClient.newBuilder()
                .version(multiplexed ? Version.HTTP_2 : Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.ALWAYS)
                .build());
    var failure = new CompletableFuture<Throwable>();
    Thread.startVirtualThread(() ->
        failure.complete(
            catchThrowable(
                () -> following.send(ctx, server.get("/redirect"), BodyHandlers.discarding()))));
    assertThat(server.next().end()).isEqualTo("answered");
    TestServer.Seen seen = server.next();
    ctx.cancel(reason);
    assertOurs(failure.get(10, TimeUnit.SECONDS));
    assertThat(seen.end()).isEqualTo(multiplexed ? "reset 8" : "closed");
  }

  @Test
  @DisplayName("an interrupt of the waiting thread")
  void anInterrupt() throws Exception {
    var failure = new CompletableFuture<Throwable>();
    Thread waiting =
        Thread.startVirtualThread(() ->
            failure.complete(
                catchThrowable(
                    () -> client.send(ctx, server.get("/silent"), BodyHandlers.ofString()))));
    TestServer.Seen seen = server.next();
    waiting.interrupt();
    assertThat(failure.get(10, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
    assertAborted(seen);
    assertThat(ctx.isDone()).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("whatever is done to the future")
  void theFuture(Giving way) throws Exception {
    var future = client.sendAsync(ctx, server.get("/silent"), BodyHandlers.ofString());
    TestServer.Seen seen = server.next();
    way.up(future);
    assertAborted(seen);
    assertThat(ctx.isDone()).isFalse();
  }

  enum Giving {
    CANCELLED_INTERRUPTING,
    CANCELLED_POLITELY,
    DEPENDENT_CANCELLED,
    DEPENDENT_CANCELLED_POLITELY,
    FAILED_BY_SOMEONE,
    TIMED_OUT;

    void up(CompletableFuture<HttpResponse<String>> future) {
      var _ =
          switch (this) {
            case CANCELLED_INTERRUPTING -> future.cancel(true);
            case CANCELLED_POLITELY -> future.cancel(false);
            case DEPENDENT_CANCELLED -> future.thenApply(HttpResponse::body).cancel(true);
            case DEPENDENT_CANCELLED_POLITELY -> future.thenApply(HttpResponse::body).cancel(false);
            case FAILED_BY_SOMEONE -> future.completeExceptionally(new IOException("no"));
            case TIMED_OUT -> future.orTimeout(1, TimeUnit.MILLISECONDS);
          };
    }
  }

  @Test
  @DisplayName("C1 C4: the future fails with ours")
  void theFutureFails() throws Exception {
    var future = client.sendAsync(ctx, server.get("/silent"), BodyHandlers.ofString());
    TestServer.Seen seen = server.next();
    ctx.cancel(reason);
    assertThatThrownBy(() -> future.get(10, TimeUnit.SECONDS))
        .isInstanceOf(CancellationException.class)
        .cause()
        .satisfies(this::assertOurs);
    assertOurs(future.handle((_, failure) -> failure).get(10, TimeUnit.SECONDS));
    assertAborted(seen);
  }

  @Test
  @DisplayName("C12: a stream that is closed early leaves nothing on a context that lives on")
  void aStreamClosedEarly() throws Exception {
    InputStream body = client.send(ctx, server.get("/stalls"), BodyHandlers.ofInputStream()).body();
    assertThat(root.listening()).hasSize(1);
    body.close();
    // The stream may be closed before the client has handed it its subscription.
    Eventually.holds("nothing is left", () -> root.listening().isEmpty());
    assertAborted(server.next());
  }

  @Test
  @DisplayName("C12: an answer leaves nothing on a context that lives on")
  void anAnswer() throws Exception {
    for (int i = 0; i < 50; i++) {
      assertThat(client.send(ctx, server.get("/hello"), BodyHandlers.ofString()).body())
          .isEqualTo("hello");
      assertThat(root.listening()).isEmpty();
      try (var reader =
          new BufferedReader(
              new InputStreamReader(
                  client.send(ctx, server.get("/hello"), BodyHandlers.ofInputStream()).body(),
                  StandardCharsets.UTF_8))) {
        assertThat(reader.readLine()).isEqualTo("hello");
        assertThat(reader.readLine()).isNull();
        assertThat(root.listening()).isEmpty();
      }
    }
    assertThat(server.connectionsOpened()).isEqualTo(1);
  }

  @Test
  @DisplayName(
      "C10: a thread that is interrupted may end the context: the connection does not die of it")
  void endedByAnInterruptedThread() throws Exception {
    for (int i = 0; i < 20; i++) {
      try (CancellableContext child = ctx.withCancel()) {
        var failure = new CompletableFuture<Throwable>();
        Thread.startVirtualThread(() ->
            failure.complete(
                catchThrowable(
                    () -> client.send(child, server.get("/silent"), BodyHandlers.ofString()))));
        TestServer.Seen seen = server.next();
        Thread.currentThread().interrupt();
        child.cancel(reason);
        assertThat(Thread.interrupted()).isTrue();
        assertOurs(failure.get(10, TimeUnit.SECONDS));
        assertThat(seen.end()).isEqualTo(multiplexed ? "reset 8" : "closed");
      }
    }
    assertThat(server.connectionsOpened()).isEqualTo(multiplexed ? 1 : 20);
  }

  @Test
  @DisplayName("a handler that throws leaves no connection open")
  void aHandlerThatThrows() throws Exception {
    assertThatThrownBy(() ->
            client.send(
                ctx,
                server.get("/stalls"),
                _ -> {
                  throw reason;
                }))
        .isSameAs(reason);
    assertThat(root.listening()).isEmpty();
    TestServer.Seen seen = server.next();
    assertThat(seen.end()).startsWith(multiplexed ? "reset" : "closed");
  }

  @Test
  @DisplayName("C2: a context that is done before: nothing is sent")
  void aContextThatIsDone() throws Exception {
    ctx.cancel(reason);
    assertOurs(failureOf(server.get("/silent"), BodyHandlers.ofString()).get(10, TimeUnit.SECONDS));
    assertThatThrownBy(
            () -> client.sendAsync(ctx, server.get("/silent"), BodyHandlers.ofString()).join())
        .cause()
        .isInstanceOf(ContextException.class);
    assertThat(server.requests()).isEqualTo(1);
  }
}
