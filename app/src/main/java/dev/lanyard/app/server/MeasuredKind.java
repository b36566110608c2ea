package dev.lanyard.app.server;

import dev.lanyard.context.Context;
import dev.lanyard.context.TimeSource;
import dev.lanyard.durable.CancelRequestedException;
import dev.lanyard.http.TraceContext;
import dev.lanyard.tasks.TaskKind;
import io.micrometer.core.instrument.Timer;
import io.prometheus.metrics.tracer.common.SpanContext;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Times the attempts of a kind under their own context, so that an exemplar names their trace. */
final class MeasuredKind {
  private MeasuredKind() {}

  static <P> TaskKind<P> of(TaskKind<P> kind, TaskMeters meters) {
    Timer timer = meters.runTimer(kind.name());
    TimeSource time = TimeSource.system();
    return new TaskKind<>(
        kind.name(),
        kind.payload(),
        (attempt, work) -> {
          long begun = time.nanoTime();
          try {
            return kind.handler().handle(attempt, work);
          } finally {
            Duration took = Duration.ofNanos(time.nanoTime() - begun);
            attempt.context().run(() -> timer.record(took));
            if (attempt.context().cause() instanceof CancelRequestedException cancelled
                && cancelled.underWay() != null) {
              meters.signalled(cancelled.underWay());
            }
          }
        });
  }

  /** Where the registry looks for the trace of what it records. */
  static final class CurrentTrace implements SpanContext {
    private static @Nullable TraceContext current() {
      return Context.current().value(TraceContext.KEY);
    }

    @Override
    public @Nullable String getCurrentTraceId() {
      TraceContext trace = current();
      return trace == null ? null : trace.traceId();
    }

    @Override
    public @Nullable String getCurrentSpanId() {
      TraceContext trace = current();
      return trace == null ? null : trace.spanId();
    }

    @Override
    public boolean isCurrentSpanSampled() {
      TraceContext trace = current();
      return trace != null && trace.isSampled();
    }

    @Override
    public void markCurrentSpanAsExemplar() {
      // nobody decides here which traces are kept
    }
  }
}
