package dev.lanyard.telemetry;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.core.BasicStatusManager;
import ch.qos.logback.core.spi.ContextAwareBase;
import ch.qos.logback.core.status.StatusManager;
import org.slf4j.spi.MDCAdapter;

/**
 * Gives Logback's lines the {@linkplain LogFields fields} of the current context. Found by itself,
 * as a service, when Logback looks for its configuration, which it leaves alone. A {@code
 * LoggerContext} that a program makes for itself is given to {@link #install}.
 *
 * <p>What SLF4J's {@code MDC.get} answers does not change: it knows what was put.
 *
 * @since 0.1
 */
@ConfiguratorRank(ConfiguratorRank.CUSTOM_HIGH_PRIORITY)
public final class LogbackFields extends ContextAwareBase implements Configurator {
  /** For the service loader: nobody else needs one. */
  public LogbackFields() {}

  @Override
  public ExecutionStatus configure(LoggerContext loggers) {
    install(loggers);
    return ExecutionStatus.INVOKE_NEXT_IF_ANY;
  }

  /**
   * From now on, the lines of these loggers have the fields. Doing it again changes nothing.
   *
   * @param loggers all of one context
   */
  public static void install(LoggerContext loggers) {
    MDCAdapter known = loggers.getMDCAdapter();
    if (known == null || known instanceof FieldsOverMdc) return;
    // Logback takes a second adapter for a mistake and would print its whole start-up for it.
    StatusManager status = loggers.getStatusManager();
    loggers.setStatusManager(new BasicStatusManager());
    try {
      loggers.setMDCAdapter(new FieldsOverMdc(known));
    } finally {
      loggers.setStatusManager(status);
    }
  }
}
