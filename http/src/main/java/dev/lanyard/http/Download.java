package dev.lanyard.http;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;

/**
 * The body of a response on its way to the consumer that the caller's handler chose. It stands in
 * between for every kind of body, because a stream is read long after the transport's future is
 * complete, and only its subscription can then be cancelled.
 *
 * <p><b>Invariants.</b> The consumer is called by one thread at a time. It hears of one end at
 * most. After an abort it hears nothing but that, also if the transport has something to say.
 */
final class Download<T> implements BodySubscriber<T> {
  private final Exchange<T> exchange;
  private final BodySubscriber<T> consumer;

  /** A thread is calling the consumer, and will look afterwards whether there was an abort. */
  @GuardedBy("this")
  private boolean calling;

  @GuardedBy("this")
  private boolean aborted;

  /** The consumer hears of an end, or has heard. */
  @GuardedBy("this")
  private boolean told;

  Download(Exchange<T> exchange, BodySubscriber<T> consumer) {
    this.exchange = exchange;
    this.consumer = consumer;
  }

  @Override
  public CompletionStage<T> getBody() {
    return consumer.getBody();
  }

  @Override
  public void onSubscribe(Subscription transport) {
    enter();
    boolean attached = exchange.attach(() -> abort(transport));
    Runnable introduce =
        () -> {
          try {
            consumer.onSubscribe(new Demand(transport));
          } finally {
            leave();
          }
        };
    // The exchange may be over, and this the thread that cancels the transport.
    if (attached) introduce.run();
    else Thread.startVirtualThread(introduce);
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    if (!enter()) return;
    try {
      consumer.onNext(buffers);
    } finally {
      leave();
    }
  }

  @Override
  public void onComplete() {
    if (!end()) return;
    exchange.bodyOver();
    consumer.onComplete();
  }

  @Override
  public void onError(Throwable failure) {
    if (!end()) return;
    exchange.bodyOver();
    consumer.onError(exchange.explain(failure));
  }

  private void abort(Subscription transport) {
    boolean tell;
    synchronized (this) {
      if (told) return;
      aborted = true;
      tell = !calling;
      told = tell;
    }
    transport.cancel();
    if (tell) tell();
  }

  private void tell() {
    consumer.onError(exchange.explain(Exchange.givenUp()));
  }

  /** False after an abort. */
  private synchronized boolean enter() {
    calling = !aborted;
    return calling;
  }

  private void leave() {
    boolean tell;
    synchronized (this) {
      calling = false;
      tell = aborted && !told;
      if (tell) told = true;
    }
    if (tell) tell();
  }

  /** Whether the end that the transport reports is the one to tell. */
  private synchronized boolean end() {
    if (aborted || told) return false;
    told = true;
    return true;
  }

  /** What the consumer holds of the transport. */
  private final class Demand implements Subscription {
    private final Subscription transport;

    Demand(Subscription transport) {
      this.transport = transport;
    }

    @Override
    public void request(long count) {
      transport.request(count);
    }

    @Override
    public void cancel() {
      transport.cancel();
      exchange.bodyOver();
    }
  }
}
