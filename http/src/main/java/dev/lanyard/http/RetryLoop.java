package dev.lanyard.http;

import dev.lanyard.context.Context;
import dev.lanyard.context.ContextException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.ResponseInfo;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One request, sent until it succeeds or its {@link Retry} says that it is enough. */
final class RetryLoop<T> {
  /** Sends one attempt. */
  interface Once<T> {
    HttpResponse<T> send(Context context, HttpRequest request, BodyHandler<T> handler)
        throws IOException, InterruptedException;
  }

  private final Retry retry;
  private final HttpRequest request;
  private final BodyHandler<T> handler;

  RetryLoop(Retry retry, HttpRequest request, BodyHandler<T> handler) {
    this.retry = retry;
    this.request = request;
    this.handler = handler;
  }

  HttpResponse<T> send(Context context, Once<T> once) throws IOException, InterruptedException {
    IOException earlier = null;
    for (int number = 1; ; number++) {
      var attempt = new Attempt(context, number);
      Duration pause;
      try {
        HttpResponse<T> response = once.send(context, request, attempt);
        if (attempt.pause == null) return response;
        pause = attempt.pause;
      } catch (IOException failure) {
        if (earlier != null && earlier != failure) failure.addSuppressed(earlier);
        Optional<Duration> fitting = attempt.pauseAfter(failure);
        if (fitting.isEmpty()) throw failure;
        earlier = failure;
        pause = fitting.get();
      }
      sleep(context, pause, earlier);
    }
  }

  private static void sleep(Context context, Duration pause, @Nullable IOException earlier)
      throws InterruptedException {
    try {
      context.sleep(pause);
    } catch (ContextException ended) {
      if (earlier != null) ended.addSuppressed(earlier);
      throw ended;
    }
  }

  /** Decides at the headers of a response whether it is the one to return. */
  private final class Attempt implements BodyHandler<T> {
    private final Context context;
    private final int number;

    /** What to wait before the next attempt; null while this one is good enough. */
    private volatile @Nullable Duration pause;

    Attempt(Context context, int number) {
      this.context = context;
      this.number = number;
    }

    @Override
    public BodySubscriber<T> apply(ResponseInfo response) {
      if (retry.mayRepeat(request) && retry.isRetried(response.statusCode())) {
        pause = fitting(RetryAfter.of(response.headers())).orElse(null);
      }
      return pause == null ? handler.apply(response) : new Discard<>();
    }

    Optional<Duration> pauseAfter(IOException failure) {
      // The rest of a body that nobody wants.
      if (pause != null) return Optional.of(pause);
      return retry.mayRepeat(request) || isBeforeConnecting(failure)
          ? fitting(Optional.empty())
          : Optional.empty();
    }

    /** The pause, if there may be another attempt and time remains for one after it. */
    private Optional<Duration> fitting(Optional<Duration> retryAfter) {
      if (retry.isLast(number)) return Optional.empty();
      return retry
          .pauseAfter(number, retryAfter)
          .filter(pause -> pause.compareTo(context.remaining()) < 0);
    }

    private static boolean isBeforeConnecting(IOException failure) {
      return failure instanceof ConnectException || failure instanceof HttpConnectTimeoutException;
    }
  }
}
