package dev.lanyard.examples.orders;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Remembers the spans that have ended, and prints a trace as a tree. */
final class TraceTree implements SpanProcessor {
  private static final AttributeKey<String> STATEMENT = AttributeKey.stringKey("db.query.text");
  private static final AttributeKey<String> END = AttributeKey.stringKey("lanyard.context.end");

  private final Queue<SpanData> ended = new ConcurrentLinkedQueue<>();

  List<SpanData> spans() {
    return List.copyOf(ended);
  }

  String print(String traceId) {
    List<SpanData> trace =
        ended.stream()
            .filter(span -> span.getTraceId().equals(traceId))
            .sorted(Comparator.comparingLong(SpanData::getStartEpochNanos))
            .toList();
    var tree = new StringBuilder("trace ").append(traceId).append('\n');
    for (SpanData span : trace) {
      boolean isRoot =
          trace.stream().noneMatch(other -> other.getSpanId().equals(span.getParentSpanId()));
      if (isRoot) print(span, trace, 1, tree);
    }
    return tree.toString();
  }

  private static void print(SpanData span, List<SpanData> trace, int depth, StringBuilder tree) {
    double millis = (span.getEndEpochNanos() - span.getStartEpochNanos()) / 1e6;
    String text = span.getAttributes().get(STATEMENT);
    tree.repeat("  ", depth)
        .append(span.getKind().name().toLowerCase(Locale.ROOT))
        .append(' ')
        .append(text == null ? span.getName() : text)
        .append(String.format(Locale.ROOT, "  %.1f ms", millis));
    String end = span.getAttributes().get(END);
    if (end != null) tree.append("  ✗ ").append(end);
    tree.append('\n');
    for (SpanData other : trace) {
      if (other.getParentSpanId().equals(span.getSpanId())) print(other, trace, depth + 1, tree);
    }
  }

  @Override
  public void onStart(Context parent, ReadWriteSpan span) {}

  @Override
  public boolean isStartRequired() {
    return false;
  }

  @Override
  public void onEnd(ReadableSpan span) {
    ended.add(span.toSpanData());
  }

  @Override
  public boolean isEndRequired() {
    return true;
  }
}
