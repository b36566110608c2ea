package dev.lanyard.vertx;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.lanyard.context.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.handler.HttpException;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request between the event loop, which takes it in, and the handler's thread.
 *
 * <p><b>Invariants.</b>
 *
 * <ol>
 *   <li>The event loop adds chunks in their order; one thread at a time takes them, in that order.
 *   <li>The request is paused only while {@code readAhead} bytes or more wait to be taken. Below
 *       that the connection is read, and whoever reads sees the client leave.
 *   <li>{@code more} is there while a reader waits, and is completed by whatever it waits for: a
 *       chunk, the end or a failure.
 *   <li>Once abandoned, nothing is kept: what still comes is dropped, up to a bound. Behind it the
 *       connection is cut, since the next request on it would have to wait.
 * </ol>
 */
final class BodyIntake {
  /** As Go's server: so much is read and dropped to save a connection. */
  private static final long WORTH_DROPPING = 256 << 10;

  /** What a chunk takes beside its bytes, about: a hostile client sends them one by one. */
  private static final int OVERHEAD = 128;

  private final RequestScope scope;
  private final HttpServerRequest request;

  @GuardedBy("this")
  private final ArrayDeque<Buffer> chunks = new ArrayDeque<>();

  @GuardedBy("this")
  private long waiting;

  @GuardedBy("this")
  private long received;

  @GuardedBy("this")
  private boolean paused;

  @GuardedBy("this")
  private boolean ended;

  @GuardedBy("this")
  private boolean abandoned;

  @GuardedBy("this")
  private @Nullable RuntimeException failure;

  @GuardedBy("this")
  private @Nullable CompletableFuture<@Nullable Void> more;

  @GuardedBy("this")
  private boolean expectsContinue;

  /** On the event loop only. */
  private long dropped;

  BodyIntake(RequestScope scope) {
    this.scope = scope;
    this.request = scope.routing.request();
    String expect = request.getHeader(HttpHeaders.EXPECT);
    this.expectsContinue = expect != null && expect.equalsIgnoreCase("100-continue");
  }

  /** On the event loop, before anything of the body is delivered. */
  void begin() {
    long declared = declaredLength();
    if (declared > scope.limits().body()) {
      refuse();
      // Also if nothing of it comes: the connection is of no use before it has come whole.
      if (declared > WORTH_DROPPING) scope.cutOffAfterResponse();
    }
    request.exceptionHandler(
        _ -> ended(new HttpException(400, "the body of the request broke off")));
    request.endHandler(_ -> ended(null));
    request.handler(this::arrived);
  }

  /** Zero where the head does not say it; the decoder has seen to it that it is a number. */
  private long declaredLength() {
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    return length == null ? 0 : Long.parseLong(length.strip());
  }

  private synchronized void refuse() {
    String text = "the body is larger than the " + scope.limits().body() + " bytes allowed";
    failure = new HttpException(413, text);
    abandon();
  }

  private void arrived(Buffer chunk) {
    if (!keep(chunk)) drop(chunk);
  }

  private synchronized boolean keep(Buffer chunk) {
    if (abandoned) return false;
    received += chunk.length();
    if (received > scope.limits().body()) {
      refuse();
    } else {
      chunks.add(chunk);
      waiting += chunk.length() + OVERHEAD;
      if (waiting >= scope.limits().readAhead() && !paused) {
        paused = true;
        request.pause();
      }
    }
    tell();
    return true;
  }

  /** Invariant 4. On the event loop, without the lock: to cut off ends the context. */
  private void drop(Buffer chunk) {
    dropped += chunk.length();
    if (dropped > WORTH_DROPPING) scope.cutOffAfterResponse();
  }

  private synchronized void ended(@Nullable RuntimeException broken) {
    if (ended) return;
    ended = true;
    if (failure == null) failure = broken;
    tell();
  }

  /** Invariant 3. */
  private synchronized void tell() {
    if (more == null) return;
    more.complete(null);
    more = null;
  }

  /**
   * The next chunk, or null at the end; waits for it under a context.
   *
   * @throws HttpException 413 if the body is too large, 408 if it came too slowly, 400 if it broke
   *     off
   */
  @Nullable Buffer take(Context ctx) throws InterruptedException {
    while (true) {
      CompletableFuture<@Nullable Void> signal;
      synchronized (this) {
        Buffer chunk = chunks.poll();
        if (chunk != null) {
          taken(chunk);
          return chunk;
        }
        if (failure != null) throw failure;
        if (ended) return null;
        invite();
        if (more == null) more = new CompletableFuture<>();
        signal = more;
      }
      ctx.await(signal);
    }
  }

  private synchronized void taken(Buffer chunk) {
    waiting -= chunk.length() + OVERHEAD;
    if (!paused || waiting >= scope.limits().readAhead()) return;
    paused = false;
    resume();
  }

  private void resume() {
    scope.eventLoop().runOnContext(_ -> request.resume());
  }

  /** RFC 9110, section 10.1.1: the client waits until somebody wants the body. */
  private synchronized void invite() {
    if (!expectsContinue) return;
    expectsContinue = false;
    if (received > 0) return;
    var _ = scope.routing.response().writeContinue();
  }

  /** How much is there without waiting. */
  synchronized int available() {
    return chunks.stream().mapToInt(Buffer::length).sum();
  }

  /** Nobody will read the rest. */
  synchronized void abandon() {
    if (abandoned) return;
    abandoned = true;
    chunks.clear();
    waiting = 0;
    if (!ended && paused) resume();
    paused = false;
  }
}
