package dev.lanyard.telemetry;

import dev.lanyard.context.Context;
import dev.lanyard.context.Key;
import dev.lanyard.http.RequestId;
import dev.lanyard.http.TraceContext;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a log line tells of the context that it was written for: its request id, the ids of its
 * trace and span, and whatever else you name. A layout shows them as it shows the MDC, by {@code
 * %X{requestId}}; encoders that write the whole MDC write them too.
 *
 * {@snippet :
 * LogFields.standard().with("user", USER).install(); // once, in main; without it, the standard ones
 * }
 *
 * <p>Nothing is put anywhere and nothing needs to be cleared: a line asks {@link CurrentContext}
 * when it is written, on the thread that writes it. An appender that works on a thread of its own
 * is given the answer. A name that the program itself has put into the MDC keeps the program's
 * value.
 *
 * <p>{@link LogbackFields} and {@link Log4jFields} find their frameworks by themselves, {@link
 * FieldsFormatter} is for java.util.logging.
 *
 * <p>Immutable.
 *
 * @since 0.1
 */
public final class LogFields {
  private static final LogFields STANDARD =
      new LogFields(Map.of())
          .with("requestId", RequestId.KEY)
          .with("traceId", TraceContext.KEY, TraceContext::traceId)
          .with("spanId", TraceContext.KEY, TraceContext::spanId);

  private static volatile LogFields installed = STANDARD;

  private final Map<String, Field> fields;

  private LogFields(Map<String, Field> fields) {
    this.fields = fields;
  }

  /**
   * {@code requestId}, {@code traceId} and {@code spanId}.
   *
   * @return always the same
   */
  public static LogFields standard() {
    return STANDARD;
  }

  /**
   * None: where lines must not change.
   *
   * @return no fields
   */
  public static LogFields none() {
    return new LogFields(Map.of());
  }

  /**
   * The same and one more, or another one of that name.
   *
   * @param name in the layout
   * @param key its value is written by {@code toString}
   * @return a copy
   */
  public LogFields with(String name, Key<?> key) {
    return with(name, key, Object::toString);
  }

  /**
   * The same and one more, or another one of that name.
   *
   * @param name in the layout
   * @param key where the value is
   * @param text of the value; must not log. A field whose text cannot be made is left out
   * @param <T> the type of the value
   * @return a copy
   */
  public <T> LogFields with(String name, Key<T> key, Function<? super T, @Nullable String> text) {
    Objects.requireNonNull(name, "a field needs a name");
    Objects.requireNonNull(key, "a field needs a key");
    Objects.requireNonNull(text, "a field needs a text");
    var more = new LinkedHashMap<>(fields);
    more.put(
        name,
        context -> {
          T value = context.value(key);
          return value == null ? null : text.apply(value);
        });
    return new LogFields(more);
  }

  /** From now on, every line of this process has these fields, and no others of ours. */
  public void install() {
    installed = this;
  }

  static LogFields installed() {
    return installed;
  }

  /** One of the current context; null if it has no such field. */
  @Nullable String get(String name) {
    Field field = fields.get(name);
    return field == null ? null : text(field, CurrentContext.get());
  }

  /** All of the current context that have a text. */
  void forEach(BiConsumer<String, String> action) {
    Context context = CurrentContext.get();
    if (context == Context.background()) return;
    fields.forEach((name, field) -> {
      String text = text(field, context);
      if (text != null) action.accept(name, text);
    });
  }

  /** A line without a field is better than no line. */
  private static @Nullable String text(Field field, Context context) {
    try {
      return field.text(context);
    } catch (RuntimeException unreadable) {
      return null;
    }
  }

  private interface Field {
    @Nullable String text(Context context);
  }
}
