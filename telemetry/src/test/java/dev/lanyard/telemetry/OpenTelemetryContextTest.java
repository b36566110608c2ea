package dev.lanyard.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import dev.lanyard.context.Key;
import dev.lanyard.http.Baggage;
import dev.lanyard.http.TraceContext;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.ContextKey;
import io.opentelemetry.context.Scope;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class OpenTelemetryContextTest {
  private static final Key<String> USER = Key.of("user");
  private static final String RAW_STATE = "0tenant@x@y=1,vendor=2,vendor=3";

  private final Traces traces = new Traces();
  private final Context root = Context.background();

  private static String current() {
    return Span.current().getSpanContext().getSpanId();
  }

  private static String id(Span span) {
    return span.getSpanContext().getSpanId();
  }

  private static TraceContext caller(String state) {
    return Objects.requireNonNull(
        TraceContext.parse(
            List.of("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-03"), List.of(state)));
  }

  private static TraceContext trace(Context ctx) {
    return Objects.requireNonNull(ctx.value(TraceContext.KEY));
  }

  private Span span(String name) {
    return traces.tracer().spanBuilder(name).setNoParent().startSpan();
  }

  private Context holding(Span span) {
    return OpenTelemetryContext.into(root, io.opentelemetry.context.Context.root().with(span));
  }

  @Test
  void isInstalledInThisProcess() {
    assertThat(OpenTelemetryContext.install()).isTrue();
    assertThat(OpenTelemetryContext.isInstalled()).isTrue();
  }

  @Test
  void theSpanOfABoundContextIsCurrent() {
    Span a = span("a");
    holding(a).run(() -> assertThat(Span.current()).isSameAs(a));
    assertThat(Span.current().getSpanContext().isValid()).isFalse();
  }

  @Test
  void aTraceWithoutASpanIsCurrentAsASpanThatRecordsNothing() {
    TraceContext trace = TraceContext.newRoot();
    root.withValue(TraceContext.KEY, trace)
        .run(() -> {
          assertThat(current()).isEqualTo(trace.spanId());
          assertThat(Span.current().getSpanContext().getTraceId()).isEqualTo(trace.traceId());
          assertThat(Span.current().getSpanContext().isSampled()).isTrue();
          assertThat(Span.current().isRecording()).isFalse();
        });
  }

  @Test
  void aTraceThatWasBoundSinceIsTheCurrentOne() {
    TraceContext later = TraceContext.newRoot();
    holding(span("a"))
        .withValue(TraceContext.KEY, later)
        .run(() -> assertThat(current()).isEqualTo(later.spanId()));
  }

  @Test
  void whatIsMadeCurrentInsideCounts() {
    Span a = span("a");
    Span b = span("b");
    holding(a)
        .run(() -> {
          try (Scope _ = b.makeCurrent()) {
            assertThat(Span.current()).isSameAs(b);
          }
          assertThat(Span.current()).isSameAs(a);
        });
  }

  @Test
  void aBindingInsideThatBringsNoSpanHidesNone() {
    Span a = span("a");
    Span b = span("b");
    holding(a)
        .run(() -> {
          try (Scope _ = b.makeCurrent();
              CancellableContext child = Context.current().withCancel()) {
            child.run(() -> assertThat(Span.current()).isSameAs(b));
            child
                .withValue(USER, "Ada")
                .run(() -> {
                  assertThat(Span.current()).isSameAs(b);
                  assertThat(CurrentContext.get().value(USER)).isEqualTo("Ada");
                });
          }
        });
  }

  @Test
  void aBindingInsideThatBringsASpanHidesTheOther() {
    Span a = span("a");
    Span b = span("b");
    Span c = span("c");
    holding(a)
        .run(() -> {
          try (Scope _ = b.makeCurrent()) {
            holding(c)
                .run(() -> {
                  assertThat(Span.current()).isSameAs(c);
                  try (Scope _ = a.makeCurrent()) {
                    assertThat(Span.current()).isSameAs(a);
                  }
                  assertThat(Span.current()).isSameAs(c);
                });
            assertThat(Span.current()).isSameAs(b);
          }
        });
  }

  @Test
  void aContextThatCarriesNothingHidesNothing() {
    Span b = span("b");
    try (Scope _ = b.makeCurrent()) {
      root.withValue(USER, "Ada").run(() -> assertThat(Span.current()).isSameAs(b));
      holding(span("a")).run(() -> assertThat(Span.current()).isNotSameAs(b));
    }
  }

  @Test
  void whatIsCurrentIsHandedToAnotherThreadOnRequest() throws Exception {
    Span a = span("a");
    Span b = span("b");
    var seen = new CompletableFuture<List<Span>>();
    holding(a)
        .run(() -> {
          try (Scope _ = b.makeCurrent()) {
            Context plain = Context.current();
            Context all =
                OpenTelemetryContext.into(plain, io.opentelemetry.context.Context.current());
            Thread.startVirtualThread(() ->
                seen.complete(
                    List.of(
                        plain.<Span, RuntimeException>call(Span::current),
                        all.<Span, RuntimeException>call(Span::current))));
          }
        });
    assertThat(seen.get()).containsExactly(a, b);
  }

  @Test
  void theirContextCarriesOursToAnotherThread() throws Exception {
    Context ours = root.withValue(USER, "Ada");
    try (var executor = Executors.newSingleThreadExecutor()) {
      var wrapped = io.opentelemetry.context.Context.taskWrapping(executor);
      ours.call(() ->
              wrapped.submit(() -> {
                assertThat(Context.current()).isSameAs(root);
                assertThat(CurrentContext.get().value(USER)).isEqualTo("Ada");
                var theirs = io.opentelemetry.context.Context.current();
                assertThat(OpenTelemetryContext.of(theirs).value(USER)).isEqualTo("Ada");
              }))
          .get();
      executor.submit(() -> assertThat(CurrentContext.get()).isSameAs(root)).get();
    }
  }

  @Test
  void theInnermostOfOursIsCarried() {
    root.withValue(USER, "Ada")
        .run(() -> {
          try (Scope _ = span("b").makeCurrent()) {
            assertThat(CurrentContext.get().value(USER)).isEqualTo("Ada");
            Context.current()
                .withValue(USER, "Bo")
                .run(() -> assertThat(CurrentContext.get().value(USER)).isEqualTo("Bo"));
          }
        });
  }

  @Test
  void theirContextNeverCarriesTheRightToCancel() {
    try (CancellableContext ctx = root.withCancel()) {
      var theirs = OpenTelemetryContext.from(ctx);
      assertThat(OpenTelemetryContext.of(theirs)).isNotInstanceOf(CancellableContext.class);
      ctx.run(() ->
          assertThat(OpenTelemetryContext.of(io.opentelemetry.context.Context.current()))
              .isNotInstanceOf(CancellableContext.class));
    }
  }

  @Test
  void otherValuesOfTheirsAreCarried() {
    ContextKey<String> locale = ContextKey.named("locale");
    var theirs = io.opentelemetry.context.Context.root().with(locale, "de");
    OpenTelemetryContext.into(root, theirs)
        .run(() ->
            assertThat(io.opentelemetry.context.Context.current().get(locale)).isEqualTo("de"));
  }

  @Test
  void baggageIsTheSameOnBothSides() {
    Context ours = root.withValue(Baggage.KEY, Baggage.parse(List.of("user=%C3%BC%20a%2Cb;ttl=1")));
    ours.run(() -> {
      var theirs = io.opentelemetry.api.baggage.Baggage.current();
      assertThat(theirs.getEntryValue("user")).isEqualTo("ü a,b");
      var more = theirs.toBuilder().put("tenant", "42").build();
      try (Scope _ = more.makeCurrent()) {
        Baggage back = Baggage.of(CurrentContext.get());
        assertThat(back.get("tenant")).isEqualTo("42");
        assertThat(back.get("user")).isEqualTo("ü a,b");
        assertThat(back.header()).contains("ttl=1");
      }
      assertThat(Baggage.of(CurrentContext.get())).isSameAs(ours.value(Baggage.KEY));
    });
  }

  @Test
  void baggageThatWasBoundSinceIsTheCurrentOne() {
    Context first =
        OpenTelemetryContext.into(
            root,
            io.opentelemetry.context.Context.root()
                .with(io.opentelemetry.api.baggage.Baggage.builder().put("a", "1").build()));
    assertThat(Baggage.of(first).get("a")).isEqualTo("1");
    first
        .withValue(Baggage.KEY, Baggage.of(first).with("a", "2"))
        .run(() ->
            assertThat(io.opentelemetry.api.baggage.Baggage.current().getEntryValue("a"))
                .isEqualTo("2"));
  }

  @Test
  void theRawStateOutlivesASpanThoughOpenTelemetryCannotHoldIt() {
    TraceContext caller = caller(RAW_STATE);
    Context ctx = root.withValue(TraceContext.KEY, caller);
    Spans.of(traces.telemetry())
        .run(
            ctx,
            "work",
            within -> {
              TraceContext own = trace(within);
              assertThat(own.traceState()).isEqualTo(RAW_STATE);
              assertThat(own.traceId()).isEqualTo(caller.traceId());
              assertThat(own.spanId()).isEqualTo(current());
            });
    var seen = traces.finished("work");
    assertThat(seen.getParentSpanId()).isEqualTo(caller.spanId());
    assertThat(seen.getSpanContext().getTraceState().get("vendor")).isNotNull();
  }

  @Test
  void whatASamplerAddsToTheStateComesFirst() {
    TraceContext caller = caller("a=1,0@x@y=2");
    var state =
        io.opentelemetry.api.trace.TraceState.builder().put("a", "1").put("ot", "th:8").build();
    var span =
        io.opentelemetry.api.trace.SpanContext.create(
            caller.traceId(),
            "00f067aa0ba902b8",
            io.opentelemetry.api.trace.TraceFlags.getSampled(),
            state);
    assertThat(TraceContexts.toOurs(span, caller).traceState()).isEqualTo("ot=th:8,a=1,0@x@y=2");
  }

  @Test
  void callMakesItCurrentForThoseToo() {
    Span a = span("a");
    OpenTelemetryContext.run(
        holding(a),
        () -> {
          assertThat(Span.current()).isSameAs(a);
          assertThat(id(a)).isEqualTo(trace(CurrentContext.get()).spanId());
        });
  }
}
