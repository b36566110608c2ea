package dev.lanyard.http;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.lanyard.context.Context;
import dev.lanyard.context.ContextException;
import dev.lanyard.context.Registration;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.ResponseInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * One request and its response, from the first byte to the end of the body, tied to a context.
 *
 * <p><b>Invariants.</b>
 *
 * <ol>
 *   <li>What can be open is a {@link Part}: the transport's future, each upload, the download. A
 *       part is attached before anyone can wait for it. Either the exchange is open and holds the
 *       part, or it is over and whoever attaches the part aborts it there and then. So it does not
 *       matter where between two phases a context ends: what is open is aborted, and so is what
 *       opens later.
 *   <li>An exchange is over once, by {@link #abort} or by {@link #finish}. From then on it holds no
 *       part and nothing of it is registered with the context.
 *   <li>It finishes when the response has been handed over <i>and</i> the body has ended. The body
 *       counts as ended before its consumer is told, and the response as handed over before the
 *       caller has it: who sees the end finds nothing registered.
 *   <li>Because of the context, parts are aborted on a virtual thread of their own: a thread that
 *       ends a context must not run code of consumers, and nothing that the transport writes may
 *       depend on whether some thread has its interrupt set, as that closes a channel.
 *   <li>No code of others runs under the lock.
 * </ol>
 */
final class Exchange<T> {
  /** Something that is open as long as the exchange is. */
  interface Part {
    /** Closes it. Called once at most, with no lock held. */
    void abort();
  }

  private final Context context;
  private final CompletableFuture<HttpResponse<T>> answer = new CompletableFuture<>();

  /** Set before the first part is attached; the context may have ended before. */
  private volatile @Nullable Registration registration;

  private final Object lock = new Object();

  /** In the order in which they were opened; null once the exchange is over. */
  @GuardedBy("lock")
  private @Nullable List<Part> parts = new ArrayList<>(3);

  @GuardedBy("lock")
  private boolean responded;

  @GuardedBy("lock")
  private boolean bodyOver;

  private Exchange(Context context) {
    this.context = context;
  }

  /** Sends a request and waits for the response. */
  static <T> HttpResponse<T> send(
      HttpClient http, Context context, HttpRequest request, BodyHandler<T> handler)
      throws IOException, InterruptedException {
    var exchange = new Exchange<T>(context);
    exchange.begin(http, request, handler);
    return exchange.await();
  }

  /**
   * Takes a part in, or aborts it if the exchange is over.
   *
   * @return false if it was aborted
   */
  boolean attach(Part part) {
    synchronized (lock) {
      if (parts != null) {
        parts.add(part);
        return true;
      }
    }
    part.abort();
    return false;
  }

  /** The body has come to its end, has failed, or nobody wants the rest. */
  void bodyOver() {
    boolean finished;
    synchronized (lock) {
      bodyOver = true;
      finished = responded;
    }
    if (finished) finish();
  }

  /** What to say of a failure: if the context has ended, then it is that. */
  Throwable explain(Throwable failure) {
    try {
      context.throwIfDone();
      return failure;
    } catch (ContextException ended) {
      if (!(failure instanceof ContextException)) ended.addSuppressed(failure);
      return ended;
    }
  }

  private void begin(HttpClient http, HttpRequest request, BodyHandler<T> handler)
      throws InterruptedException {
    registration = context.afterFunc(this::abort);
    try {
      context.throwIfDone();
      if (Thread.interrupted()) throw new InterruptedException();
      CompletableFuture<HttpResponse<T>> transport =
          http.sendAsync(
              Upload.within(this, request),
              response -> new Download<>(this, consumer(handler, response)));
      // False, which does not interrupt, would leave the connection open.
      attach(() -> transport.cancel(true));
      var _ = transport.whenComplete(this::settle);
    } catch (Throwable notSent) {
      finish();
      throw notSent;
    }
  }

  /** The transport would forget the connection of a response whose handler throws. */
  private static <T> BodySubscriber<T> consumer(BodyHandler<T> handler, ResponseInfo response) {
    try {
      return Objects.requireNonNull(handler.apply(response), "the handler gave no subscriber");
    } catch (Throwable thrown) {
      return Discard.because(thrown);
    }
  }

  private HttpResponse<T> await() throws IOException, InterruptedException {
    try {
      return answer.get();
    } catch (InterruptedException interrupted) {
      stopListening();
      Thread.startVirtualThread(this::abort);
      throw interrupted;
    } catch (CancellationException failure) {
      throw Failures.withCallersStack(explain(failure));
    } catch (ExecutionException failed) {
      Throwable failure = failed.getCause() == null ? failed : failed.getCause();
      throw Failures.withCallersStack(explain(failure));
    }
  }

  private void settle(@Nullable HttpResponse<T> response, @Nullable Throwable failure) {
    if (failure != null) {
      abort();
      answer.completeExceptionally(
          failure instanceof CompletionException && failure.getCause() != null
              ? failure.getCause()
              : failure);
      return;
    }
    boolean finished;
    synchronized (lock) {
      responded = true;
      finished = bodyOver;
    }
    if (finished) finish();
    answer.complete(response);
  }

  /** Closes what is open. */
  private void abort() {
    List<Part> open = finish();
    // The youngest first: the consumer of the body is to hear why from us and not what the
    // transport makes of it.
    for (Part part : open.reversed()) part.abort();
  }

  /** Lets go of everything; gives what was still held. */
  private List<Part> finish() {
    List<Part> held;
    synchronized (lock) {
      if (parts == null) return List.of();
      held = parts;
      parts = null;
    }
    stopListening();
    return held;
  }

  private void stopListening() {
    Registration listening = registration;
    if (listening != null) listening.stop();
  }

  /** For a part that is told of an end which is not the context's. */
  static Throwable givenUp() {
    return new CancellationException("the exchange was given up");
  }
}
