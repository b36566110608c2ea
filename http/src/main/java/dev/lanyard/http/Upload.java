package dev.lanyard.http;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.Flow.Subscriber;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request on its way from the caller's publisher to the transport.
 *
 * <p>A publisher may block where it is asked for more: that of an input stream reads it there. The
 * transport asks on a thread that it needs to close the connection, so that a cancelled exchange
 * would stay open until the read returns. Here it is asked on a virtual thread, which is
 * interrupted when the exchange ends.
 *
 * <p><b>Invariants.</b> One thread at a time asks the publisher. It is interrupted only while it is
 * in the publisher's code and never in the transport's: an interrupt there would close the channel,
 * and with it the other streams of an HTTP/2 connection.
 */
final class Upload implements Subscriber<ByteBuffer>, Subscription, Exchange.Part {
  private final Exchange<?> exchange;
  private final Subscriber<? super ByteBuffer> transport;
  private final AtomicLong asked = new AtomicLong();

  /** Set before the transport can ask for anything. */
  private volatile @Nullable Subscription publisher;

  /** The thread in the publisher's code. */
  @GuardedBy("this")
  private @Nullable Thread reader;

  @GuardedBy("this")
  private boolean over;

  private Upload(Exchange<?> exchange, Subscriber<? super ByteBuffer> transport) {
    this.exchange = exchange;
    this.transport = transport;
  }

  /** The same request with a body that ends with the exchange. */
  static HttpRequest within(Exchange<?> exchange, HttpRequest request) {
    return request
        .bodyPublisher()
        .filter(body -> body.contentLength() != 0)
        .map(body ->
            HttpRequest.newBuilder(request, (_, _) -> true)
                .method(request.method(), new Body(exchange, body))
                .build())
        .orElse(request);
  }

  private record Body(Exchange<?> exchange, BodyPublisher publisher) implements BodyPublisher {
    @Override
    public long contentLength() {
      return publisher.contentLength();
    }

    @Override
    public void subscribe(Subscriber<? super ByteBuffer> transport) {
      publisher.subscribe(new Upload(exchange, transport));
    }
  }

  @Override
  public void onSubscribe(Subscription publisher) {
    this.publisher = publisher;
    exchange.attach(this);
    transport.onSubscribe(this);
  }

  @Override
  public void onNext(ByteBuffer buffer) {
    Thread reader = leavePublisher();
    try {
      if (!isOver()) transport.onNext(buffer);
    } finally {
      if (reader != null) enterPublisher(reader);
    }
  }

  @Override
  public void onError(Throwable failure) {
    leavePublisher();
    transport.onError(failure);
  }

  @Override
  public void onComplete() {
    leavePublisher();
    transport.onComplete();
  }

  @Override
  public void request(long count) {
    Subscription publisher = Objects.requireNonNull(this.publisher, "nobody is there to ask");
    if (count <= 0) {
      publisher.request(count); // which knows what to answer
    } else if (asked.getAndAccumulate(count, Upload::boundedSum) == 0) {
      Thread.ofVirtual().name("lanyard-upload").start(() -> ask(publisher));
    }
  }

  private static long boundedSum(long left, long right) {
    return left > Long.MAX_VALUE - right ? Long.MAX_VALUE : left + right;
  }

  /** Passes on what was asked for, and what is asked for meanwhile. */
  private void ask(Subscription publisher) {
    for (long count = asked.get(); count > 0; count = asked.addAndGet(-count)) {
      if (!enterPublisher(Thread.currentThread())) return;
      try {
        publisher.request(count);
      } catch (Throwable thrown) { // nobody else is there to hear of it
        leavePublisher();
        abort();
        transport.onError(thrown);
        return;
      } finally {
        leavePublisher();
      }
    }
  }

  @Override
  public void cancel() {
    abort();
  }

  @Override
  public void abort() {
    synchronized (this) {
      if (over) return;
      over = true;
      if (reader != null) reader.interrupt();
    }
    Subscription publisher = this.publisher;
    if (publisher != null) publisher.cancel();
  }

  private synchronized boolean isOver() {
    return over;
  }

  /** False when the exchange is over; if the thread goes on all the same, it does not block. */
  private synchronized boolean enterPublisher(Thread thread) {
    reader = thread;
    if (over) thread.interrupt();
    return !over;
  }

  /** Gives the thread that was in the publisher's code, if it is this one. */
  private synchronized @Nullable Thread leavePublisher() {
    if (reader != Thread.currentThread()) return null;
    Thread left = reader;
    reader = null;
    // Also the interrupt of an abort: what follows is the transport's code.
    Thread.interrupted();
    return left;
  }
}
