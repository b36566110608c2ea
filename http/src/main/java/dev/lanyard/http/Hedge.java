package dev.lanyard.http;

import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import dev.lanyard.context.Group;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** A request of which a second copy is sent when the first is not answered in time. */
final class Hedge<T> {
  private final Sending<T> sending;

  Hedge(Sending<T> sending) {
    this.sending = sending;
  }

  HttpResponse<T> send(Context context, Duration delay) throws IOException, InterruptedException {
    if (context.remaining().compareTo(delay) <= 0) return sending.send(context);
    var first = new Copy<T>(context.withCancel());
    var second = new Copy<T>(context.withCancel());
    CancellableContext firstOver = context.withCancel();
    Copy<T> taken = null;
    try {
      List<Callable<Copy<T>>> copies =
          List.of(
              () -> {
                try {
                  return first.send(sending);
                } finally {
                  firstOver.cancel();
                }
              },
              () -> {
                if (firstOver.await(delay)) throw new CancellationException("not needed");
                return second.send(sending);
              });
      taken = Group.first(context, copies);
      return taken.answer();
    } catch (ExecutionException failed) {
      // No success. A response is still more than a failure.
      taken = first.response != null ? first : second;
      if (taken.response != null) return taken.response;
      // Not what the group saw first: that may be the copy which was not needed.
      if (first.failure != null) throw Failures.withCallersStack(first.failure);
      throw Failures.ofFork(failed);
    } finally {
      if (taken != first) first.exchange.cancel();
      if (taken != second) second.exchange.cancel();
      firstOver.cancel();
    }
  }

  /** Written by its fork; read when that has ended. */
  private static final class Copy<T> {
    private final CancellableContext exchange;
    private @Nullable HttpResponse<T> response;
    private @Nullable Throwable failure;

    Copy(CancellableContext exchange) {
      this.exchange = exchange;
    }

    /** This copy, if it was answered with a success. */
    Copy<T> send(Sending<T> sending) throws IOException, InterruptedException {
      try {
        response = sending.send(exchange);
      } catch (Throwable thrown) {
        failure = thrown;
        throw thrown;
      }
      if (Race.isAnswer(response)) return this;
      throw new UnsuccessfulResponseException(response);
    }

    HttpResponse<T> answer() {
      return Objects.requireNonNull(response, "a copy that was taken has an answer");
    }
  }
}
