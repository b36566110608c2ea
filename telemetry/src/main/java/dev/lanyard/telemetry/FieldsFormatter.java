package dev.lanyard.telemetry;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Objects;
import java.util.StringJoiner;
import java.util.logging.Formatter;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import org.jspecify.annotations.Nullable;

/**
 * Writes lines of java.util.logging, and so of {@code System.Logger} where nothing else serves it,
 * with the {@linkplain LogFields fields} of the current context:
 *
 * <pre>
 * java.util.logging.ConsoleHandler.formatter = dev.lanyard.telemetry.FieldsFormatter
 * dev.lanyard.telemetry.FieldsFormatter.format = %1$tFT%1$tT.%1$tL %4$s [%7$s] %3$s: %5$s%6$s%n
 * </pre>
 *
 * <p>The format is that of {@link java.util.logging.SimpleFormatter}, which says what the first six
 * arguments are, with the fields as the seventh: {@code requestId=r7 traceId=...}. The one above is
 * used if none is set.
 *
 * <p>A record of this framework has no place for fields, so they are read when the line is made: on
 * the thread that logs, with the handlers of the JDK. A handler that makes its lines on another
 * thread finds nothing there.
 *
 * @since 0.1
 */
public final class FieldsFormatter extends Formatter {
  private static final String STANDARD = "%1$tFT%1$tT.%1$tL %4$s [%7$s] %3$s: %5$s%6$s%n";

  private final String format;

  /** With the format that {@code logging.properties} sets. */
  public FieldsFormatter() {
    this(LogManager.getLogManager().getProperty(FieldsFormatter.class.getName() + ".format"));
  }

  /**
   * With a format of its own.
   *
   * @param format null for the standard one
   * @throws java.util.IllegalFormatException if it is none
   */
  public FieldsFormatter(@Nullable String format) {
    this.format = format == null ? STANDARD : format;
    var _ =
        String.format(
            this.format,
            ZonedDateTime.ofInstant(Instant.EPOCH, ZoneOffset.UTC),
            "",
            "",
            "",
            "",
            "",
            "");
  }

  @Override
  public String format(LogRecord line) {
    return String.format(
        format,
        ZonedDateTime.ofInstant(line.getInstant(), ZoneId.systemDefault()),
        source(line),
        Objects.requireNonNullElse(line.getLoggerName(), ""),
        line.getLevel().getLocalizedName(),
        formatMessage(line),
        trace(line.getThrown()),
        fields());
  }

  private static String source(LogRecord line) {
    String type = line.getSourceClassName();
    if (type == null) return Objects.requireNonNullElse(line.getLoggerName(), "");
    String method = line.getSourceMethodName();
    return method == null ? type : type + " " + method;
  }

  private static String trace(@Nullable Throwable thrown) {
    if (thrown == null) return "";
    var text = new StringWriter();
    try (var printer = new PrintWriter(text)) {
      printer.println();
      thrown.printStackTrace(printer);
    }
    return text.toString();
  }

  private static String fields() {
    var all = new StringJoiner(" ");
    LogFields.installed().forEach((name, text) -> all.add(name + "=" + text));
    return all.toString();
  }
}
