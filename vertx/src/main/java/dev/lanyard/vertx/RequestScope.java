package dev.lanyard.vertx;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import dev.lanyard.context.ContextException;
import dev.lanyard.context.Deadline;
import dev.lanyard.context.Registration;
import dev.lanyard.context.TimeSource;
import dev.lanyard.http.RequestEnd;
import io.vertx.core.AsyncResult;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One request, from its head to the end of its response and of its handler, whichever is later.
 *
 * <p><b>Invariants.</b>
 *
 * <ol>
 *   <li>A request has two parts: its response, which is over once when it has been sent or the
 *       client has gone, and perhaps a handler, which is over once when it has returned. {@code
 *       parts} counts those that are not over. When it reaches zero the request is finished, once.
 *   <li>The context is opened at most once. Whatever ended the request before is its cause then, so
 *       no end is lost between the two.
 *   <li>The first end wins, as in every context: a client that leaves after the time has passed
 *       does not change what is counted.
 *   <li>The response is answered by the handler. Only if that has not begun one when the limit
 *       {@code answer} has passed since the context ended, the server answers in its place, on the
 *       event loop. Whoever comes second finds the head written.
 *   <li>The failure handlers of the router run once at most: two threads in one {@code
 *       RoutingContext} would be one too many.
 * </ol>
 */
final class RequestScope {
  private static final String KEY = RequestScope.class.getName();

  /** RFC 9113, section 8.1: the response is complete, and the client may stop sending. */
  private static final long NO_ERROR = 0;

  private static final long INTERNAL_ERROR = 2;

  /** As Go's server. */
  private static final long LINGER_MILLIS = 500;

  final RoutingContext routing;

  /** Written on the event loop before the handler begins. */
  private RoutingContext answering;

  private final RequestContexts server;
  private final @Nullable Connection connection;
  private final io.vertx.core.Context eventLoop;

  /** Parent of the context: has the values, and knows nothing of this request's end. */
  private final Context values;

  private final @Nullable Duration callersLimit;
  private final Instant begun;
  private final long begunNanos;
  private final AtomicInteger parts = new AtomicInteger(1);
  private final AtomicBoolean failed = new AtomicBoolean();

  @GuardedBy("this")
  private @Nullable CancellableContext ctx;

  @GuardedBy("this")
  private @Nullable Throwable endedEarly;

  /** Written on the event loop before the context can have ended. */
  private @Nullable BodyIntake intake;

  /** On the handler's thread only. */
  private @Nullable ResponseBody written;

  /** On the event loop only: the end of a response may be told twice. */
  private boolean responseIsOver;

  /** On the event loop only. */
  private boolean cutOffAfterResponse;

  /** On the event loop only: a timer is set. */
  private boolean isAnswerDue;

  /** On the event loop only. */
  private boolean isLastCall;

  /** On the event loop only; negative if there is none. */
  private long bodyTimer = -1;

  /** For a stream of events: a shutdown does not wait for it. */
  private Registration drain = () -> false;

  /** Such a stream is told to end and not cut off. */
  private boolean endsWithDrain;

  private final AtomicBoolean toldAsCut = new AtomicBoolean();

  RequestScope(
      RequestContexts server,
      RoutingContext routing,
      @Nullable Connection connection,
      Context values,
      @Nullable Duration callersLimit) {
    this.server = server;
    this.routing = routing;
    this.answering = routing;
    this.connection = connection;
    this.values = values;
    this.callersLimit = callersLimit;
    this.eventLoop = Objects.requireNonNull(Vertx.currentContext(), "not on an event loop");
    TimeSource time = TimeSource.system();
    this.begun = time.instant();
    this.begunNanos = time.nanoTime();
  }

  void begin() {
    routing.put(KEY, this);
    routing.addEndHandler(this::responseEnded);
    if (mayHaveBody(routing.request())) {
      bodyTimer = eventLoop.owner().setTimer(Limits.millis(limits().read()), _ -> bodyIsLate());
    }
  }

  /** Nobody has a context yet that would end: a {@code BodyHandler} waits, say. */
  private void bodyIsLate() {
    bodyTimer = -1;
    if (routing.request().isEnded() || responseIsOver || isOpen()) return;
    giveUp(new RequestEnd.ClientGone("its body did not come in time"));
  }

  private synchronized boolean isOpen() {
    return ctx != null;
  }

  /** Null if no context was made for the request yet. */
  static @Nullable RequestScope known(RoutingContext routing) {
    return routing.get(KEY);
  }

  static RequestScope of(RoutingContext routing) {
    RequestScope scope = known(routing);
    if (scope == null) {
      throw new IllegalStateException(
          "no context was made for this request: add router.route().handler(requestContexts) before"
              + " the routes that use one");
    }
    return scope;
  }

  Limits limits() {
    return server.limits();
  }

  io.vertx.core.Context eventLoop() {
    return eventLoop;
  }

  /** Opens the context (invariant 2), or gives the one that is open, whatever its limit. */
  synchronized CancellableContext open(@Nullable Duration limit) {
    CancellableContext open = ctx;
    if (open != null) return open;
    open = limited(limit);
    ctx = open;
    if (endedEarly != null) open.cancel(endedEarly);
    open.onDone(this::contextEnded);
    return open;
  }

  /**
   * For a handler that answers in place of one that failed: the context may have ended with that.
   * It is separate, and as short as all last words.
   */
  CancellableContext openForLastWords() {
    return values.withTimeout(limits().answer());
  }

  CancellableContext open() {
    return open(limits().total());
  }

  private CancellableContext limited(@Nullable Duration limit) {
    if (callersLimit != null && (limit == null || callersLimit.compareTo(limit) < 0)) {
      return values.withTimeout(callersLimit, new RequestEnd.TimedOut(callersLimit, true));
    }
    if (limit == null) return values.withCancel();
    return values.withTimeout(limit, server.timedOut(limit));
  }

  /** Ends the context, now or as soon as it is opened. */
  void end(Throwable cause) {
    CancellableContext open;
    synchronized (this) {
      open = ctx;
      if (open == null) {
        if (endedEarly == null) endedEarly = cause;
        return;
      }
    }
    open.cancel(cause);
  }

  /** The handler begins; false if there is nobody left to work for. */
  boolean enter(RoutingContext handlers, Context context) {
    answering = handlers;
    if (handlers.response().closed()) return false;
    parts.incrementAndGet();
    if (!context.isDone()) return true;
    handlerReturned(context, null);
    return false;
  }

  /** On the event loop, before the handler begins. */
  void takeInBody() {
    if (intake != null || !mayHaveBody(routing.request())) return;
    intake = new BodyIntake(this);
    intake.begin();
  }

  /** RFC 9112, section 6: in HTTP/1.1 the head says so. */
  private static boolean mayHaveBody(HttpServerRequest request) {
    if (request.isEnded()) return false;
    if (request.version() == HttpVersion.HTTP_2) return true;
    MultiMap headers = request.headers();
    return headers.contains(HttpHeaders.CONTENT_LENGTH)
        || headers.contains(HttpHeaders.TRANSFER_ENCODING);
  }

  /** Null if there is no body, or a {@code BodyHandler} has read it before. */
  @Nullable BodyIntake intake() {
    return intake;
  }

  /** On the handler's thread. What it threw is null if it returned in peace. */
  void handlerReturned(Context context, @Nullable Throwable failure) {
    try {
      if (failure == null && !context.isDone()) endResponse(context);
      else Failures.answer(this, context, failure);
    } finally {
      end(RequestEnd.Finished.INSTANCE);
      if (intake != null) intake.abandon();
      if (!isAnswered()) answerSoonInItsPlace(); // its failure handler forgot to, or takes its time
      partOver();
    }
  }

  private boolean isAnswered() {
    HttpServerResponse response = routing.response();
    return response.ended() || response.closed() || isGone();
  }

  private boolean isGone() {
    return context().cause() instanceof RequestEnd.ClientGone;
  }

  private void endResponse(Context context) {
    if (isAnswered()) return;
    try {
      if (written == null) answering.response().end();
      else written.end();
    } catch (IOException | ContextException notSent) {
      Failures.answer(this, context, notSent);
    } catch (IllegalStateException answeredMeanwhile) {
      // invariant 4: the server did it
    }
  }

  /** On the handler's thread: what it writes to is ended when it has returned. */
  void written(ResponseBody body) {
    written = body;
  }

  /** Before a body of unknown length: RFC 9112, section 6.1, has no chunks for HTTP/1.0. */
  void streamed() {
    if (routing.request().version() != HttpVersion.HTTP_1_0) {
      routing.response().setChunked(true);
      return;
    }
    Failures.close(routing);
    eventLoop.runOnContext(_ -> cutOffAfterResponse());
  }

  /** The one that the handler was called with: in a router below, it is not the outermost. */
  RoutingContext answering() {
    return answering;
  }

  /**
   * Vert.x calls this inside {@code response.end()}, whoever calls that and before a byte is sent,
   * and otherwise on the event loop.
   */
  private void responseEnded(AsyncResult<Void> sent) {
    if (sent.succeeded() || wasEndedBefore()) {
      eventLoop.runOnContext(_ -> responseSent());
    } else {
      String how = sent.cause().getMessage();
      clientGone(new RequestEnd.ClientGone(how == null ? "the connection failed" : how));
    }
  }

  /** In HTTP/2 the stream may be closed before Vert.x says that the response has ended. */
  private boolean wasEndedBefore() {
    return routing.request().version() == HttpVersion.HTTP_2 && routing.response().ended();
  }

  private void clientGone(RequestEnd.ClientGone gone) {
    end(gone);
    Throwable first = context().cause();
    if (first == null || first instanceof RequestEnd.Finished) first = gone; // without an answer
    responseOver(first, CompletedRequest.CLIENT_CLOSED_REQUEST);
  }

  /**
   * On any thread. The request is over now; the connection only when Vert.x has sent what waits, or
   * the limit {@code idle} has passed.
   */
  void giveUp(RequestEnd.ClientGone gone) {
    end(gone);
    eventLoop.runOnContext(_ -> {
      clientGone(gone);
      cutOff();
    });
  }

  private void responseSent() {
    if (responseIsOver) return;
    Throwable cause = context().cause();
    if (cause == null || cause instanceof RequestEnd.ClientGone) { // then it left after the answer
      cause = RequestEnd.Finished.INSTANCE;
    }
    responseOver(cause, routing.response().getStatusCode());
    if (isShort()) cutOff();
    else if (cutOffAfterResponse) cutOffSoon();
  }

  /** On any thread. Of a socket that a request was upgraded to, the response knows no end. */
  void upgradeClosed() {
    var gone = new RequestEnd.ClientGone("the socket was closed");
    end(gone);
    Throwable first = Objects.requireNonNullElse(context().cause(), gone); // invariant 3
    if (connection != null) connection.closed();
    eventLoop.runOnContext(_ -> responseOver(first, 101));
  }

  private void responseOver(Throwable cause, int status) {
    if (responseIsOver) return;
    responseIsOver = true;
    if (bodyTimer >= 0) eventLoop.owner().cancelTimer(bodyTimer);
    tellIfCut(cause);
    server.completed(record(status, cause));
    partOver();
  }

  /**
   * With fewer bytes than announced: the client would take the next response for the rest. In
   * HTTP/2 the end of a response is framed, and what is written is counted later.
   */
  private boolean isShort() {
    if (routing.request().version() == HttpVersion.HTTP_2) return false;
    HttpServerResponse response = routing.response();
    String announced = response.headers().get(HttpHeaders.CONTENT_LENGTH);
    if (announced == null || announced.equals(Long.toString(response.bytesWritten()))) return false;
    int status = response.getStatusCode();
    return status >= 200 && status != 204 && status != 304 && !isHead();
  }

  private boolean isHead() {
    return routing.request().method() == HttpMethod.HEAD;
  }

  /** Before the handler begins: its request does not hold up a shutdown. */
  void endWhenDraining() {
    endsWithDrain = true;
    drain = server.whenDraining(() -> end(RequestEnd.ShuttingDown.INSTANCE));
  }

  private void partOver() {
    if (parts.decrementAndGet() > 0) return;
    var _ = drain.stop();
    end(RequestEnd.Finished.INSTANCE);
    server.over(); // first: the end of the last connection ends a shutdown
    if (connection != null) connection.requestOver();
  }

  /** On the thread that ended the context, which may be any. */
  private void contextEnded() {
    Throwable cause = context().cause();
    if (cause instanceof RequestEnd.Finished || cause instanceof RequestEnd.ClientGone) return;
    tellIfCut(cause);
    answerSoonInItsPlace();
  }

  /**
   * When the context has ended, for a handler that goes on; but before the request is over, for one
   * that is faster than the thread which ended it.
   */
  private void tellIfCut(@Nullable Throwable cause) {
    if (!(cause instanceof RequestEnd.ShuttingDown) || endsWithDrain || !isOpen()) return;
    if (toldAsCut.compareAndSet(false, true)) server.cut(this);
  }

  private void answerSoonInItsPlace() {
    eventLoop.runOnContext(_ -> {
      if (isAnswerDue) return; // the end of the context and the return of the handler both ask
      isAnswerDue = true;
      eventLoop.owner().setTimer(Limits.millis(limits().answer()), _ -> answerInItsPlace());
    });
  }

  /** Invariant 5: true once. */
  boolean mayFail() {
    return failed.compareAndSet(false, true);
  }

  /** Invariant 4. */
  private void answerInItsPlace() {
    isAnswerDue = false;
    boolean begun = routing.response().headWritten(); // asked first, as in Failures
    if (isAnswered()) return;
    if (begun || isLastCall) {
      cutOff();
      return;
    }
    if (!mayFail()) { // a failure handler is at it
      isLastCall = true;
      answerSoonInItsPlace();
      return;
    }
    try {
      Failures.fail(answering, context(), null);
    } catch (IllegalStateException answeredMeanwhile) {
      // by the handler, after all
    }
  }

  /** The client must not take what it has for the whole. */
  void cutOff() {
    HttpServerRequest request = routing.request();
    if (request.version() != HttpVersion.HTTP_2) request.connection().close();
    else routing.response().reset(responseIsOver ? NO_ERROR : INTERNAL_ERROR);
  }

  /** On the event loop: the client goes on sending what nobody will read. */
  void cutOffAfterResponse() {
    if (cutOffAfterResponse) return;
    cutOffAfterResponse = true;
    if (responseIsOver) cutOffSoon();
  }

  /** A connection closed at once may take the response with it, while the client still sends. */
  private void cutOffSoon() {
    eventLoop.owner().setTimer(LINGER_MILLIS, _ -> cutOff());
  }

  Deadline readDeadline() {
    return Deadline.after(limits().read().minus(age()));
  }

  synchronized Context context() {
    return ctx == null ? values : ctx;
  }

  Duration age() {
    return age(TimeSource.system().nanoTime());
  }

  Duration age(long nanoTime) {
    return Duration.ofNanos(nanoTime - begunNanos);
  }

  private CompletedRequest record(int status, Throwable cause) {
    HttpServerRequest request = routing.request();
    HttpServerResponse response = routing.response();
    var route = answering.currentRoute();
    return new CompletedRequest(
        request.method().name(),
        request.uri(),
        route == null ? null : route.getPath(),
        status,
        cause,
        context(),
        request.connection().remoteAddress(),
        begun,
        age(),
        request.bytesRead(),
        response.bytesWritten());
  }
}
