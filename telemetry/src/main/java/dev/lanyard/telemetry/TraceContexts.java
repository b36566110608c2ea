package dev.lanyard.telemetry;

import dev.lanyard.http.TraceContext;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import java.util.List;
import java.util.Objects;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * The place in a trace, as we and as OpenTelemetry write it down. OpenTelemetry takes the {@code
 * tracestate} apart and knows fewer keys than the standard, so the raw text is what travels on.
 */
final class TraceContexts {
  private TraceContexts() {}

  /** The operation that this is. */
  static SpanContext toTheirs(TraceContext trace) {
    return SpanContext.create(
        trace.traceId(), trace.spanId(), flags(trace), state(trace.traceState()));
  }

  /** The operation, in another process, that this one continues; null if it began the trace. */
  static @Nullable SpanContext callersOf(TraceContext trace) {
    String caller = trace.parentSpanId();
    return caller == null
        ? null
        : SpanContext.createFromRemoteParent(
            trace.traceId(), caller, flags(trace), state(trace.traceState()));
  }

  /**
   * @param known of the operation that this one is, or is a child of: has the raw text
   */
  static TraceContext toOurs(SpanContext span, @Nullable TraceContext known) {
    boolean sameTrace = known != null && known.traceId().equals(span.getTraceId());
    if (known != null && sameTrace && known.spanId().equals(span.getSpanId())) return known;
    String state =
        rawState(span.getTraceState(), sameTrace && known != null ? known.traceState() : "");
    String parent =
        "00-" + span.getTraceId() + "-" + span.getSpanId() + "-" + span.getTraceFlags().asHex();
    return Objects.requireNonNull(
        TraceContext.parse(List.of(parent), state.isEmpty() ? List.of() : List.of(state)),
        "a valid span has a valid traceparent");
  }

  private static TraceFlags flags(TraceContext trace) {
    return TraceFlags.fromByte((byte) ((trace.isSampled() ? 1 : 0) | (trace.isRandom() ? 2 : 0)));
  }

  /** What of it OpenTelemetry can represent. */
  private static TraceState state(String raw) {
    if (raw.isEmpty()) return TraceState.getDefault();
    var state = TraceState.builder();
    for (String member : members(raw).reversed()) { // the last one put is the first
      int equals = member.indexOf('=');
      if (equals > 0) state.put(member.substring(0, equals).strip(), member.substring(equals + 1));
    }
    return state.build();
  }

  /** The text as it came, unless a sampler has written into it: then its members come first. */
  private static String rawState(TraceState theirs, String raw) {
    TraceState before = state(raw);
    if (theirs.equals(before)) return raw;
    var list = new StringJoiner(",");
    theirs.forEach((key, value) -> list.add(key + "=" + value));
    if (!raw.isEmpty()) {
      for (String member : members(raw)) {
        String key = member.substring(0, Math.max(0, member.indexOf('='))).strip();
        if (!key.isEmpty() && before.get(key) == null) list.add(member.strip());
      }
    }
    return list.toString();
  }

  private static List<String> members(String raw) {
    return List.of(raw.split(",", -1));
  }
}
