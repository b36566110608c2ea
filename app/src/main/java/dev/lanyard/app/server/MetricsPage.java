package dev.lanyard.app.server;

import dev.lanyard.durable.StoreException;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** {@code GET /metrics}, in the text format of Prometheus, or as OpenMetrics with exemplars. */
final class MetricsPage {
  private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";
  private static final String OPEN_METRICS =
      "application/openmetrics-text; version=1.0.0; charset=utf-8";

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(
          PrometheusConfig.DEFAULT,
          new PrometheusRegistry(),
          Clock.SYSTEM,
          new MeasuredKind.CurrentTrace());
  private final TaskMeters meters = new TaskMeters(registry);
  private final AtomicBoolean machine = new AtomicBoolean();

  TaskMeters meters() {
    return meters;
  }

  /** {@code stats} is null as long as the database is not open. */
  Answer answer(@Nullable LiveStats stats, @Nullable String accepted) {
    // Not at the start: they load much of the JDK, and nobody looks yet.
    if (machine.compareAndSet(false, true)) watchMachine();
    try {
      meters.figures(stats == null ? null : stats.recent());
    } catch (StoreException lost) {
      meters.figures(null);
      meters.databaseFailed();
    }
    String type =
        accepted != null && accepted.contains("application/openmetrics-text") ? OPEN_METRICS : TEXT;
    return new Answer(200, type, Map.of(), registry.scrape(type));
  }

  private void watchMachine() {
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
  }
}
