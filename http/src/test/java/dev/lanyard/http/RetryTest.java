package dev.lanyard.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import dev.lanyard.context.ContextException;
import dev.lanyard.testing.Eventually;
import dev.lanyard.testing.ManualTime;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryTest {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final ManualTime time = ManualTime.start();
  private final AtomicInteger attempts = new AtomicInteger();
  private final HttpClient http = HttpClient.newHttpClient();
  private volatile BiConsumer<Integer, HttpServerResponse> answer = (_, response) -> response.end();
  private final TestServer server =
      new TestServer(request -> answer.accept(attempts.incrementAndGet(), request.response()));
  private final Retry retry =
      Retry.attempts(3)
          .withBackoff(Duration.ofSeconds(1), Duration.ofSeconds(60))
          .withRandom(() -> 0.5);
  private final ContextHttpClient client = ContextHttpClient.over(http).retrying(retry);

  @AfterEach
  void close() {
    http.shutdownNow();
    server.close();
    assertThat(time.context().listening()).isEmpty();
    assertThat(time.armed()).isZero();
  }

  /** Answers that much with 503, and then as it should be. */
  private void failTimes(int times) {
    answer =
        (number, response) ->
            response.setStatusCode(number <= times ? 503 : 200).end("answer " + number);
  }

  @Test
  void anAttemptThatSucceedsIsReturnedAndOnlyThatIsSeenByTheHandler() throws Exception {
    failTimes(2);
    var handled = new AtomicInteger();
    CompletableFuture<HttpResponse<String>> response =
        client.sendAsync(
            time.context(),
            server.get("/"),
            info -> {
              handled.incrementAndGet();
              return BodyHandlers.ofString().apply(info);
            });
    time.awaitArmed(1, LIMIT);
    time.advance(Duration.ofMillis(499));
    assertThat(attempts).hasValue(1);
    time.advance(Duration.ofMillis(1));
    Eventually.holds("the second attempt has failed", () -> attempts.get() == 2);
    time.awaitArmed(1, LIMIT);
    time.advance(Duration.ofMillis(999));
    assertThat(time.armed()).as("the limit has doubled").isEqualTo(1);
    time.advance(Duration.ofMillis(1));
    assertThat(response.get(10, TimeUnit.SECONDS).body()).isEqualTo("answer 3");
    assertThat(handled).hasValue(1);
    assertThat(server.connectionsOpened()).as("bodies are read to their end").isEqualTo(1);
  }

  @Test
  void theLastAttemptIsReturnedWithItsBodyWhateverItIs() throws Exception {
    failTimes(9);
    ContextHttpClient impatient =
        ContextHttpClient.over(http)
            .retrying(Retry.attempts(3).withBackoff(Duration.ZERO, Duration.ZERO));
    HttpResponse<String> response =
        impatient.send(Context.background(), server.get("/"), BodyHandlers.ofString());
    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.body()).isEqualTo("answer 3");
    assertThat(attempts).hasValue(3);
  }

  @Test
  void nobodySleepsPastTheDeadline() throws Exception {
    failTimes(9);
    try (CancellableContext ctx = time.context().withTimeout(Duration.ofMillis(499))) {
      HttpResponse<String> response = client.send(ctx, server.get("/"), BodyHandlers.ofString());
      assertThat(response.body()).isEqualTo("answer 1");
    }
  }

  @Test
  void aFailureThatCannotBeRepeatedInTimeIsThrownAtOnce() throws Exception {
    try (CancellableContext ctx = time.context().withTimeout(Duration.ofMillis(499))) {
      assertThatThrownBy(() -> client.send(ctx, toNobody("GET"), BodyHandlers.ofString()))
          .isInstanceOf(ConnectException.class);
    }
  }

  @Test
  void theEndOfTheContextEndsAPause() throws Exception {
    failTimes(9);
    try (CancellableContext ctx = time.context().withCancel()) {
      var response = client.sendAsync(ctx, server.get("/"), BodyHandlers.ofString());
      time.awaitArmed(1, LIMIT);
      ctx.cancel();
      assertThat(response.handle((_, failure) -> failure).get(10, TimeUnit.SECONDS))
          .isInstanceOf(ContextException.class);
      assertThat(attempts).hasValue(1);
    }
  }

  @Test
  void aMethodThatIsNotIdempotentIsSentOnce() throws Exception {
    failTimes(9);
    HttpRequest post =
        HttpRequest.newBuilder(server.uri("/")).POST(BodyPublishers.noBody()).build();
    assertThat(client.send(time.context(), post, BodyHandlers.ofString()).body())
        .isEqualTo("answer 1");
  }

  @Test
  void aConnectionThatCouldNotBeMadeIsTriedAgainForEveryMethod() throws Exception {
    ContextHttpClient impatient =
        ContextHttpClient.over(http)
            .retrying(Retry.attempts(3).withBackoff(Duration.ZERO, Duration.ZERO));
    assertThatThrownBy(
            () -> impatient.send(Context.background(), toNobody("POST"), BodyHandlers.ofString()))
        .isInstanceOf(ConnectException.class)
        .satisfies(third -> assertThat(third.getSuppressed()).hasSize(1))
        .satisfies(third -> assertThat(third.getSuppressed()[0].getSuppressed()).hasSize(1));
  }

  @Test
  void anUploadIsAskedForAgain() throws Exception {
    failTimes(1);
    var opened = new AtomicInteger();
    ContextHttpClient impatient =
        ContextHttpClient.over(http)
            .retrying(
                Retry.attempts(3)
                    .withMethods(Set.of("POST"))
                    .withBackoff(Duration.ZERO, Duration.ZERO));
    HttpRequest post =
        HttpRequest.newBuilder(server.uri("/"))
            .POST(
                BodyPublishers.ofInputStream(() -> {
                  opened.incrementAndGet();
                  return InputStream.nullInputStream();
                }))
            .build();
    assertThat(impatient.send(Context.background(), post, BodyHandlers.ofString()).body())
        .isEqualTo("answer 2");
    assertThat(opened).hasValue(2);
  }

  @Test
  void aLongBodyThatNobodyWantsIsGivenUp() throws Exception {
    answer =
        (number, response) -> {
          if (number > 1) response.end("answer");
          else response.setStatusCode(503).setChunked(true).write("x".repeat(200_000));
        };
    ContextHttpClient impatient =
        ContextHttpClient.over(http)
            .retrying(Retry.attempts(2).withBackoff(Duration.ZERO, Duration.ZERO));
    assertThat(
            impatient.send(Context.background(), server.get("/"), BodyHandlers.ofString()).body())
        .isEqualTo("answer");
    assertThat(server.next().end()).isNotEqualTo("answered");
  }

  @Test
  void retryAfterIsObeyed() throws Exception {
    answer =
        (number, response) ->
            response.setStatusCode(number == 1 ? 429 : 200).putHeader("Retry-After", "7").end("ok");
    var response = client.sendAsync(time.context(), server.get("/"), BodyHandlers.ofString());
    time.awaitArmed(1, LIMIT);
    time.advance(Duration.ofMillis(6_999));
    assertThat(time.armed()).isEqualTo(1);
    time.advance(Duration.ofMillis(1));
    assertThat(response.get(10, TimeUnit.SECONDS).body()).isEqualTo("ok");
  }

  @Test
  void aRetryAfterThatAsksForTooMuchIsReturned() throws Exception {
    answer = (_, response) -> response.setStatusCode(503).putHeader("Retry-After", "61").end();
    assertThat(client.send(time.context(), server.get("/"), BodyHandlers.discarding()).statusCode())
        .isEqualTo(503);
    assertThat(attempts).hasValue(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "120|PT2M",
        "0|PT0S",
        "99999999999999999999|PT596523H14M7S",
        "Sun, 06 Nov 1994 08:49:47 GMT|PT10S",
        "Sunday, 06-Nov-94 08:49:47 GMT|PT10S",
        "Sun Nov  6 08:49:47 1994|PT10S",
        "Sun, 06 Nov 1994 08:49:00 GMT|PT0S",
        "Tue, 06 Sep 1994 08:49:47 GMT|PT0S",
        "-1|-",
        "1.5|-",
        "soon|-",
        "Mon, 06 Nov 1994 08:49:47 GMT|-",
        "Sun, 36 Nov 1994 08:49:47 GMT|-",
      })
  void retryAfterIsSecondsOrOneOfThreeDates(String value, String expected) {
    HttpHeaders headers =
        HttpHeaders.of(
            Map.of("Retry-After", List.of(value), "Date", List.of("Sun, 06 Nov 1994 08:49:37 GMT")),
            (_, _) -> true);
    assertThat(RetryAfter.of(headers))
        .isEqualTo(Optional.ofNullable(expected).map(Duration::parse));
  }

  @Test
  void thePauseIsRandomUpToALimitThatDoublesUntilTheLongest() {
    Retry policy =
        Retry.attempts(80)
            .withBackoff(Duration.ofMillis(100), Duration.ofSeconds(1))
            .withRandom(() -> 0.25);
    assertThat(policy.pauseAfter(1, Optional.empty())).contains(Duration.ofMillis(25));
    assertThat(policy.pauseAfter(2, Optional.empty())).contains(Duration.ofMillis(50));
    assertThat(policy.pauseAfter(5, Optional.empty())).contains(Duration.ofMillis(250));
    assertThat(policy.pauseAfter(79, Optional.empty())).contains(Duration.ofMillis(250));
  }

  @Test
  void whatCannotBeIsRefused() {
    assertThatThrownBy(() -> Retry.attempts(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> Retry.never().withBackoff(Duration.ofSeconds(2), Duration.ofSeconds(1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Retry.never().withRetryAfterUpTo(Duration.ofSeconds(-1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static HttpRequest toNobody(String method) throws IOException {
    try (var socket = new ServerSocket(0)) {
      return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + socket.getLocalPort()))
          .method(method, BodyPublishers.ofString("x"))
          .build();
    }
  }
}
