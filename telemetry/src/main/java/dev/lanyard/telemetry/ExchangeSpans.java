package dev.lanyard.telemetry;

import dev.lanyard.context.Context;
import dev.lanyard.http.ExchangeObserver;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.jspecify.annotations.Nullable;

/**
 * A span for each exchange of a {@code ContextHttpClient}: each attempt and each copy of a request
 * has its own, and is what the callee's span has for a parent.
 *
 * {@snippet :
 * ContextHttpClient client = ContextHttpClient.over(http).observedBy(ExchangeSpans.of(openTelemetry));
 * }
 *
 * <p>It ends when {@code send} has its response; a body that is read as a stream comes later. The
 * attributes are those of the semantic conventions for HTTP, and those of {@link Spans} where the
 * context ended first. A user's name and password in the URI are left out.
 *
 * <p>Immutable; any thread may use it.
 *
 * @since 0.1
 */
public final class ExchangeSpans implements ExchangeObserver {
  private static final AttributeKey<String> METHOD = AttributeKey.stringKey("http.request.method");
  private static final AttributeKey<String> URL = AttributeKey.stringKey("url.full");
  private static final AttributeKey<String> SERVER = AttributeKey.stringKey("server.address");
  private static final AttributeKey<Long> PORT = AttributeKey.longKey("server.port");
  private static final AttributeKey<Long> STATUS =
      AttributeKey.longKey("http.response.status_code");

  private final Tracer tracer;

  private ExchangeSpans(Tracer tracer) {
    this.tracer = tracer;
  }

  /**
   * Makes spans with the given OpenTelemetry.
   *
   * @param telemetry belongs to the caller
   * @return new
   */
  public static ExchangeSpans of(OpenTelemetry telemetry) {
    return new ExchangeSpans(Spans.tracer(telemetry));
  }

  @Override
  public Observation begin(Context context, HttpRequest request) {
    var parent = OpenTelemetryContext.from(context);
    URI uri = request.uri();
    var span =
        tracer
            .spanBuilder(request.method())
            .setSpanKind(SpanKind.CLIENT)
            .setParent(parent)
            .setAttribute(METHOD, request.method())
            .setAttribute(URL, withoutUser(uri))
            .setAttribute(SERVER, String.valueOf(uri.getHost()))
            .setAttribute(PORT, (long) port(uri))
            .startSpan();
    return new Exchange(OpenSpan.begin(context, parent, span));
  }

  private static int port(URI uri) {
    if (uri.getPort() >= 0) return uri.getPort();
    return "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80;
  }

  private static String withoutUser(URI uri) {
    if (uri.getRawUserInfo() == null) return uri.toString();
    return uri.toString().replace(uri.getRawUserInfo() + "@", "REDACTED:REDACTED@");
  }

  private record Exchange(OpenSpan open) implements Observation {
    @Override
    public Context context() {
      return open.context();
    }

    @Override
    public void end(@Nullable HttpResponse<?> response, @Nullable Throwable failure) {
      if (response != null) {
        int status = response.statusCode();
        open.span().setAttribute(STATUS, (long) status);
        if (status >= 400) {
          open.span().setAttribute(OpenSpan.ERROR_TYPE, String.valueOf(status));
          open.span().setStatus(StatusCode.ERROR);
        }
      }
      open.end(failure);
    }
  }
}
