package dev.lanyard.http;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.context.Context;
import dev.lanyard.context.Key;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class IncomingTest {
  private static final String TRACEPARENT =
      "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  private static final HeaderSource NONE = name -> List.of();
  private static final HeaderSource FULL =
      headers(
          Map.of(
              "x-request-id", List.of("req-1"),
              "traceparent", List.of(TRACEPARENT),
              "tracestate", List.of("rojo=1", "congo=2"),
              "baggage", List.of("tenant=42"),
              "grpc-timeout", List.of("2S"),
              "connect-timeout-ms", List.of("1500"),
              "x-envoy-expected-rq-timeout-ms", List.of("3000")));

  private static HeaderSource headers(Map<String, List<String>> lines) {
    Map<String, List<String>> byName = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    byName.putAll(lines);
    return name -> byName.getOrDefault(name, List.of());
  }

  private static HeaderSource with(String name, String... values) {
    return headers(Map.of(name, List.of(values)));
  }

  private static String id(Context ctx) {
    return requireNonNull(ctx.value(RequestId.KEY));
  }

  private static TraceContext trace(Context ctx) {
    return requireNonNull(ctx.value(TraceContext.KEY));
  }

  @Test
  void trustedCallerIsContinued() {
    Context ctx = Incoming.trusted().derive(Context.background(), FULL);
    assertThat(id(ctx)).isEqualTo("req-1");
    assertThat(trace(ctx).traceId()).isEqualTo("0af7651916cd43dd8448eb211c80319c");
    assertThat(trace(ctx).parentSpanId()).isEqualTo("b7ad6b7169203331");
    assertThat(trace(ctx).spanId()).isNotEqualTo("b7ad6b7169203331");
    assertThat(trace(ctx).traceState()).isEqualTo("rojo=1,congo=2");
    assertThat(Baggage.of(ctx).get("tenant")).isEqualTo("42");
    assertThat(Incoming.trusted().timeout(FULL)).isEqualTo(Duration.ofMillis(1500));
  }

  @Test
  void nothingIsTakenFromTheEdge() {
    List<String> asked = new ArrayList<>();
    HeaderSource watched =
        name -> {
          asked.add(name);
          return FULL.all(name);
        };
    Context ctx = Incoming.fromTheEdge().derive(Context.background(), watched);
    assertThat(Incoming.fromTheEdge().timeout(watched)).isNull();
    assertThat(asked).isEmpty();
    assertThat(id(ctx)).hasSize(21);
    assertThat(trace(ctx).parentSpanId()).isNull();
    assertThat(trace(ctx).traceId()).isNotEqualTo("0af7651916cd43dd8448eb211c80319c");
    assertThat(trace(ctx).traceState()).isEmpty();
    assertThat(Baggage.of(ctx)).isSameAs(Baggage.EMPTY);
  }

  @Test
  void singleThingsAreTakenOrNot() {
    Incoming edge = Incoming.fromTheEdge();
    Context parent = Context.background();
    assertThat(id(edge.withRequestId(true).derive(parent, FULL))).isEqualTo("req-1");
    assertThat(trace(edge.withTrace(true).derive(parent, FULL)).parentSpanId()).isNotNull();
    assertThat(Baggage.of(edge.withBaggage(true).derive(parent, FULL)).isEmpty()).isFalse();
    assertThat(edge.withDeadlines(List.of(DeadlineHeader.GRPC)).timeout(FULL))
        .isEqualTo(Duration.ofSeconds(2));

    Incoming trusted = Incoming.trusted();
    assertThat(id(trusted.withRequestId(false).derive(parent, FULL))).isNotEqualTo("req-1");
    assertThat(trace(trusted.withTrace(false).derive(parent, FULL)).parentSpanId()).isNull();
    assertThat(Baggage.of(trusted.withBaggage(false).derive(parent, FULL)).isEmpty()).isTrue();
    assertThat(trusted.withDeadlines(List.of()).timeout(FULL)).isNull();

    Context all = edge.withRequestId(true).withTrace(true).withBaggage(true).derive(parent, FULL);
    assertThat(id(all)).isEqualTo("req-1");
    assertThat(trace(all).parentSpanId()).isNotNull();
    assertThat(Baggage.of(all).isEmpty()).isFalse();
  }

  @Test
  void whatIsMissingIsMadeNew() {
    Context one = Incoming.trusted().derive(Context.background(), NONE);
    Context two = Incoming.trusted().derive(Context.background(), NONE);
    assertThat(id(one)).hasSize(21).isNotEqualTo(id(two));
    assertThat(trace(one).traceId()).isNotEqualTo(trace(two).traceId());
    assertThat(trace(one).isSampled()).isTrue();
    assertThat(trace(one).isRandom()).isTrue();
    assertThat(one.value(Baggage.KEY)).isNull();
    assertThat(Incoming.trusted().timeout(NONE)).isNull();
  }

  @Test
  @DisplayName("Trace Context section 3.3: without a valid traceparent the tracestate is not read")
  void stateWithoutParentIsNotRead() {
    HeaderSource headers =
        name ->
            switch (name) {
              case "tracestate" -> throw new AssertionError("read");
              default -> List.of();
            };
    assertThat(trace(Incoming.trusted().derive(Context.background(), headers)).traceState())
        .isEmpty();
  }

  @Test
  void hostileIdOrTwoIdsAreReplaced() {
    Incoming trusted = Incoming.trusted();
    Context parent = Context.background();
    assertThat(id(trusted.derive(parent, with("X-Request-ID", "a\r\nb")))).hasSize(21);
    assertThat(id(trusted.derive(parent, with("X-Request-ID", "one", "two")))).hasSize(21);
    assertThat(id(trusted.derive(parent, with("X-Request-ID", "")))).hasSize(21);
  }

  @Test
  void badTraceBeginsANewOneAndBadBaggageIsNone() {
    Context ctx =
        Incoming.trusted()
            .derive(Context.background(), with("traceparent", TRACEPARENT, TRACEPARENT));
    assertThat(trace(ctx).parentSpanId()).isNull();
    Context bad = Incoming.trusted().derive(Context.background(), with("baggage", "no baggage"));
    assertThat(bad.value(Baggage.KEY)).isNull();
  }

  @Test
  void valuesOfTheConnectionAreOverlaid() {
    Key<String> peer = Key.of("peer");
    Context connection =
        Context.background()
            .withValue(peer, "10.0.0.1")
            .withValue(RequestId.KEY, "of the connection")
            .withValue(TraceContext.KEY, TraceContext.newRoot());
    Context ctx = Incoming.trusted().derive(connection, FULL);
    assertThat(ctx.value(peer)).isEqualTo("10.0.0.1");
    assertThat(id(ctx)).isEqualTo("req-1");
  }

  @Test
  void contextEndsWithItsParentAndHasItsDeadline() {
    try (var connection = Context.background().withTimeout(Duration.ofHours(1))) {
      Context ctx = Incoming.trusted().derive(connection, FULL);
      assertThat(ctx.deadline()).isEqualTo(connection.deadline());
      connection.cancel();
      assertThat(ctx.isDone()).isTrue();
    }
  }

  @Test
  void idAndTraceStandInTheContextsTextAndBaggageDoesNot() {
    String text = Incoming.trusted().derive(Context.background(), FULL).toString();
    assertThat(text).contains("req-1").contains("0af7651916cd43dd8448eb211c80319c");
    assertThat(text).doesNotContain("42").doesNotContain("rojo");
  }
}
