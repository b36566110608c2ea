package dev.lanyard.telemetry;

import dev.lanyard.context.Context;
import dev.lanyard.context.ContextException;
import dev.lanyard.context.DeadlineExceededException;
import dev.lanyard.http.TraceContext;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import org.jspecify.annotations.Nullable;

/** A span of an operation that is under way, and the context that carries it. */
final class OpenSpan {
  static final AttributeKey<String> ERROR_TYPE = AttributeKey.stringKey("error.type");

  private static final AttributeKey<String> END = AttributeKey.stringKey("lanyard.context.end");
  private static final AttributeKey<String> CAUSE = AttributeKey.stringKey("lanyard.context.cause");
  private static final AttributeKey<String> MESSAGE =
      AttributeKey.stringKey("lanyard.context.cause.message");

  /** Nobody nests causes deeper than that, but some make circles. */
  private static final int DEEPEST = 32;

  private final Span span;
  private final Context context;

  private OpenSpan(Span span, Context context) {
    this.span = span;
    this.context = context;
  }

  /**
   * @param parent of the span, from the context
   */
  static OpenSpan begin(Context context, io.opentelemetry.context.Context parent, Span span) {
    SpanContext own = span.getSpanContext();
    TraceContext known = context.value(TraceContext.KEY);
    // Where nothing is traced, the span is its parent or none: ours goes on as it is.
    boolean isNone =
        !own.isValid()
            || own.getSpanId().equals(Span.fromContext(parent).getSpanContext().getSpanId());
    return new OpenSpan(
        span,
        isNone
            ? context
            : Carried.put(
                context,
                parent.with(span),
                TraceContexts.toOurs(own, known),
                Carried.by(context).baggage()));
  }

  Span span() {
    return span;
  }

  Context context() {
    return context;
  }

  /**
   * The operation is over.
   *
   * @param failure null if it has succeeded
   */
  void end(@Nullable Throwable failure) {
    end(span, failure);
  }

  static void end(Span span, @Nullable Throwable failure) {
    if (failure != null) failed(span, failure);
    span.end();
  }

  private static void failed(Span span, Throwable failure) {
    ContextException ended = endOfContext(failure);
    if (ended == null) {
      span.recordException(failure);
      span.setAttribute(ERROR_TYPE, failure.getClass().getName());
      span.setStatus(StatusCode.ERROR);
    } else {
      ended(span, ended.isTimeout(), ended.getCause());
    }
  }

  /** The context of the operation ended before the operation did. */
  static void ended(Span span, boolean isTimeout, @Nullable Throwable cause) {
    span.setAttribute(END, isTimeout ? "deadline_exceeded" : "cancelled");
    if (cause != null) {
      span.setAttribute(CAUSE, cause.getClass().getName());
      String message = cause.getMessage();
      if (message != null) span.setAttribute(MESSAGE, message);
    }
    if (isTimeout) {
      span.setAttribute(ERROR_TYPE, DeadlineExceededException.class.getName());
      span.setStatus(StatusCode.ERROR, "context deadline exceeded");
    }
  }

  /** Drivers and executors wrap what ended them. */
  private static @Nullable ContextException endOfContext(Throwable failure) {
    Throwable each = failure;
    for (int depth = 0; each != null && depth < DEEPEST; depth++) {
      if (each instanceof ContextException ended) return ended;
      each = each.getCause();
    }
    return null;
  }
}
