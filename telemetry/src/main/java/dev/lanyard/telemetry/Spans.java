package dev.lanyard.telemetry;

import dev.lanyard.context.Context;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes spans of OpenTelemetry around operations, as children of the span that their context
 * carries.
 *
 * {@snippet :
 * Spans spans = Spans.of(openTelemetry);
 * Receipt receipt = spans.call(ctx, "charge the card", within -> cards.charge(within, order));
 * }
 *
 * <p>The operation is given a context that carries the new span, which is also that of log lines
 * and of the headers of {@code http}. An operation that fails because of its context says so on its
 * span: {@code lanyard.context.end} is {@code cancelled} or {@code deadline_exceeded}, {@code
 * lanyard.context.cause} the class of the cause and {@code lanyard.context.cause.message} its
 * message. A deadline makes the span an error; to be cancelled does not: whoever left has nothing
 * to complain of.
 *
 * <p>{@link RequestSpans} makes the spans of a server, {@link ExchangeSpans} those of a client.
 *
 * <p>Immutable; any thread may use it.
 *
 * @since 0.1
 */
public final class Spans {
  /** What says that this library made a span. */
  static final String SCOPE = "dev.lanyard";

  private final Tracer tracer;

  private Spans(Tracer tracer) {
    this.tracer = tracer;
  }

  /**
   * Makes spans with the given OpenTelemetry.
   *
   * @param telemetry belongs to the caller
   * @return new
   */
  public static Spans of(OpenTelemetry telemetry) {
    return new Spans(tracer(telemetry));
  }

  static Tracer tracer(OpenTelemetry telemetry) {
    return Objects.requireNonNull(telemetry, "spans need an OpenTelemetry").getTracer(SCOPE);
  }

  /**
   * Calls an operation within a span of its own.
   *
   * @param ctx whose span is the parent; without one, a trace begins
   * @param name of the kind of operation: few different ones, so no ids in it
   * @param operation what to call; {@code Span.current()} is the new span on this thread
   * @param <T> the type of its result
   * @param <X> what it throws
   * @return its result
   * @throws X if the operation does
   */
  public <T extends @Nullable Object, X extends Throwable> T call(
      Context ctx, String name, ContextOperation<? extends T, X> operation) throws X {
    Objects.requireNonNull(operation, "there is nothing to call");
    var parent = OpenTelemetryContext.from(ctx);
    var span =
        OpenSpan.begin(
            ctx,
            parent,
            tracer.spanBuilder(name).setSpanKind(SpanKind.INTERNAL).setParent(parent).startSpan());
    try {
      T result =
          OpenTelemetryContext.<T, X>call(span.context(), () -> operation.call(span.context()));
      span.end(null);
      return result;
    } catch (Throwable failure) {
      span.end(failure);
      throw failure;
    }
  }

  /**
   * As {@link #call}, without a result.
   *
   * @param ctx whose span is the parent; without one, a trace begins
   * @param name of the kind of operation
   * @param operation what to run; given the context that carries the span
   */
  public void run(Context ctx, String name, Consumer<? super Context> operation) {
    Objects.requireNonNull(operation, "there is nothing to run");
    this.<@Nullable Void, RuntimeException>call(
        ctx,
        name,
        within -> {
          operation.accept(within);
          return null;
        });
  }
}
