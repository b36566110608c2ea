package dev.lanyard.http;

import dev.lanyard.context.Context;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.jspecify.annotations.Nullable;

/**
 * Is told of each exchange of a {@link ContextHttpClient}: every attempt and every copy of a
 * request is one. For tracers and meters. Called on the threads that send, several at once; must
 * not block, and what it throws breaks the exchange.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface ExchangeObserver {
  /**
   * An exchange begins.
   *
   * @param context within which it was asked for
   * @param request without the headers of the context
   * @return told of the end of this exchange
   */
  Observation begin(Context context, HttpRequest request);

  /** One exchange that is observed. */
  interface Observation {
    /**
     * The context to send within: that of {@link #begin}, or one with other values. If it carries
     * another {@link TraceContext}, the exchange is that operation, and its header is sent as it
     * is; else a new span id is made for it.
     *
     * @return the context that the headers are written from
     */
    Context context();

    /**
     * The exchange has a response, or none. A body that is read as a stream is still to come.
     *
     * @param response null if it failed
     * @param failure null if it did not
     */
    void end(@Nullable HttpResponse<?> response, @Nullable Throwable failure);
  }
}
