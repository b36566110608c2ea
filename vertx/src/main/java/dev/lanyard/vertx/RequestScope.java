package dev.lanyard.vertx;

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
 * One request, from its head to the end of its response and of its handler, whichever is later. Its
 * context is {@link Opening}'s business, an answer in the place of its handler that of {@link
 * LastWords}, its connection that of {@link CutOff}.
 *
 * <p><b>Invariants.</b>
 *
 * <ol>
 *   <li>A request has two parts: its response, which is over once when it has been sent or the
 *       client has gone, and perhaps a handler, which is over once when it has returned. {@code
 *       parts} counts those that are not over. When it reaches zero the request is finished, once.
 *   <li>The first end wins, as in every context: a client that leaves after the time has passed
 *       does not change what is counted.
 * </ol>
 */
final class RequestScope {
  private static final String KEY = RequestScope.class.getName();

  final RoutingContext routing;

  /** Written on the event loop before the handler begins. */
  private RoutingContext answering;

  private final RequestContexts server;
  private final @Nullable Connection connection;
  private final io.vertx.core.Context eventLoop;

  private final Opening opening;
  private final LastWords lastWords = new LastWords(this);
  private final CutOff cutOff;
  private final Instant begun;
  private final long begunNanos;
  private final AtomicInteger parts = new AtomicInteger(1);

  /** Written on the event loop before the context can have ended. */
  private @Nullable BodyIntake intake;

  /** On the handler's thread only. */
  private @Nullable ResponseBody written;

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
    this.opening = new Opening(server, values, callersLimit);
    this.eventLoop = Objects.requireNonNull(Vertx.currentContext(), "not on an event loop");
    this.cutOff = new CutOff(routing, eventLoop);
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
    if (routing.request().isEnded() || cutOff.responseIsOver() || opening.isOpen()) return;
    giveUp(new RequestEnd.ClientGone("its body did not come in time"));
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

  /** Opens the context, or gives the one that is open, whatever its limit. */
  CancellableContext open(@Nullable Duration limit) {
    return opening.open(limit, this::contextEnded);
  }

  CancellableContext open() {
    return open(limits().total());
  }

  /** For a handler that answers in place of one that failed. */
  CancellableContext openForLastWords() {
    return opening.openForLastWords();
  }

  Context context() {
    return opening.context();
  }

  private void end(Throwable cause) {
    opening.end(cause);
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
      if (!isAnswered()) lastWords.soon(); // its failure handler forgot to, or takes its time
      partOver();
    }
  }

  boolean isAnswered() {
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
      // by the server, in its place
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
    eventLoop.runOnContext(_ -> cutOff.afterResponse());
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
      cutOff.now();
    });
  }

  private void responseSent() {
    if (cutOff.responseIsOver()) return;
    Throwable cause = context().cause();
    if (cause == null || cause instanceof RequestEnd.ClientGone) { // then it left after the answer
      cause = RequestEnd.Finished.INSTANCE;
    }
    responseOver(cause, routing.response().getStatusCode());
    cutOff.responseWasSent();
  }

  /** On any thread. Of a socket that a request was upgraded to, the response knows no end. */
  void upgradeClosed() {
    var gone = new RequestEnd.ClientGone("the socket was closed");
    end(gone);
    Throwable first = Objects.requireNonNullElse(context().cause(), gone); // invariant 2
    if (connection != null) connection.closed();
    eventLoop.runOnContext(_ -> responseOver(first, 101));
  }

  private void responseOver(Throwable cause, int status) {
    if (cutOff.responseIsOver()) return;
    cutOff.responseEnded();
    if (bodyTimer >= 0) eventLoop.owner().cancelTimer(bodyTimer);
    tellIfCut(cause);
    server.completed(record(status, cause));
    partOver();
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
    lastWords.soon();
  }

  /**
   * When the context has ended, for a handler that goes on; but before the request is over, for one
   * that is faster than the thread which ended it.
   */
  private void tellIfCut(@Nullable Throwable cause) {
    if (!(cause instanceof RequestEnd.ShuttingDown) || endsWithDrain || !opening.isOpen()) return;
    if (toldAsCut.compareAndSet(false, true)) server.cut(this);
  }

  boolean mayFail() {
    return lastWords.mayFail();
  }

  void cutOff() {
    cutOff.now();
  }

  /** On the event loop. */
  void cutOffAfterResponse() {
    cutOff.afterResponse();
  }

  Deadline readDeadline() {
    return Deadline.after(limits().read().minus(age()));
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
