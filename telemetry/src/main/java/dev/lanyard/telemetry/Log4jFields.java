package dev.lanyard.telemetry;

import java.util.HashMap;
import java.util.Map;
import org.apache.logging.log4j.ThreadContext;
import org.apache.logging.log4j.core.util.ContextDataProvider;
import org.jspecify.annotations.Nullable;

/**
 * Gives Log4j's lines the {@linkplain LogFields fields} of the current context, asynchronous
 * loggers and appenders included. Found by itself, as a service.
 *
 * <p>What {@code ThreadContext.get} answers does not change: it knows what was put.
 *
 * @since 0.1
 */
public final class Log4jFields implements ContextDataProvider {
  /** For the service loader: nobody else needs one. */
  public Log4jFields() {}

  @Override
  public Map<String, String> supplyContextData() {
    var all = new HashMap<String, String>();
    LogFields.installed()
        .forEach((name, text) -> {
          if (!ThreadContext.containsKey(name)) all.put(name, text);
        });
    return all;
  }

  @Override
  public @Nullable String getValue(String name) {
    return ThreadContext.containsKey(name) ? null : LogFields.installed().get(name);
  }
}
