package dev.lanyard.http;

import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;
import org.jspecify.annotations.Nullable;

/**
 * Reads a body that nobody wants to its end, so that the connection can be used again; a long one
 * costs more than a new connection and is given up. The body is null and nobody looks at it.
 */
final class Discard<T> implements BodySubscriber<T> {
  private static final long MOST_BYTES = 64 << 10;

  private final CompletableFuture<@Nullable T> body = new CompletableFuture<>();

  private @Nullable Subscription subscription;
  private long bytes;

  /** Of a response that has failed already. */
  static <T> BodySubscriber<T> because(Throwable failure) {
    var discard = new Discard<T>();
    discard.body.completeExceptionally(failure);
    return discard;
  }

  @Override
  @SuppressWarnings("NullAway") // null, see above
  public CompletionStage<T> getBody() {
    return body;
  }

  @Override
  public void onSubscribe(Subscription subscription) {
    this.subscription = subscription;
    // Nobody waits for the rest, which may be long in coming.
    body.complete(null);
    subscription.request(Long.MAX_VALUE);
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    for (ByteBuffer buffer : buffers) bytes += buffer.remaining();
    if (bytes <= MOST_BYTES || subscription == null) return;
    subscription.cancel();
  }

  @Override
  public void onError(Throwable failure) {
    body.completeExceptionally(failure);
  }

  @Override
  public void onComplete() {
    body.complete(null);
  }
}
