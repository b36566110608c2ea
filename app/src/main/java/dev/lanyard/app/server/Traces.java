package dev.lanyard.app.server;

import dev.lanyard.context.Context;
import dev.lanyard.durable.Trace;
import dev.lanyard.http.Baggage;
import dev.lanyard.http.Outgoing;
import dev.lanyard.http.RequestId;
import dev.lanyard.http.TraceContext;
import dev.lanyard.tasks.Http;
import dev.lanyard.tasks.TaskProcessor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Carries the request that a task was submitted by into the worker that runs it. */
final class Traces {
  private Traces() {}

  /** What is stored with a task that this request submits. */
  static Trace of(Context request) {
    TraceContext trace = request.value(TraceContext.KEY);
    String baggage = Baggage.of(request).header();
    return new Trace(
        request.value(RequestId.KEY),
        trace == null ? null : trace.traceparent(),
        trace == null ? null : nullIfEmpty(trace.traceState()),
        nullIfEmpty(baggage));
  }

  private static @Nullable String nullIfEmpty(String text) {
    return text.isEmpty() ? null : text;
  }

  /** Puts it where clients, logs and tracers look for it. The work is a child of the request. */
  static Context restore(Context worker, Trace trace) {
    Context ctx = worker.withValue(Trace.KEY, trace);
    String requestId = trace.requestId();
    if (requestId != null) {
      ctx = ctx.withValue(RequestId.KEY, requestId).withValue(TaskProcessor.REQUEST_ID, requestId);
    }
    TraceContext parent = parent(trace);
    if (parent != null) ctx = ctx.withValue(TraceContext.KEY, parent.child());
    String baggage = trace.baggage();
    return baggage == null ? ctx : ctx.withValue(Baggage.KEY, Baggage.parse(List.of(baggage)));
  }

  /** What a task sends on with a request of its own: who is asked belongs to the trace, too. */
  static Map<String, String> headers(Context ctx, Http request) {
    Map<String, String> own = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    own.putAll(request.headers());
    Map<String, String> headers = new HashMap<>();
    Outgoing.standard().write(ctx, request.uri(), own::containsKey, headers::put);
    return headers;
  }

  private static @Nullable TraceContext parent(Trace trace) {
    String traceparent = trace.traceparent();
    if (traceparent == null) return null;
    String state = trace.tracestate();
    return TraceContext.parse(List.of(traceparent), state == null ? List.of() : List.of(state));
  }
}
