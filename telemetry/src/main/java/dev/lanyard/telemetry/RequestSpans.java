package dev.lanyard.telemetry;

import dev.lanyard.context.Context;
import dev.lanyard.context.ContextException;
import dev.lanyard.context.Key;
import dev.lanyard.http.RequestEnd;
import dev.lanyard.http.TraceContext;
import dev.lanyard.vertx.CompletedRequest;
import dev.lanyard.vertx.RequestSettings;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * A span for each request that a server handles, whoever ends it. It continues the caller's trace
 * where {@code Incoming} does, and is what the request's context carries.
 *
 * {@snippet :
 * RequestSettings settings = RequestSpans.of(openTelemetry).observe(RequestSettings.standard());
 * }
 *
 * <p>Attributes are those of the semantic conventions for HTTP. A request that was ended before it
 * was answered has those of {@link Spans} too: one that its client left is no error, and has no
 * status; one whose time was over is.
 *
 * <p>Immutable; any thread may use it.
 *
 * @since 0.1
 */
public final class RequestSpans {
  private static final Key<Span> SPAN = Key.of("span of the request");

  private static final AttributeKey<String> METHOD = AttributeKey.stringKey("http.request.method");
  private static final AttributeKey<String> SCHEME = AttributeKey.stringKey("url.scheme");
  private static final AttributeKey<String> PATH = AttributeKey.stringKey("url.path");
  private static final AttributeKey<String> QUERY = AttributeKey.stringKey("url.query");
  private static final AttributeKey<String> CLIENT = AttributeKey.stringKey("client.address");
  private static final AttributeKey<String> ROUTE = AttributeKey.stringKey("http.route");
  private static final AttributeKey<Long> STATUS =
      AttributeKey.longKey("http.response.status_code");

  private final Tracer tracer;

  private RequestSpans(Tracer tracer) {
    this.tracer = tracer;
  }

  /**
   * Makes spans with the given OpenTelemetry.
   *
   * @param telemetry belongs to the caller
   * @return new
   */
  public static RequestSpans of(OpenTelemetry telemetry) {
    return new RequestSpans(Spans.tracer(telemetry));
  }

  /**
   * The same settings, with a span for each request. What they derive for a request is derived
   * within it.
   *
   * @param settings of a server
   * @return a changed copy
   */
  public RequestSettings observe(RequestSettings settings) {
    var derive = settings.request();
    return settings
        .withRequest((ctx, request) -> within(begin(ctx, request), request, derive))
        .withListener(RequestSpans::end);
  }

  /** Where deriving fails there is no request that a listener could be told of. */
  private static Context within(
      Context ctx,
      HttpServerRequest request,
      BiFunction<Context, HttpServerRequest, Context> derive) {
    try {
      return derive.apply(ctx, request);
    } catch (Throwable failure) {
      Span span = ctx.value(SPAN);
      if (span != null) OpenSpan.end(span, failure);
      throw failure;
    }
  }

  private Context begin(Context ctx, HttpServerRequest request) {
    var parent = parent(ctx);
    String path = request.path();
    var span =
        tracer
            .spanBuilder(request.method().name())
            .setSpanKind(SpanKind.SERVER)
            .setParent(parent)
            .setAttribute(METHOD, request.method().name())
            .setAttribute(SCHEME, request.isSSL() ? "https" : "http")
            .setAttribute(PATH, path == null ? "/" : path)
            .startSpan();
    String query = request.query();
    if (query != null) span.setAttribute(QUERY, query);
    return OpenSpan.begin(ctx, parent, span).context().withValue(SPAN, span);
  }

  /**
   * The place of the request in its trace was made when its headers were read. The span takes that
   * place, so its parent is not that but what is before it.
   */
  private static io.opentelemetry.context.Context parent(Context ctx) {
    var current = io.opentelemetry.context.Context.current();
    if (Span.fromContext(current).getSpanContext().isValid()) return current;
    TraceContext place = ctx.value(TraceContext.KEY);
    SpanContext caller = place == null ? null : TraceContexts.callersOf(place);
    return OpenTelemetryContext.from(ctx)
        .with(caller == null ? Span.getInvalid() : Span.wrap(caller));
  }

  private static void end(CompletedRequest request) {
    Span span = request.ctx().value(SPAN);
    if (span == null) return;
    if (request.route() != null) {
      span.setAttribute(ROUTE, request.route());
      span.updateName(request.method() + " " + request.route());
    }
    span.setAttribute(CLIENT, request.remote().hostAddress());
    if (!(request.cause() instanceof RequestEnd.Finished)) {
      OpenSpan.ended(span, isTimeout(request), request.cause());
    }
    if (!(request.cause() instanceof RequestEnd.ClientGone)) {
      span.setAttribute(STATUS, (long) request.status());
      if (request.status() >= 500) {
        span.setStatus(StatusCode.ERROR);
        if (!isTimeout(request)) {
          span.setAttribute(OpenSpan.ERROR_TYPE, String.valueOf(request.status()));
        }
      }
    }
    span.end();
  }

  private static boolean isTimeout(CompletedRequest request) {
    @Nullable ContextException err = request.ctx().err();
    return request.cause() instanceof RequestEnd.TimedOut || (err != null && err.isTimeout());
  }
}
