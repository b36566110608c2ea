package dev.lanyard.examples.orders;

import dev.lanyard.telemetry.OpenTelemetryContext;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.opentelemetry.sdk.trace.SpanProcessor;
import java.util.Map;

/**
 * OpenTelemetry by the standard environment variables, with nothing exported unless they say so.
 */
final class Telemetry {
  private static final Map<String, String> DEFAULTS =
      Map.of(
          "otel.service.name", "orders",
          "otel.traces.exporter", "none",
          "otel.metrics.exporter", "none",
          "otel.logs.exporter", "none");

  private Telemetry() {}

  /** With one more reader of spans: the tree that this program prints. */
  static OpenTelemetry with(SpanProcessor reader) {
    OpenTelemetryContext.install();
    return AutoConfiguredOpenTelemetrySdk.builder()
        .addPropertiesSupplier(() -> DEFAULTS)
        .addTracerProviderCustomizer((provider, _) -> provider.addSpanProcessor(reader))
        .build()
        .getOpenTelemetrySdk();
  }
}
