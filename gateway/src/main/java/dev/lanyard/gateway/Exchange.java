package dev.lanyard.gateway;

import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.TimeSource;
import dev.lanyard.http.RequestEnd;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.HttpException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way through: from a client to an upstream, and its response back. Both bodies
 * may flow at the same time.
 *
 * <p><b>Invariants.</b>
 *
 * <ol>
 *   <li>All is done on the event loop of the client's connection; the end of the context, which any
 *       thread can bring about, is handled there as well.
 *   <li>At any time there is at most one attempt, with one permit. Before the next begins, and when
 *       the context ends, the permit is settled.
 *   <li>Once the context has ended, nothing is started: a connection that comes too late is given
 *       back unused, and a request that was sent is reset unless it is complete.
 *   <li>The client is never led to take a part for the whole: what breaks after the head was sent
 *       cuts its connection.
 * </ol>
 */
final class Exchange {
  /** Error code of HTTP/2: nobody wants the answer any more. HTTP/1.1: closes the connection. */
  private static final long CANCEL = 8;

  /** So much of a body that nobody wants is read to save the client's connection. */
  private static final long WORTH_DROPPING = 256 << 10;

  private static final Set<HttpMethod> IDEMPOTENT =
      Set.of(
          HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS, HttpMethod.PUT, HttpMethod.DELETE);

  private final RoutingContext routing;
  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final LiveRoute live;
  private final Forwarding forwarding;
  private final CancellableContext ctx;
  private final String target;
  private final boolean upgrade;
  private final boolean hasBody;
  private final io.vertx.core.Context eventLoop =
      Objects.requireNonNull(Vertx.currentContext(), "not on an event loop");
  private final long begun = TimeSource.system().nanoTime();
  private final Set<Upstream> tried = new HashSet<>();

  private final int first;

  private LiveRoute.@Nullable Turn turn;
  private @Nullable HttpClientRequest sent;
  private boolean over;
  private boolean responseComplete;
  private boolean requestComplete;
  private int attempts;
  private long dropped;

  Exchange(
      RoutingContext routing,
      LiveRoute live,
      Forwarding forwarding,
      CancellableContext ctx,
      String target) {
    this.routing = routing;
    this.request = routing.request();
    this.response = routing.response();
    this.live = live;
    this.first = live.first();
    this.forwarding = forwarding;
    this.ctx = ctx;
    this.target = target;
    this.upgrade = Tunnel.isWanted(request);
    this.hasBody = !upgrade && hasBody(request);
  }

  private static boolean hasBody(HttpServerRequest request) {
    if (request.version() == HttpVersion.HTTP_2) return !request.isEnded();
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    return length != null
        ? !length.equals("0")
        : request.headers().contains(HttpHeaders.TRANSFER_ENCODING);
  }

  void begin() {
    live.meters.underWay.incrementAndGet();
    request.pause();
    ctx.onDone(() -> {
      account();
      eventLoop.runOnContext(_ -> contextEnded());
    });
    attempt();
  }

  /** Once, when the context ends: then it is known how. */
  private void account() {
    live.meters.underWay.decrementAndGet();
    Throwable cause = Objects.requireNonNull(ctx.cause());
    boolean answered = response.headWritten();
    int status =
        switch (cause) {
          case RequestEnd.ClientGone _ -> 499;
          case RequestEnd.TimedOut _ when !answered -> 504;
          case RequestEnd.ShuttingDown _ when !answered -> 503;
          default -> response.getStatusCode();
        };
    String end =
        switch (cause) {
          case RequestEnd known -> known.kind();
          case UpstreamFailedException _ -> "upstream-failed";
          default -> "cancelled";
        };
    Duration duration = Duration.ofNanos(TimeSource.system().nanoTime() - begun);
    live.meters.completed(status, end, duration);
  }

  private void attempt() {
    LiveRoute.Turn next = live.next(first, tried);
    if (next == null) {
      long seconds = live.retryAfter().plusMillis(999).toSeconds();
      response.putHeader(HttpHeaders.RETRY_AFTER, String.valueOf(seconds));
      fail(503, "the service is given a rest, since too many requests to it have failed");
      return;
    }
    turn = next;
    tried.add(next.upstream());
    attempts++;
    next.upstream()
        .request(request.method(), target)
        .onComplete(connected -> {
          if (connected.failed()) failed(next, connected.cause(), false);
          else if (over) connected.result().reset(CANCEL);
          else send(next, connected.result());
        });
  }

  private void send(LiveRoute.Turn to, HttpClientRequest out) {
    sent = out;
    out.exceptionHandler(_ -> {}); // the response fails, too
    try {
      forwarding.writeRequest(request, out, live.route, to.upstream().address, ctx);
    } catch (IllegalArgumentException malformed) {
      to.permit().givenBack();
      var _ = out.reset(CANCEL);
      Gateway.closeAfterwards(routing);
      fail(400, "a header of the request is malformed");
      return;
    }
    if (upgrade) {
      new Tunnel(routing, ctx, live.route)
          .open(out, answer -> answered(to, answer), failure -> failed(to, failure, true));
      return;
    }
    out.response()
        .onComplete(answer -> {
          if (over) return;
          if (answer.failed()) failed(to, answer.cause(), true);
          else answered(to, answer.result());
        });
    if (!hasBody) {
      requestComplete = true;
      request.resume();
      var _ = out.end();
    } else if (expectsContinue()) {
      out.continueHandler(_ -> {
        var _ = response.writeContinue();
        upload(out);
      });
      if (!request.headers().contains(HttpHeaders.CONTENT_LENGTH)) out.setChunked(true);
      var _ = out.writeHead();
    } else {
      upload(out);
      eventLoop.runOnContext(_ -> writeHeadAlone(out));
    }
  }

  /** With the body if some of it is there already, and else alone: the service may begin. */
  private void writeHeadAlone(HttpClientRequest out) {
    if (!over && !requestComplete && request.bytesRead() == 0) out.writeHead();
  }

  private boolean expectsContinue() {
    return HopByHop.lists(request.headers().getAll("expect"), "100-continue");
  }

  private void upload(HttpClientRequest out) {
    if (over) return;
    if (!request.headers().contains(HttpHeaders.CONTENT_LENGTH)) out.setChunked(true);
    Transfer.start(
        request,
        out,
        () -> {
          requestComplete = true;
          if (!over) out.end();
        },
        // its connection is closed, which ends the context; the upstream must not wait for that
        failure -> ctx.cancel(new RequestEnd.ClientGone("the body of its request broke off")));
  }

  /** No head of a response has come. */
  private void failed(LiveRoute.Turn at, Throwable failure, boolean wasSent) {
    if (over) return;
    if (ctx.isDone()) return; // and this comes of it: contextEnded() is on its way
    at.permit().failed(failure);
    at.upstream().failures.increment();
    sent = null;
    boolean harmless = !wasSent || (!hasBody && IDEMPOTENT.contains(request.method()));
    if (harmless && attempts <= live.route.retries()) {
      live.meters.retried();
      attempt();
    } else {
      fail(502, wasSent ? "the service broke off" : "the service cannot be reached");
    }
  }

  private void answered(LiveRoute.Turn by, HttpClientResponse in) {
    if (in.statusCode() >= 500) {
      by.permit().failed(new UpstreamFailedException("status " + in.statusCode(), null));
      by.upstream().failures.increment();
    } else {
      by.permit().answered();
    }
    if (in.statusCode() == 101 && !upgrade) {
      fail(502, "the service changed the protocol without being asked");
      return;
    }
    response.setStatusCode(in.statusCode());
    if (in.version() != HttpVersion.HTTP_2) response.setStatusMessage(in.statusMessage());
    try {
      Forwarding.writeResponse(in.headers(), response.headers(), live.route);
    } catch (IllegalArgumentException malformed) {
      response.headers().clear();
      var _ = in.request().reset(CANCEL);
      fail(502, "a header of the service's response is malformed");
      return;
    }
    boolean bodyless = isBodyless(in);
    if (!bodyless && !in.headers().contains(HttpHeaders.CONTENT_LENGTH)) response.setChunked(true);
    Transfer.start(in, response, () -> completed(in), failure -> brokeOff(by, failure));
    if (!bodyless) eventLoop.runOnContext(_ -> writeHead());
  }

  /** With the body if some of it is there already, and else alone: the client may wait for it. */
  private void writeHead() {
    if (!over && !response.headWritten() && !response.ended()) response.writeHead();
  }

  private boolean isBodyless(HttpClientResponse in) {
    int status = in.statusCode();
    return request.method() == HttpMethod.HEAD || status == 204 || status == 304;
  }

  private void completed(HttpClientResponse in) {
    responseComplete = true;
    if (over || response.ended() || response.closed()) return;
    in.trailers().forEach(trailer -> response.putTrailer(trailer.getKey(), trailer.getValue()));
    var _ = response.end();
  }

  private void brokeOff(LiveRoute.Turn by, Throwable failure) {
    if (over || ctx.isDone()) return;
    by.permit().brokeLater(failure);
    by.upstream().failures.increment();
    ctx.cancel(new UpstreamFailedException("the service broke off in its response", failure));
    cutOff();
  }

  /** Invariants 2 and 3. */
  private void contextEnded() {
    over = true;
    Throwable cause = Objects.requireNonNull(ctx.cause());
    if (turn != null) settle(turn, cause);
    HttpClientRequest out = sent;
    if (out != null && !(responseComplete && requestComplete)) out.reset(CANCEL);
    switch (cause) {
      case RequestEnd.TimedOut _ -> endWith(504, cause);
      case RequestEnd.ClientGone _, RequestEnd.Finished _ -> {}
      case UpstreamFailedException _ -> {}
      default -> endWith(503, cause);
    }
    dropRest();
  }

  private void settle(LiveRoute.Turn at, Throwable cause) {
    if (cause instanceof RequestEnd.TimedOut limit && !limit.isCallers()) at.permit().failed(cause);
    else at.permit().givenBack();
  }

  private void endWith(int status, Throwable cause) {
    if (response.ended() || response.closed()) return;
    if (response.headWritten()) cutOff();
    else routing.fail(status, cause);
  }

  private void fail(int status, String why) {
    routing.fail(status, new HttpException(status, why));
    dropRest();
  }

  /** Invariant 4. */
  private void cutOff() {
    if (request.version() == HttpVersion.HTTP_2) response.reset(2);
    else request.connection().close();
  }

  /** The next request on the connection comes behind the rest of this one. */
  private void dropRest() {
    if (!request.isEnded() && !response.closed()) Transfer.stop(request, this::drop);
  }

  private void drop(Buffer chunk) {
    dropped += chunk.length();
    if (dropped > WORTH_DROPPING) cutOff();
  }
}
