package dev.lanyard.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import dev.lanyard.context.ContextException;
import dev.lanyard.context.DeadlineExceededException;
import dev.lanyard.http.RequestEnd;
import dev.lanyard.http.TraceContext;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Scope;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SpansTest {
  private final Traces traces = new Traces();
  private final Spans spans = Spans.of(traces.telemetry());
  private final Context root = Context.background();

  private static TraceContext trace(Context ctx) {
    return Objects.requireNonNull(ctx.value(TraceContext.KEY));
  }

  private static @Nullable String attribute(SpanData span, String name) {
    return span.getAttributes().get(AttributeKey.stringKey(name));
  }

  @Test
  void spansNestWithTheirContextsAcrossThreads() {
    String result =
        spans.<String, RuntimeException>call(
            root,
            "outer",
            outer ->
                CompletableFuture.supplyAsync(() ->
                        spans.<String, RuntimeException>call(
                            outer, "inner", inner -> trace(inner).spanId()))
                    .join());
    SpanData outer = traces.finished("outer");
    SpanData inner = traces.finished("inner");
    assertThat(inner.getParentSpanId()).isEqualTo(outer.getSpanId());
    assertThat(inner.getTraceId()).isEqualTo(outer.getTraceId());
    assertThat(result).isEqualTo(inner.getSpanId());
    assertThat(outer.getParentSpanContext().isValid()).isFalse();
    assertThat(outer.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
  }

  @Test
  void aSpanThatOthersMadeCurrentOnThisThreadIsTheParent() {
    spans.run(
        root,
        "outer",
        outer -> {
          Span library = traces.tracer().spanBuilder("library").startSpan();
          try (Scope _ = library.makeCurrent()) {
            spans.run(outer.withCancel(), "inner", _ -> {});
          }
          library.end();
        });
    assertThat(traces.finished("library").getParentSpanId())
        .isEqualTo(traces.finished("outer").getSpanId());
    assertThat(traces.finished("inner").getParentSpanId())
        .isEqualTo(traces.finished("library").getSpanId());
  }

  @Test
  void aFailureIsRecorded() {
    var failure = new IllegalStateException("the card is refused");
    assertThatThrownBy(() ->
            spans.call(
                root,
                "pay",
                _ -> {
                  throw failure;
                }))
        .isSameAs(failure);
    SpanData span = traces.finished("pay");
    assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
    assertThat(span.getEvents()).singleElement().matches(e -> e.getName().equals("exception"));
    assertThat(attribute(span, "error.type")).isEqualTo("java.lang.IllegalStateException");
    assertThat(attribute(span, "lanyard.context.end")).isNull();
  }

  @Test
  void aDeadlineMakesTheSpanAnErrorAndGivesItsCause() {
    var budget = new IllegalStateException("the budget for prices");
    assertThatThrownBy(() ->
            spans.run(
                root.withTimeout(Duration.ZERO, budget),
                "late",
                within -> {
                  within.throwIfDone();
                }))
        .isInstanceOf(DeadlineExceededException.class);
    SpanData span = traces.finished("late");
    assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
    assertThat(span.getStatus().getDescription()).isEqualTo("context deadline exceeded");
    assertThat(attribute(span, "lanyard.context.end")).isEqualTo("deadline_exceeded");
    assertThat(attribute(span, "lanyard.context.cause"))
        .isEqualTo("java.lang.IllegalStateException");
    assertThat(attribute(span, "lanyard.context.cause.message")).isEqualTo("the budget for prices");
    assertThat(attribute(span, "error.type")).isEqualTo(DeadlineExceededException.class.getName());
  }

  @Test
  void aClientThatLeavesMakesNoErrorAlsoWhenADriverWrapsIt() {
    try (CancellableContext ctx = root.withCancel()) {
      assertThatThrownBy(() ->
              spans.<Integer, SQLException>call(
                  ctx,
                  "select",
                  within -> {
                    ctx.cancel(new RequestEnd.ClientGone("the connection was closed"));
                    try {
                      within.throwIfDone();
                    } catch (ContextException ended) {
                      throw new SQLException("57014", ended);
                    }
                    return 1;
                  }))
          .isInstanceOf(SQLException.class);
    }
    SpanData span = traces.finished("select");
    assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
    assertThat(attribute(span, "lanyard.context.end")).isEqualTo("cancelled");
    assertThat(attribute(span, "lanyard.context.cause"))
        .isEqualTo("dev.lanyard.http.RequestEnd$ClientGone");
    assertThat(span.getEvents()).isEmpty();
  }

  @Test
  void anOperationThatSucceedsOnAnEndedContextIsASuccess() {
    try (CancellableContext ctx = root.withCancel()) {
      ctx.cancel();
      spans.run(ctx, "cleanup", _ -> {});
    }
    assertThat(attribute(traces.finished("cleanup"), "lanyard.context.end")).isNull();
  }

  @Test
  void withoutATracerTheContextKeepsItsOwnTrace() {
    TraceContext trace = TraceContext.newRoot();
    Context ctx = root.withValue(TraceContext.KEY, trace);
    Spans.of(OpenTelemetry.noop())
        .run(
            ctx,
            "nothing",
            within -> {
              assertThat(within.value(TraceContext.KEY)).isSameAs(trace);
            });
  }
}
