package dev.lanyard.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.CancelledException;
import dev.lanyard.context.Context;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ExchangeObserverTest {
  private final List<String> received = new CopyOnWriteArrayList<>();
  private final AtomicInteger attempts = new AtomicInteger();
  private final List<String> told = new CopyOnWriteArrayList<>();
  private final HttpClient http = HttpClient.newHttpClient();
  private final TestServer server =
      new TestServer(
          request -> {
            received.add(String.valueOf(request.getHeader("traceparent")));
            boolean first = attempts.incrementAndGet() == 1;
            request.response().setStatusCode(first ? 503 : 200).end();
          });
  private final TraceContext trace = TraceContext.newRoot();
  private final Context ctx = Context.background().withValue(TraceContext.KEY, trace);

  @AfterEach
  void close() {
    http.shutdownNow();
    server.close();
  }

  private ExchangeObserver telling(boolean ownTrace) {
    return (context, request) -> {
      TraceContext given = Objects.requireNonNull(context.value(TraceContext.KEY));
      Context within = ownTrace ? context.withValue(TraceContext.KEY, given.child()) : context;
      told.add(request.method());
      return new ExchangeObserver.Observation() {
        @Override
        public Context context() {
          return within;
        }

        @Override
        public void end(@Nullable HttpResponse<?> response, @Nullable Throwable failure) {
          told.add(response == null ? String.valueOf(failure) : response.statusCode() + "");
          told.add(Objects.requireNonNull(within.value(TraceContext.KEY)).traceparent());
        }
      };
    };
  }

  @Test
  void eachAttemptIsObservedAndSendsThePlaceThatItWasGiven() throws Exception {
    var client =
        ContextHttpClient.over(http)
            .observedBy(telling(true))
            .retrying(Retry.attempts(2).withBackoff(Duration.ofMillis(1), Duration.ofMillis(1)));
    HttpRequest request = HttpRequest.newBuilder(server.uri("/")).build();
    assertThat(client.send(ctx, request, BodyHandlers.discarding()).statusCode()).isEqualTo(200);
    assertThat(told)
        .containsExactly("GET", "503", received.getFirst(), "GET", "200", received.getLast());
    assertThat(received).doesNotHaveDuplicates().hasSize(2);
  }

  @Test
  void anObserverThatGivesNoPlaceLeavesTheExchangeASpanOfItsOwn() throws Exception {
    var client = ContextHttpClient.over(http).observedBy(telling(false));
    client.send(
        ctx, HttpRequest.newBuilder(server.uri("/")).build(), BodyHandlers.discarding());
    assertThat(received.getFirst()).contains(trace.traceId()).doesNotContain(trace.spanId());
  }

  @Test
  void aFailureIsToldAndThrown() {
    var client = ContextHttpClient.over(http).observedBy(telling(false));
    try (CancellableContext ended = ctx.withCancel()) {
      ended.cancel();
      HttpRequest request = HttpRequest.newBuilder(server.uri("/")).build();
      assertThatThrownBy(() -> client.send(ended, request, BodyHandlers.discarding()))
          .isInstanceOf(CancelledException.class);
    }
    assertThat(told.get(1)).contains("context canceled");
    assertThat(received).isEmpty();
  }
}
