package dev.lanyard.durable;

import dev.lanyard.context.Context;
import dev.lanyard.context.Key;
import dev.lanyard.tasks.TaskProcessor;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which request a task works for, stored with it and restored where it runs, so that one trace
 * spans the machines. The last three are the W3C headers of these names, carried raw.
 *
 * @param requestId see {@link TaskProcessor#REQUEST_ID}; null for none
 * @param traceparent null for none
 * @param tracestate null for none
 * @param baggage null for none
 * @since 0.1
 */
public record Trace(
    @Nullable String requestId,
    @Nullable String traceparent,
    @Nullable String tracestate,
    @Nullable String baggage) {
  /**
   * The trace in a context: that of the running task in its attempts. Who has these values under
   * keys of his own (as the module {@code http} does) puts them here when he submits and takes them
   * from here with {@link DurableSettings#withContext}.
   */
  public static final Key<Trace> KEY = Key.of("trace of the task");

  private static final Trace NONE = new Trace(null, null, null, null);

  /** Drops what is too long to be stored: a part of a header is worse than none. */
  public Trace {
    requestId = Texts.cut(requestId, 64);
    if (traceparent != null && traceparent.length() > 64) traceparent = null;
    if (tracestate != null && tracestate.length() > 512) tracestate = null;
    if (baggage != null && baggage.length() > 8192) baggage = null;
  }

  /**
   * No trace.
   *
   * @return nothing but nulls
   */
  public static Trace none() {
    return NONE;
  }

  /**
   * The trace of a context: what is under {@link #KEY}, with the request id under {@link
   * TaskProcessor#REQUEST_ID} if there is one.
   *
   * @param context where to look
   * @return nothing but nulls if there is none
   */
  public static Trace of(Context context) {
    Objects.requireNonNull(context, "there is no context to take a trace from");
    Trace trace = Objects.requireNonNullElse(context.value(KEY), NONE);
    String requestId = context.value(TaskProcessor.REQUEST_ID);
    return requestId == null ? trace : trace.withRequestId(requestId);
  }

  /**
   * This trace with a request id.
   *
   * @param requestId cut to 64 letters; null for none
   * @return a trace
   */
  public Trace withRequestId(@Nullable String requestId) {
    return new Trace(requestId, traceparent, tracestate, baggage);
  }

  /**
   * The trace id in the traceparent.
   *
   * @return 32 hexadecimal digits; null if there is no traceparent of that form
   */
  public @Nullable String traceId() {
    String parent = traceparent;
    if (parent == null || parent.length() < 55 || parent.charAt(2) != '-') return null;
    return parent.substring(3, 35);
  }
}
