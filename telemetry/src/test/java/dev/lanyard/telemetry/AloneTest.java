package dev.lanyard.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import dev.lanyard.context.Context;
import dev.lanyard.http.RequestId;
import dev.lanyard.http.TraceContext;
import io.micrometer.context.ContextSnapshotFactory;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.ContextKey;
import io.opentelemetry.context.Scope;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.slf4j.LoggerFactory;

/** Each part in a program that has nothing but the library that it speaks to. */
@Isolated("sets the class loader of its thread")
class AloneTest {
  private static final Class<?>[] OPEN_TELEMETRY = {
    Span.class, io.opentelemetry.context.Context.class, io.opentelemetry.common.ComponentLoader.class
  };

  @Test
  void oursAlone() throws Exception {
    assertThat(Fresh.run(Ours.class)).isEqualTo("r7 requestId=r7");
  }

  /** Program. */
  public static final class Ours implements Callable<String> {
    @Override
    public String call() {
      return Context.background()
          .withValue(RequestId.KEY, "r7")
          .call(
              () -> {
                var fields = new StringBuilder();
                LogFields.installed().forEach((name, text) -> fields.append(name + "=" + text));
                return CurrentContext.get().value(RequestId.KEY) + " " + fields;
              });
    }
  }

  @Test
  void logbackAlone() throws Exception {
    assertThat(
            Fresh.run(
                Logback.class,
                LoggerContext.class,
                ch.qos.logback.core.Context.class,
                LoggerFactory.class))
        .isEqualTo("{requestId=r7}");
  }

  /** Program. */
  public static final class Logback implements Callable<String> {
    @Override
    public String call() {
      var loggers = (LoggerContext) LoggerFactory.getILoggerFactory();
      return Context.background()
          .withValue(RequestId.KEY, "r7")
          .call(() -> String.valueOf(loggers.getMDCAdapter().getCopyOfContextMap()));
    }
  }

  @Test
  void openTelemetryAlone() throws Exception {
    assertThat(Fresh.run(Traced.class, OPEN_TELEMETRY)).isEqualTo("true true true");
  }

  /** Program. */
  public static final class Traced implements Callable<String> {
    @Override
    public String call() {
      boolean installed = OpenTelemetryContext.install();
      TraceContext trace = TraceContext.newRoot();
      return Context.background()
          .withValue(TraceContext.KEY, trace)
          .call(
              () -> {
                String current = Span.current().getSpanContext().getSpanId();
                String within =
                    Spans.of(OpenTelemetry.noop())
                        .call(
                            Context.current(),
                            "work",
                            ctx -> String.valueOf(ctx.value(TraceContext.KEY) == trace));
                return installed + " " + current.equals(trace.spanId()) + " " + within;
              });
    }
  }

  @Test
  void openTelemetryThatWasInUseBeforeIsServedByExplicitCalls() throws Exception {
    assertThat(Fresh.run(TooLate.class, OPEN_TELEMETRY))
        .isEqualTo("installed false, bound false, called true, inside true, after false");
  }

  /** Program: as with a storage that belongs to somebody else. */
  public static final class TooLate implements Callable<String> {
    private static final ContextKey<String> LIBRARY = ContextKey.named("library");

    @Override
    public String call() {
      if (Span.current().getSpanContext().isValid()) return "a span"; // settles the storage
      boolean installed = OpenTelemetryContext.install();
      TraceContext trace = TraceContext.newRoot();
      Context ctx = Context.background().withValue(TraceContext.KEY, trace);
      boolean bound = ctx.call(() -> is(trace));
      boolean called = OpenTelemetryContext.call(ctx, () -> is(trace));
      boolean inside =
          OpenTelemetryContext.call(
              ctx,
              () -> {
                var theirs = io.opentelemetry.context.Context.current().with(LIBRARY, "jdbc");
                try (Scope _ = theirs.makeCurrent()) {
                  return OpenTelemetryContext.call(
                      Context.current().withCancel(),
                      () ->
                          "jdbc".equals(io.opentelemetry.context.Context.current().get(LIBRARY)));
                }
              });
      return ("installed " + installed)
          + (", bound " + bound)
          + (", called " + called)
          + (", inside " + inside)
          + (", after " + is(trace));
    }

    private static boolean is(TraceContext trace) {
      return Span.current().getSpanContext().getSpanId().equals(trace.spanId());
    }
  }

  @Test
  void contextPropagationAlone() throws Exception {
    assertThat(Fresh.run(Propagated.class, ContextSnapshotFactory.class)).isEqualTo("r7");
  }

  /** Program. */
  public static final class Propagated implements Callable<String> {
    @Override
    public String call() {
      var snapshot =
          Context.background()
              .withValue(RequestId.KEY, "r7")
              .call(() -> ContextSnapshotFactory.builder().build().captureAll());
      try (var _ = snapshot.setThreadLocals()) {
        return String.valueOf(CurrentContext.get().value(RequestId.KEY));
      }
    }
  }

  @Test
  void micrometerAlone() throws Exception {
    assertThat(
            Fresh.run(
                Metered.class,
                SimpleMeterRegistry.class,
                io.micrometer.common.KeyValue.class,
                io.micrometer.observation.Observation.class))
        .isEqualTo("lanyard.context.ended");
  }

  /** Program. */
  public static final class Metered implements Callable<String> {
    @Override
    public String call() {
      var registry = new SimpleMeterRegistry();
      try (var ctx = Context.background().withCancel()) {
        ContextMeters.of(registry).watch("test", ctx);
      }
      return registry.getMeters().stream()
          .map(meter -> meter.getId().getName())
          .collect(Collectors.joining());
    }
  }

  @Test
  void theProgramsReallyMissTheOtherLibraries() throws Exception {
    assertThat(Fresh.run(Missing.class)).isEqualTo("4 missing");
  }

  /** Program. */
  public static final class Missing implements Callable<String> {
    @Override
    public String call() {
      long missing =
          Stream.of(
                  "io.opentelemetry.api.trace.Span",
                  "io.micrometer.context.ContextSnapshot",
                  "org.slf4j.MDC",
                  "io.vertx.core.Vertx")
              .filter(Missing::isMissing)
              .count();
      return missing + " missing";
    }

    private static boolean isMissing(String type) {
      try {
        Class.forName(type);
        return false;
      } catch (ClassNotFoundException e) {
        return true;
      }
    }
  }
}
