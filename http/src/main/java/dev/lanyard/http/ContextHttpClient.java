package dev.lanyard.http;

import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.CancelledException;
import dev.lanyard.context.Context;
import dev.lanyard.context.ContextException;
import dev.lanyard.context.DeadlineExceededException;
import dev.lanyard.context.Group;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests over a {@link HttpClient}, each tied to a context: when the context ends, so does
 * the exchange, wherever it is by then.
 *
 * {@snippet :
 * ContextHttpClient client = ContextHttpClient.over(HttpClient.newHttpClient());
 * HttpResponse<String> response = client.send(ctx, request, BodyHandlers.ofString());
 * }
 *
 * <p><b>What the context governs.</b> Connecting, sending, the wait for the headers and the whole
 * body of the response, also one that is read as a stream long after {@code send} has returned, and
 * every redirect on the way. At its end the connection is closed (HTTP/1.1) or the stream reset
 * (HTTP/2, where the others on the connection go on), so the server learns of it. Once the body has
 * been read to its end, closed, or has failed, nothing of the exchange is registered with the
 * context. A stream that is neither read nor closed holds its connection until the context ends: so
 * give it one that does.
 *
 * <p><b>What is thrown.</b> Because of the context always {@link CancelledException} or {@link
 * DeadlineExceededException}, as by {@link Context#throwIfDone}, with the context's cause, and with
 * what the transport said as suppressed. A response that is there when the context ends is
 * returned. A body that is read as a stream fails as its type can: {@code read} of an {@code
 * InputStream} with an {@link IOException} whose cause is that exception, {@code ofLines} with an
 * {@code UncheckedIOException} around it, and a subscriber's {@code onError} gets it as it is.
 * Everything else is thrown as {@link HttpClient#send} throws it, the timeouts of a request and of
 * a connect included; an unchecked exception of a body handler comes out as it is.
 *
 * <p><b>Life.</b> The {@code HttpClient} belongs to the caller; this never closes it.
 *
 * <p><b>Threads.</b> Immutable; any number of threads may use it at once.
 *
 * @since 0.1
 */
public final class ContextHttpClient {
  private final HttpClient http;
  private final Outgoing headers;
  private final Retry retry;
  private final @Nullable Duration hedgeDelay;
  private final @Nullable ExchangeObserver observer;

  private ContextHttpClient(
      HttpClient http,
      Outgoing headers,
      Retry retry,
      @Nullable Duration hedgeDelay,
      @Nullable ExchangeObserver observer) {
    this.http = http;
    this.headers = headers;
    this.retry = retry;
    this.hedgeDelay = hedgeDelay;
    this.observer = observer;
  }

  /**
   * A client that sends each request once, with the headers of {@link Outgoing#standard()}.
   *
   * @param http does the work, and is configured by the caller: redirects, TLS, proxies, executor
   * @return a new client
   */
  public static ContextHttpClient over(HttpClient http) {
    return new ContextHttpClient(
        Objects.requireNonNull(http, "there is no client to send with"),
        Outgoing.standard(),
        Retry.never(),
        null,
        null);
  }

  /**
   * A client that writes these headers of the context into each request. A header that the request
   * has already is left alone. Each attempt and each copy of a request is a span of its own.
   *
   * <p>A {@code HttpClient} that follows redirects sends the headers of the first request to the
   * next host too, whoever that is: where baggage or deadlines are sent, let it follow none.
   *
   * @param headers which headers, and to whom
   * @return a copy; this one stays as it is
   */
  public ContextHttpClient sending(Outgoing headers) {
    return new ContextHttpClient(
        http, Objects.requireNonNull(headers, "say what to send"), retry, hedgeDelay, observer);
  }

  /**
   * A client that tries again what failed.
   *
   * @param retry what, how often and when
   * @return a copy; this one stays as it is
   */
  public ContextHttpClient retrying(Retry retry) {
    return new ContextHttpClient(
        http, headers, Objects.requireNonNull(retry, "say when to retry"), hedgeDelay, observer);
  }

  /**
   * A client that sends a second copy of a request that is not answered in time, and takes the
   * answer that comes first. The exchange of the other copy is ended.
   *
   * <p>Only requests with an idempotent method are hedged (GET, HEAD, OPTIONS, TRACE, PUT, DELETE),
   * and only while more time remains than the delay. An answer is a success as with {@link
   * #fetchFirst}; where one copy has no success, the other is waited for, and where neither has, a
   * response is returned rather than a failure thrown, that of the first copy rather than that of
   * the second. A first copy that fails before the delay is not hedged: to try again is what {@link
   * #retrying} is for, and each copy does that for itself.
   *
   * <p>The body handler is used by both copies at once: one that writes into a file does not suit.
   *
   * @param delay how long to wait for the first copy; a time that nine of ten requests stay below
   *     keeps the additional load at a tenth
   * @return a copy; this one stays as it is
   * @throws IllegalArgumentException if the delay is negative
   */
  public ContextHttpClient hedging(Duration delay) {
    if (delay.isNegative()) {
      throw new IllegalArgumentException("a copy cannot be sent before the request: " + delay);
    }
    return new ContextHttpClient(http, headers, retry, delay, observer);
  }

  /**
   * A client that tells of each exchange: of every attempt and of every copy.
   *
   * @param observer told of it, in place of any other
   * @return a copy; this one stays as it is
   */
  public ContextHttpClient observedBy(ExchangeObserver observer) {
    return new ContextHttpClient(
        http, headers, retry, hedgeDelay, Objects.requireNonNull(observer, "who observes?"));
  }

  /**
   * Sends a request and waits for its response.
   *
   * @param context governs the exchange, the body of the response included
   * @param request sent with the headers of the context
   * @param handler what to make of the body
   * @param <T> the type of the body
   * @return the response
   * @throws IOException if the exchange fails
   * @throws ContextException if the context is done, in which case nothing is sent, or ends first
   * @throws InterruptedException if this thread is interrupted first; the exchange is ended
   * @throws IllegalArgumentException if the request is none that the {@code HttpClient} can send
   */
  public <T> HttpResponse<T> send(Context context, HttpRequest request, BodyHandler<T> handler)
      throws IOException, InterruptedException {
    Objects.requireNonNull(context, "there is no context to send within");
    Objects.requireNonNull(request, "there is no request to send");
    Objects.requireNonNull(handler, "there is nobody to take the body");
    Duration delay = hedgeDelay;
    return delay == null || !Retry.isIdempotent(request.method())
        ? sendRetrying(context, request, handler)
        : new Hedge<T>(in -> sendRetrying(in, request, handler)).send(context, delay);
  }

  /**
   * As {@link #send}, on a virtual thread.
   *
   * <p>Cancelling the future, or one that was derived from it, ends the exchange, whatever the
   * argument of {@code cancel} is; so does completing it exceptionally, as {@code orTimeout} does.
   * A body that is still being read ends with the context, when it is closed, or when a derived
   * future is cancelled that is not complete; the future itself is complete by then.
   *
   * @param context governs the exchange, the body of the response included
   * @param request sent with the headers of the context
   * @param handler what to make of the body
   * @param <T> the type of the body
   * @return completes with the response, or exceptionally with what {@link #send} would throw; as a
   *     {@link ContextException} is a {@code CancellationException}, {@code get} and {@code join}
   *     throw one of those with ours as its cause, while callbacks are given ours
   */
  public <T> CompletableFuture<HttpResponse<T>> sendAsync(
      Context context, HttpRequest request, BodyHandler<T> handler) {
    Objects.requireNonNull(context, "there is no context to send within");
    Objects.requireNonNull(request, "there is no request to send");
    Objects.requireNonNull(handler, "there is nobody to take the body");
    return PendingResponse.of(context, within -> send(within, request, handler));
  }

  /**
   * Sends all requests and waits for all responses. The first failure ends the exchanges of the
   * others, bodies that are being read as streams included. A response is no failure, whatever its
   * status.
   *
   * @param context governs the exchanges
   * @param requests may be empty
   * @param atOnce how many may be under way at the same time, until their responses are there
   * @param handler what to make of each body
   * @param <T> the type of the bodies
   * @return the responses, in the order of the requests
   * @throws IOException if an exchange fails
   * @throws ContextException if the context is done or ends first
   * @throws InterruptedException if this thread is interrupted first; the exchanges are ended
   * @throws IllegalArgumentException if none may be under way
   */
  public <T> List<HttpResponse<T>> fetchAll(
      Context context, Collection<HttpRequest> requests, int atOnce, BodyHandler<T> handler)
      throws IOException, InterruptedException {
    if (atOnce < 1) {
      throw new IllegalArgumentException("nothing can be fetched " + atOnce + " at once");
    }
    Objects.requireNonNull(handler, "there is nobody to take the bodies");
    context.throwIfDone();
    CancellableContext exchanges = context.withCancel();
    List<Callable<HttpResponse<T>>> operations =
        requests.stream()
            .<Callable<HttpResponse<T>>>map(request -> () -> send(exchanges, request, handler))
            .toList();
    try {
      return Group.all(exchanges, atOnce, operations);
      // Not closed here: bodies may still be read. Nothing holds a context that nobody listens to.
    } catch (ExecutionException failed) {
      exchanges.cancel(failed.getCause());
      throw Failures.ofFork(failed);
    } catch (Throwable thrown) {
      exchanges.cancel(thrown);
      throw thrown;
    }
  }

  /**
   * As {@link #fetchFirst(Context, Collection, BodyHandler, Predicate)}, where every response is a
   * success that has a status below 500 other than 429: with those, the next server may do better,
   * while a 404 is an answer.
   *
   * @param context governs the exchanges
   * @param requests at least one
   * @param handler what to make of the body; used by all requests at once
   * @param <T> the type of the body
   * @return the first success
   * @throws IOException if none succeeds
   * @throws ContextException if the context is done or ends first
   * @throws InterruptedException if this thread is interrupted first; the exchanges are ended
   * @throws IllegalArgumentException if there are no requests
   */
  public <T> HttpResponse<T> fetchFirst(
      Context context, Collection<HttpRequest> requests, BodyHandler<T> handler)
      throws IOException, InterruptedException {
    return fetchFirst(context, requests, handler, Race::isAnswer);
  }

  /**
   * Sends all requests at once and gives the first response that is a success. The exchanges of all
   * others are ended: their connections closed, their streams reset.
   *
   * @param context governs the exchanges
   * @param requests at least one
   * @param handler what to make of the body; used by all requests at once
   * @param success which responses count
   * @param <T> the type of the body
   * @return the first success
   * @throws IOException if none succeeds: the first failure, with the others as suppressed; for a
   *     response that does not count an {@link UnsuccessfulResponseException}
   * @throws ContextException if the context is done or ends first
   * @throws InterruptedException if this thread is interrupted first; the exchanges are ended
   * @throws IllegalArgumentException if there are no requests
   */
  public <T> HttpResponse<T> fetchFirst(
      Context context,
      Collection<HttpRequest> requests,
      BodyHandler<T> handler,
      Predicate<? super HttpResponse<T>> success)
      throws IOException, InterruptedException {
    Objects.requireNonNull(handler, "there is nobody to take the body");
    Objects.requireNonNull(success, "say what counts as a success");
    context.throwIfDone();
    var race = new Race<T>(context, success);
    for (HttpRequest request : requests) {
      Objects.requireNonNull(request, "there is no request to send");
      race.enter(within -> send(within, request, handler));
    }
    try {
      return race.run();
    } catch (ExecutionException failed) {
      throw Failures.ofFork(failed);
    }
  }

  private <T> HttpResponse<T> sendRetrying(
      Context context, HttpRequest request, BodyHandler<T> handler)
      throws IOException, InterruptedException {
    return retry.isMoreThanOnce()
        ? new RetryLoop<>(retry, request, handler).send(context, this::sendOnce)
        : sendOnce(context, request, handler);
  }

  private <T> HttpResponse<T> sendOnce(Context context, HttpRequest request, BodyHandler<T> handler)
      throws IOException, InterruptedException {
    if (observer == null) {
      return Exchange.send(http, context, withHeaders(context, request, false), handler);
    }
    var observed = observer.begin(context, request);
    HttpResponse<T> response;
    try {
      Context within = observed.context();
      boolean isOwn = within.value(TraceContext.KEY) != context.value(TraceContext.KEY);
      response = Exchange.send(http, within, withHeaders(within, request, isOwn), handler);
    } catch (Throwable failure) {
      observed.end(null, failure);
      throw failure;
    }
    observed.end(response, null);
    return response;
  }

  /**
   * @param isOwn whether the trace of the context is the place of this exchange alone
   */
  private HttpRequest withHeaders(Context context, HttpRequest request, boolean isOwn) {
    var added = new ArrayList<String>();
    headers.write(
        context,
        request.uri(),
        isOwn,
        name -> request.headers().firstValue(name).isPresent(),
        (name, value) -> {
          added.add(name);
          added.add(value);
        });
    return added.isEmpty()
        ? request
        : HttpRequest.newBuilder(request, (_, _) -> true)
            .headers(added.toArray(String[]::new))
            .build();
  }
}
