package dev.lanyard.http;

import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import dev.lanyard.context.Group;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Several requests for one answer. Each has a context of its own, so that those which lose can be
 * ended as a whole, also where a response has come whose body is still on its way. Used once, by
 * one thread.
 */
final class Race<T> {
  /** Of a request that has succeeded. */
  private record Win<T>(CancellableContext exchange, HttpResponse<T> response) {}

  private final Context context;
  private final Predicate<? super HttpResponse<T>> success;
  private final List<CancellableContext> exchanges = new ArrayList<>();
  private final List<Callable<Win<T>>> operations = new ArrayList<>();

  Race(Context context, Predicate<? super HttpResponse<T>> success) {
    this.context = context;
    this.success = success;
  }

  /** What counts where the caller says nothing: another server would not answer otherwise. */
  static boolean isAnswer(HttpResponse<?> response) {
    return response.statusCode() < 500 && response.statusCode() != 429;
  }

  void enter(Sending<T> sending) {
    CancellableContext exchange = context.withCancel();
    exchanges.add(exchange);
    operations.add(() -> new Win<>(exchange, succeed(sending.send(exchange))));
  }

  HttpResponse<T> run() throws IOException, InterruptedException, ExecutionException {
    CancellableContext winner = null;
    try {
      Win<T> win = Group.first(context, operations);
      winner = win.exchange;
      return win.response;
    } finally {
      endAllBut(winner);
    }
  }

  private HttpResponse<T> succeed(HttpResponse<T> response) throws UnsuccessfulResponseException {
    if (success.test(response)) return response;
    throw new UnsuccessfulResponseException(response);
  }

  private void endAllBut(@Nullable CancellableContext winner) {
    for (CancellableContext exchange : exchanges) if (exchange != winner) exchange.cancel();
  }
}
