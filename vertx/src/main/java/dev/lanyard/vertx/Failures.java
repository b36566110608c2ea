package dev.lanyard.vertx;

import dev.lanyard.context.Context;
import dev.lanyard.context.DeadlineExceededException;
import dev.lanyard.http.RequestEnd;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.json.DecodeException;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.HttpException;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a request that was not answered by its handler is answered with. */
final class Failures {
  private static final System.Logger LOG = System.getLogger(Failures.class.getName());

  /** Whoever answers in place of a handler sends another body than the one it had in mind. */
  private static final List<CharSequence> OF_THE_BODY =
      List.of(
          HttpHeaders.CONTENT_LENGTH,
          HttpHeaders.TRANSFER_ENCODING,
          HttpHeaders.CONTENT_ENCODING,
          HttpHeaders.CONTENT_RANGE,
          HttpHeaders.CONTENT_DISPOSITION,
          HttpHeaders.CACHE_CONTROL,
          HttpHeaders.ETAG,
          HttpHeaders.LAST_MODIFIED);

  private Failures() {}

  /** On the handler's thread. The failure is null where only the context has ended. */
  static void answer(RequestScope scope, Context ctx, @Nullable Throwable failure) {
    HttpServerResponse response = scope.answering().response();
    if (response.closed() || hasLeft(ctx)) return;
    boolean begun = response.headWritten(); // asked first: what was begun may be ended meanwhile
    if (response.ended()) {
      logUnlessEnded(ctx, failure);
      return;
    }
    if (!scope.mayFail()) return; // then what was begun is an answer in its place: no reason to cut
    if (begun) {
      logUnlessEnded(ctx, failure);
      scope.cutOff();
      return;
    }
    try {
      fail(scope.answering(), ctx, failure);
    } catch (IllegalStateException answeredMeanwhile) {
      // in its place, by the server
    }
  }

  /** The context may know it before the response does. */
  private static boolean hasLeft(Context ctx) {
    return ctx.cause() instanceof RequestEnd.ClientGone;
  }

  /** There is nobody to tell but the log. What comes of the context's own end is no news. */
  private static void logUnlessEnded(Context ctx, @Nullable Throwable failure) {
    if (failure == null || ctx.isDone()) return;
    LOG.log(Level.WARNING, "a handler failed after it had begun its response", failure);
  }

  /** Leaves the answer to the failure handlers of the router. */
  static void fail(RoutingContext routing, Context ctx, @Nullable Throwable failure) {
    Throwable reason = failure == null ? ctx.cause() : failure;
    for (CharSequence header : OF_THE_BODY) routing.response().headers().remove(header);
    if (ctx.cause() instanceof RequestEnd.ShuttingDown) close(routing);
    routing.fail(status(ctx, failure), Objects.requireNonNull(reason));
  }

  static void close(RoutingContext routing) {
    HttpVersion version = routing.request().version();
    if (version == HttpVersion.HTTP_1_0 || version == HttpVersion.HTTP_1_1) {
      routing.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    }
  }

  /**
   * An ended context outweighs what its end made of the handler. Where only a smaller budget inside
   * is spent, that was a limit of ours: 503, too.
   */
  private static int status(Context ctx, @Nullable Throwable failure) {
    if (ctx.isDone()) {
      return ctx.cause() instanceof RequestEnd.TimedOut limit && limit.isCallers() ? 504 : 503;
    }
    return switch (failure) {
      case HttpException known -> known.getStatusCode();
      case DecodeException _ -> 400;
      case DeadlineExceededException _ -> 503;
      case null, default -> 500;
    };
  }
}
