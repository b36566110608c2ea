package dev.lanyard.telemetry;

import dev.lanyard.context.Context;
import dev.lanyard.context.Key;
import dev.lanyard.http.Baggage;
import dev.lanyard.http.TraceContext;
import io.opentelemetry.api.trace.Span;
import org.jspecify.annotations.Nullable;

/**
 * What a context of ours tells OpenTelemetry: theirs, as it was put there, and the trace and the
 * baggage of ours, which may have changed since. Compared by identity, part by part.
 */
record Carried(@Nullable Theirs theirs, @Nullable TraceContext trace, @Nullable Baggage baggage) {
  private static final Key<Theirs> KEY = Key.of("opentelemetry");

  /** A context of theirs, and what of ours it agrees with. */
  private record Theirs(
      io.opentelemetry.context.Context context,
      @Nullable TraceContext trace,
      @Nullable Baggage baggage) {}

  static Carried by(Context context) {
    return new Carried(
        context.value(KEY), context.value(TraceContext.KEY), context.value(Baggage.KEY));
  }

  /** Ours with theirs, which has this trace and this baggage. */
  static Context put(
      Context context,
      io.opentelemetry.context.Context theirs,
      @Nullable TraceContext trace,
      @Nullable Baggage baggage) {
    return context
        .withValue(KEY, new Theirs(theirs, trace, baggage))
        .withValue(TraceContext.KEY, trace)
        .withValue(Baggage.KEY, baggage);
  }

  boolean isNothing() {
    return theirs == null && trace == null && baggage == null;
  }

  boolean isSame(Carried other) {
    return theirs == other.theirs && trace == other.trace && baggage == other.baggage;
  }

  /** Whether it is known already what the baggage of theirs is in ours. */
  boolean hasBaggageOf(io.opentelemetry.context.Context other) {
    return theirs != null
        && baggage == theirs.baggage
        && baggageOf(theirs.context) == baggageOf(other);
  }

  /** Theirs, brought up to date. */
  io.opentelemetry.context.Context toTheirs() {
    var context = theirs == null ? io.opentelemetry.context.Context.root() : theirs.context;
    if (trace != (theirs == null ? null : theirs.trace)) {
      context =
          context.with(
              trace == null ? Span.getInvalid() : Span.wrap(TraceContexts.toTheirs(trace)));
    }
    if (baggage != (theirs == null ? null : theirs.baggage)) {
      context = context.with(Baggages.toTheirs(baggage));
    }
    return context;
  }

  private static io.opentelemetry.api.baggage.@Nullable Baggage baggageOf(
      io.opentelemetry.context.Context theirs) {
    return io.opentelemetry.api.baggage.Baggage.fromContextOrNull(theirs);
  }
}
