package dev.lanyard.vertx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.context.Context;
import dev.lanyard.context.Key;
import dev.lanyard.http.Baggage;
import dev.lanyard.http.Incoming;
import dev.lanyard.http.RequestEnd;
import dev.lanyard.http.RequestId;
import dev.lanyard.http.TraceContext;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a request's context carries, and from whom. */
class RequestValuesTest {
  private static final Key<String> SERVER = Key.of("server");
  private static final Key<Integer> CONNECTION = Key.of("connection");
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

  private final BlockingQueue<Context> seen = new LinkedBlockingQueue<>();
  private final BlockingQueue<Duration> remaining = new LinkedBlockingQueue<>();

  private Served serve(RequestSettings settings) {
    return new Served(
        settings,
        router ->
            router
                .get("/")
                .handler(
                    Blocking.on((ctx, routing) -> {
                      String id = ctx.value(RequestId.KEY);
                      assertThat(Context.current().value(RequestId.KEY)).isSameAs(id);
                      assertThat(Context.current().err()).isNull();
                      assertThat(RequestContexts.context(routing)).isSameAs(ctx);
                      seen.add(ctx);
                      remaining.add(ctx.remaining());
                      routing.end();
                    })));
  }

  private Context next() throws InterruptedException {
    return Objects.requireNonNull(seen.poll(10, TimeUnit.SECONDS), "no handler was called");
  }

  @Test
  @DisplayName("S10: id, trace, baggage and deadline of the caller are those of the request")
  void callers() throws Exception {
    try (Served served = serve(RequestSettings.standard());
        Wire wire = Wire.to(served)) {
      Answer answer =
          wire.get(
                  "/",
                  "X-Request-ID: order-17",
                  "traceparent: 00-" + TRACE + "-00f067aa0ba902b7-01",
                  "tracestate: a=1",
                  "tracestate: b=2",
                  "baggage: user=anna,plan=gold",
                  "grpc-timeout: 5S")
              .answer();
      assertThat(answer.header("X-Request-ID")).isEqualTo("order-17");
      Context ctx = next();
      assertThat(ctx.value(RequestId.KEY)).isEqualTo("order-17");
      TraceContext trace = Objects.requireNonNull(ctx.value(TraceContext.KEY));
      assertThat(trace.traceId()).isEqualTo(TRACE);
      assertThat(trace.parentSpanId()).isEqualTo("00f067aa0ba902b7");
      assertThat(trace.spanId()).isNotEqualTo("00f067aa0ba902b7");
      assertThat(trace.traceState()).contains("a=1").contains("b=2");
      assertThat(Baggage.of(ctx).get("user")).isEqualTo("anna");
      assertThat(remaining.take()).isBetween(Duration.ofMillis(1), Duration.ofSeconds(5));
    }
  }

  @Test
  @DisplayName("a request without headers has an id, a trace, and the limit of the server")
  void own() throws Exception {
    try (Served served = serve(RequestSettings.standard());
        Wire wire = Wire.to(served)) {
      String first = wire.get("/").answer().header("X-Request-ID");
      String second = wire.get("/").answer().header("X-Request-ID");
      assertThat(first).isNotEmpty().isNotEqualTo(second);
      Context ctx = next();
      assertThat(ctx.value(RequestId.KEY)).isEqualTo(first);
      assertThat(ctx.value(TraceContext.KEY)).isNotNull();
      assertThat(ctx.value(Baggage.KEY)).isNull();
      assertThat(remaining.take()).isBetween(Duration.ofSeconds(1), Limits.standard().total());
    }
  }

  @Test
  @DisplayName("what is malformed or not to be believed is made new, and is no error")
  void hostile() throws Exception {
    var edge = RequestSettings.standard().withIncoming(Incoming.fromTheEdge());
    String[] headers = {
      "X-Request-ID: a b\u00ff",
      "traceparent: 00-zz",
      "tracestate: =",
      "baggage: =;=",
      "grpc-timeout: 99999999999S",
      "Connect-Timeout-Ms: -5"
    };
    for (RequestSettings settings : new RequestSettings[] {RequestSettings.standard(), edge}) {
      try (Served served = serve(settings);
          Wire wire = Wire.to(served)) {
        assertThat(wire.get("/", headers).answer().status()).isEqualTo(200);
        Context ctx = next();
        assertThat(ctx.value(RequestId.KEY)).matches("[0-9a-z]{21}");
        assertThat(ctx.value(TraceContext.KEY)).isNotNull();
      }
    }
  }

  @Test
  @DisplayName("S11, S12, S13: values of the server and of the connection, each for its own")
  void baseAndConnection() throws Exception {
    var connections = new AtomicInteger();
    var settings =
        RequestSettings.standard()
            .withBase(Context.background().withValue(SERVER, "a"))
            .withConnection((base, _) -> base.withValue(CONNECTION, connections.incrementAndGet()));
    try (Served served = serve(settings)) {
      for (int connection = 1; connection <= 2; connection++) {
        try (Wire wire = Wire.to(served)) {
          for (int request = 0; request < 2; request++) {
            assertThat(wire.get("/").answer().status()).isEqualTo(200);
            Context ctx = next();
            assertThat(ctx.value(SERVER)).isEqualTo("a");
            assertThat(ctx.value(CONNECTION)).isEqualTo(connection);
          }
        }
      }
    }
  }

  @Test
  @DisplayName("S12: the settings give values to each request, and a listener sees them again")
  void request() throws Exception {
    var requests = new AtomicInteger();
    var completed = new LinkedBlockingQueue<CompletedRequest>();
    var settings =
        RequestSettings.standard()
            .withRequest((ctx, _) -> ctx.withValue(CONNECTION, requests.incrementAndGet()))
            .withListener(completed::add);
    try (Served served = serve(settings);
        Wire wire = Wire.to(served)) {
      for (int request = 1; request <= 2; request++) {
        assertThat(wire.get("/").answer().status()).isEqualTo(200);
        Context ctx = next();
        assertThat(ctx.value(CONNECTION)).isEqualTo(request);
        assertThat(ctx.value(RequestId.KEY)).isNotNull();
        CompletedRequest over = completed.poll(Served.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(over).isNotNull();
        assertThat(over.ctx().value(CONNECTION)).isEqualTo(request);
      }
    }
  }

  @Test
  @DisplayName("S12: where the connection's values cannot be made, it is closed and nobody else's")
  void connectionFails() throws Exception {
    var connections = new AtomicInteger();
    var settings =
        RequestSettings.standard()
            .withConnection((base, _) -> {
              if (connections.incrementAndGet() == 1) throw new IllegalStateException("no values");
              return base.withValue(CONNECTION, 2);
            });
    try (Served served = serve(settings)) {
      try (Wire wire = Wire.to(served)) {
        wire.get("/");
        assertThat(wire.isClosedByServer()).isTrue();
      }
      try (Wire wire = Wire.to(served)) {
        assertThat(wire.get("/").answer().status()).isEqualTo(200);
        assertThat(next().value(CONNECTION)).isEqualTo(2);
      }
      assertThat(seen).isEmpty();
    }
  }

  @Test
  @DisplayName("S1, S14: each request on a connection has a context that ends, the next a live one")
  void keepAlive() throws Exception {
    try (Served served = serve(RequestSettings.standard());
        Wire wire = Wire.to(served)) {
      for (int i = 0; i < 3; i++) {
        assertThat(wire.get("/").answer().status()).isEqualTo(200);
        Context ctx = next();
        assertThat(ctx.await(Served.PATIENCE)).isTrue();
        assertThat(ctx.cause()).isInstanceOf(RequestEnd.Finished.class);
      }
      served.awaitUnderWay(0);
    }
  }
}
