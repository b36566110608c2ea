package dev.lanyard.telemetry;

import dev.lanyard.http.Baggage;
import io.opentelemetry.api.baggage.propagation.W3CBaggagePropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/** Baggage, ours and theirs: by way of the header, which both write and read with all it holds. */
final class Baggages {
  private static final String HEADER = "baggage";

  private static final TextMapGetter<String> THE_HEADER =
      new TextMapGetter<>() {
        @Override
        public @Nullable String get(@Nullable String carrier, String name) {
          return name.equals(HEADER) ? carrier : null;
        }
      };

  private Baggages() {}

  static io.opentelemetry.api.baggage.Baggage toTheirs(@Nullable Baggage ours) {
    if (ours == null || ours.isEmpty()) return io.opentelemetry.api.baggage.Baggage.empty();
    return io.opentelemetry.api.baggage.Baggage.fromContext(
        W3CBaggagePropagator.getInstance().extract(Context.root(), ours.header(), THE_HEADER));
  }

  static Baggage toOurs(io.opentelemetry.api.baggage.Baggage theirs) {
    var headers = new ArrayList<String>();
    W3CBaggagePropagator.getInstance()
        .inject(Context.root().with(theirs), headers, (all, _, value) -> headers.add(value));
    return Baggage.parse(headers);
  }
}
