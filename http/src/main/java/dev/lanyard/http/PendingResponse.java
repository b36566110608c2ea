package dev.lanyard.http;

import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;

/**
 * The future of a response, and whatever is derived from it. To cancel any of them ends the
 * exchange: a future that forgets to leaves the connection open.
 */
final class PendingResponse<T> extends CompletableFuture<T> {
  private final CancellableContext exchange;

  /** Until then, whoever completes the future wants no response any more. */
  private volatile boolean hasArrived;

  private PendingResponse(CancellableContext exchange) {
    this.exchange = exchange;
  }

  static <T> CompletableFuture<HttpResponse<T>> of(Context context, Sending<T> sending) {
    CancellableContext exchange = context.withCancel();
    var response = new PendingResponse<HttpResponse<T>>(exchange);
    Thread.ofVirtual()
        .name("lanyard-http")
        .start(() -> {
          try {
            HttpResponse<T> ours = sending.send(exchange);
            response.hasArrived = true;
            boolean handedOver = response.complete(ours);
            if (!handedOver) exchange.cancel();
          } catch (Throwable failure) {
            response.completeExceptionally(failure);
          }
        });
    var _ =
        response.whenComplete((_, failure) -> {
          if (failure != null || !response.hasArrived) exchange.cancel();
        });
    return response;
  }

  @Override
  public <U> CompletableFuture<U> newIncompleteFuture() {
    return new PendingResponse<>(exchange);
  }

  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    boolean cancelled = super.cancel(mayInterruptIfRunning);
    if (cancelled) exchange.cancel();
    return cancelled;
  }
}
