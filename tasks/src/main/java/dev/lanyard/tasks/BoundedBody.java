package dev.lanyard.tasks;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** Keeps the beginning of a body, and stops the exchange at the bound: a body may have no end. */
final class BoundedBody implements BodySubscriber<BoundedBody.Text> {
  record Text(String text, boolean cut) {}

  private final CompletableFuture<Text> body = new CompletableFuture<>();
  private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
  private final int max;
  private Flow.@Nullable Subscription subscription;

  BoundedBody(int max) {
    this.max = max;
  }

  @Override
  public CompletionStage<Text> getBody() {
    return body;
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    this.subscription = subscription;
    subscription.request(Long.MAX_VALUE);
  }

  @Override
  public void onNext(List<ByteBuffer> parts) {
    for (ByteBuffer part : parts) {
      int room = max - kept.size();
      var bytes = new byte[Math.min(room, part.remaining())];
      boolean tooMuch = part.remaining() > room;
      part.get(bytes);
      kept.writeBytes(bytes);
      if (tooMuch) {
        complete(true);
        if (subscription != null) subscription.cancel();
        return;
      }
    }
  }

  @Override
  public void onError(Throwable failure) {
    body.completeExceptionally(failure);
  }

  @Override
  public void onComplete() {
    complete(false);
  }

  private void complete(boolean cut) {
    body.complete(new Text(kept.toString(StandardCharsets.UTF_8), cut));
  }
}
