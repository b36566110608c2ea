package dev.lanyard.telemetry;

import dev.lanyard.context.Context;
import dev.lanyard.jdbc.StatementObserver;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import java.util.Locale;

/**
 * A span for each statement of a {@code ContextDataSource}, named after its first word, such as
 * {@code SELECT}.
 *
 * {@snippet :
 * JdbcSettings settings = JdbcSettings.defaults().withObserver(StatementSpans.of(openTelemetry));
 * }
 *
 * <p>The text of the statement is left out unless asked for by {@link #withText()}: a program that
 * writes values into its statements, in place of parameters, would write them into its traces. A
 * statement that its context ended has the attributes of {@link Spans}.
 *
 * <p>Immutable; any thread may use it.
 *
 * @since 0.1
 */
public final class StatementSpans implements StatementObserver {
  private static final AttributeKey<String> OPERATION = AttributeKey.stringKey("db.operation.name");
  private static final AttributeKey<String> TEXT = AttributeKey.stringKey("db.query.text");
  private static final int LONGEST_WORD = 20;

  private final Tracer tracer;
  private final boolean isTextShown;

  private StatementSpans(Tracer tracer, boolean isTextShown) {
    this.tracer = tracer;
    this.isTextShown = isTextShown;
  }

  /**
   * Makes spans with the given OpenTelemetry.
   *
   * @param telemetry belongs to the caller
   * @return new
   */
  public static StatementSpans of(OpenTelemetry telemetry) {
    return new StatementSpans(Spans.tracer(telemetry), false);
  }

  /**
   * The same, with the text of each statement as {@code db.query.text}.
   *
   * @return a copy
   */
  public StatementSpans withText() {
    return new StatementSpans(tracer, true);
  }

  @Override
  public Observation begin(Context context, String sql) {
    var parent = OpenTelemetryContext.from(context);
    String operation = firstWord(sql);
    var span =
        tracer
            .spanBuilder(operation)
            .setSpanKind(SpanKind.CLIENT)
            .setParent(parent)
            .setAttribute(OPERATION, operation)
            .startSpan();
    if (isTextShown) span.setAttribute(TEXT, sql);
    return OpenSpan.begin(context, parent, span)::end;
  }

  /** What begins with a comment or a bracket is just {@code SQL}. */
  private static String firstWord(String sql) {
    int from = 0;
    while (from < sql.length() && Character.isWhitespace(sql.charAt(from))) from++;
    int to = from;
    while (to < sql.length() && to - from < LONGEST_WORD && Character.isLetter(sql.charAt(to))) {
      to++;
    }
    return from == to ? "SQL" : sql.substring(from, to).toUpperCase(Locale.ROOT);
  }
}
