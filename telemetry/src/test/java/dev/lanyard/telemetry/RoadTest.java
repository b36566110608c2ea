package dev.lanyard.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.context.Context;
import dev.lanyard.http.ContextHttpClient;
import dev.lanyard.http.Outgoing;
import dev.lanyard.http.RequestId;
import dev.lanyard.vertx.Blocking;
import dev.lanyard.vertx.CompletedRequest;
import dev.lanyard.vertx.ContextHandler;
import dev.lanyard.vertx.ErrorResponses;
import dev.lanyard.vertx.Limits;
import dev.lanyard.vertx.RequestContexts;
import dev.lanyard.vertx.RequestSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Requests through a server and a client, with spans and meters. */
class RoadTest {
  private static final String CALLER = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Traces traces = new Traces();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final LinkedBlockingQueue<CompletedRequest> completed = new LinkedBlockingQueue<>();
  private final Vertx vertx = Vertx.vertx();
  private final HttpClient http = HttpClient.newHttpClient();
  private final ContextHttpClient client =
      ContextHttpClient.over(http).observedBy(ExchangeSpans.of(traces.telemetry()));

  @AfterEach
  void end() {
    http.shutdownNow();
    vertx.close().await();
  }

  private URI serve(ContextHandler handler, Limits limits) {
    return serve(handler, RequestSettings.standard().withLimits(limits), limits);
  }

  private URI serve(ContextHandler handler, RequestSettings own, Limits limits) {
    RequestMeters meters = RequestMeters.of(registry);
    RequestSettings settings =
        RequestSpans.of(traces.telemetry())
            .observe(own)
            .withListener(meters)
            .withListener(completed::add);
    RequestContexts requests = RequestContexts.with(settings);
    meters.watch(requests);
    Router router = Router.router(vertx);
    router.route().handler(requests).failureHandler(ErrorResponses.problems());
    router.get("/orders/:id").handler(Blocking.on(handler));
    HttpServer server = vertx.createHttpServer(limits.options());
    requests.attach(server).requestHandler(router).listen(0, "127.0.0.1").await();
    return URI.create("http://127.0.0.1:" + server.actualPort() + "/orders/17");
  }

  private CompletedRequest next() throws InterruptedException {
    return Objects.requireNonNull(completed.poll(20, TimeUnit.SECONDS), "no request completed");
  }

  private SpanData only(SpanKind kind) {
    return traces.finished().stream()
        .filter(span -> span.getKind() == kind)
        .findFirst()
        .orElseThrow();
  }

  private static @Nullable String attribute(SpanData span, String name) {
    return span.getAttributes().get(AttributeKey.stringKey(name));
  }

  @Test
  void oneTraceHoldsTheCallerTheExchangeAndTheRequest() throws Exception {
    URI uri =
        serve(
            (ctx, routing) ->
                routing.end(
                    Span.current().getSpanContext().getSpanId() + " " + ctx.value(RequestId.KEY)),
            Limits.standard());
    Context ctx = Context.background().withValue(RequestId.KEY, "r7");
    String body =
        Spans.of(traces.telemetry())
            .call(
                ctx,
                "shop",
                within ->
                    client
                        .send(within, HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                        .body());
    next();
    SpanData shop = traces.finished("shop");
    SpanData exchange = only(SpanKind.CLIENT);
    SpanData request = only(SpanKind.SERVER);
    assertThat(exchange.getParentSpanId()).isEqualTo(shop.getSpanId());
    assertThat(request.getParentSpanId()).isEqualTo(exchange.getSpanId());
    assertThat(request.getParentSpanContext().isRemote()).isTrue();
    assertThat(request.getTraceId()).isEqualTo(shop.getTraceId());
    assertThat(body).isEqualTo(request.getSpanId() + " r7");
    assertThat(request.getName()).isEqualTo("GET /orders/:id");
    assertThat(attribute(request, "http.route")).isEqualTo("/orders/:id");
    assertThat(attribute(request, "url.path")).isEqualTo("/orders/17");
    assertThat(attribute(request, "lanyard.context.end")).isNull();
    assertThat(exchange.getAttributes().get(AttributeKey.longKey("http.response.status_code")))
        .isEqualTo(200);
    var timer =
        registry
            .get("lanyard.request.duration")
            .tags("route", "/orders/:id", "end", "finished", "status", "200")
            .timer();
    assertThat(timer.count()).isEqualTo(1);
    var remaining = registry.get("lanyard.request.remaining").timer();
    assertThat(remaining.totalTime(TimeUnit.SECONDS)).isBetween(1.0, 30.0);
  }

  @Test
  void aCallersTraceGoesOnWithItsRawState() throws Exception {
    URI uri =
        serve(
            (ctx, routing) -> {
              var onward = new StringBuilder();
              Outgoing.standard()
                  .write(
                      ctx,
                      URI.create("http://127.0.0.1/"),
                      (name, value) -> {
                        if (name.equals("tracestate")) onward.append(value);
                      });
              routing.end(onward.toString());
            },
            Limits.standard());
    HttpRequest request =
        HttpRequest.newBuilder(uri)
            .header("traceparent", CALLER)
            .header("tracestate", "0tenant@x@y=1,vendor=2")
            .build();
    assertThat(http.send(request, BodyHandlers.ofString()).body())
        .isEqualTo("0tenant@x@y=1,vendor=2");
    next();
    SpanData span = only(SpanKind.SERVER);
    assertThat(span.getTraceId()).isEqualTo("4bf92f3577b34da6a3ce929d0e0e4736");
    assertThat(span.getParentSpanId()).isEqualTo("00f067aa0ba902b7");
  }

  @Test
  void aClientThatLeavesIsNoErrorOfTheServer() throws Exception {
    var begun = new CountDownLatch(1);
    URI uri =
        serve(
            (ctx, _) -> {
              begun.countDown();
              ctx.await();
            },
            Limits.standard());
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), uri.getPort())) {
      socket
          .getOutputStream()
          .write("GET /orders/17 HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(next().status()).isEqualTo(499);
    SpanData span = only(SpanKind.SERVER);
    assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
    assertThat(attribute(span, "lanyard.context.end")).isEqualTo("cancelled");
    assertThat(attribute(span, "lanyard.context.cause"))
        .isEqualTo("dev.lanyard.http.RequestEnd$ClientGone");
    assertThat(span.getAttributes().get(AttributeKey.longKey("http.response.status_code")))
        .isNull();
    assertThat(registry.get("lanyard.request.duration").tag("end", "client-gone").timer().count())
        .isEqualTo(1);
  }

  @Test
  void aRequestWhoseTimeIsOverIsAnErrorAndItsLatenessIsMeasured() throws Exception {
    URI uri =
        serve(
            (ctx, _) -> ctx.await(),
            Limits.standard().withTotal(Duration.ofMillis(100)).withAnswer(PATIENCE));
    var answer = http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding());
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(next().status()).isEqualTo(503);
    SpanData span = only(SpanKind.SERVER);
    assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
    assertThat(attribute(span, "lanyard.context.end")).isEqualTo("deadline_exceeded");
    assertThat(attribute(span, "lanyard.context.cause.message")).contains("100 ms");
    assertThat(registry.get("lanyard.request.lateness").timer().count()).isEqualTo(1);
  }

  @Test
  void whatNoRouteTookHasASpanToo() throws Exception {
    URI uri = serve((_, routing) -> routing.end(), Limits.standard()).resolve("/nowhere");
    http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    next();
    SpanData span = only(SpanKind.SERVER);
    assertThat(span.getAttributes().get(AttributeKey.longKey("http.response.status_code")))
        .isEqualTo(404);
    assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
  }

  @Test
  void aRequestWhoseValuesCannotBeDerivedHasASpanThatSaysSo() throws Exception {
    RequestSettings failing =
        RequestSettings.standard()
            .withRequest((_, _) -> {
              throw new IllegalStateException("there is no such tenant");
            });
    URI uri = serve((_, routing) -> routing.end(), failing, Limits.standard());
    var answer = http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(500);
    SpanData span = only(SpanKind.SERVER);
    assertThat(span.hasEnded()).isTrue();
    assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
    assertThat(attribute(span, "error.type")).isEqualTo("java.lang.IllegalStateException");
  }

  @Test
  void anExchangeThatFailsIsAnErrorAndHidesThePassword() {
    URI uri = URI.create("http://user:secret@127.0.0.1:1/");
    var span = ExchangeSpans.of(traces.telemetry());
    span.begin(Context.background(), HttpRequest.newBuilder(uri).build())
        .end(null, new ConnectException("refused"));
    SpanData seen = only(SpanKind.CLIENT);
    assertThat(seen.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
    assertThat(attribute(seen, "url.full")).doesNotContain("secret");
    assertThat(attribute(seen, "error.type")).isEqualTo("java.net.ConnectException");
  }
}
