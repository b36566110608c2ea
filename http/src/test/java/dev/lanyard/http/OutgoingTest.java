package dev.lanyard.http;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.lanyard.context.Context;
import dev.lanyard.testing.ManualTime;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OutgoingTest {
  private static final URI OURS = URI.create("http://billing.internal:8080/pay");
  private static final URI STRANGER = URI.create("https://stranger.example/");
  private static final Outgoing TRUSTING =
      Outgoing.standard().trusting(Hosts.of("billing.internal"));
  private static final TraceContext TRACE =
      requireNonNull(
          TraceContext.parse(
              List.of("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
              List.of("rojo=1")));

  private final ManualTime time = ManualTime.start();

  private Context full() {
    return time.context()
        .withTimeout(Duration.ofSeconds(2))
        .withValue(RequestId.KEY, "req-1")
        .withValue(TraceContext.KEY, TRACE)
        .withValue(Baggage.KEY, Baggage.EMPTY.with("tenant", "42"));
  }

  private static Map<String, String> written(Outgoing outgoing, Context ctx, URI target) {
    return written(outgoing, ctx, target, Set.of());
  }

  private static Map<String, String> written(
      Outgoing outgoing, Context ctx, URI target, Set<String> set) {
    Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    names.addAll(set);
    Map<String, String> headers = new HashMap<>();
    outgoing.write(
        ctx,
        target,
        names::contains,
        (name, value) -> assertThat(headers.put(name, value)).as("twice: " + name).isNull());
    return headers;
  }

  @Test
  void strangersAreSentIdAndTraceOnly() {
    for (Outgoing outgoing : List.of(Outgoing.standard(), TRUSTING)) {
      Map<String, String> headers = written(outgoing, full(), STRANGER);
      assertThat(headers).containsOnlyKeys("X-Request-ID", "traceparent", "tracestate");
      assertThat(headers)
          .containsEntry("X-Request-ID", "req-1")
          .containsEntry("tracestate", "rojo=1");
    }
  }

  @Test
  void nobodyIsTrustedByDefault() {
    assertThat(written(Outgoing.standard(), full(), OURS))
        .containsOnlyKeys("X-Request-ID", "traceparent", "tracestate");
  }

  @Test
  void trustedHostsAreSentAll() {
    Map<String, String> headers = written(TRUSTING, full(), OURS);
    assertThat(headers)
        .containsOnlyKeys("X-Request-ID", "traceparent", "tracestate", "baggage", "grpc-timeout")
        .containsEntry("baggage", "tenant=42")
        .containsEntry("grpc-timeout", "1995000u");
  }

  @Test
  void emptyContextSendsNothing() {
    assertThat(written(TRUSTING, Context.background(), OURS)).isEmpty();
    assertThat(written(TRUSTING, Context.background().withValue(Baggage.KEY, Baggage.EMPTY), OURS))
        .isEmpty();
  }

  @Test
  @DisplayName("Trace Context section 3.4: each exchange is a child of the operation")
  void eachExchangeHasASpanOfItsOwn() {
    Context ctx = full();
    String one = requireNonNull(written(TRUSTING, ctx, OURS).get("traceparent"));
    String two = requireNonNull(written(TRUSTING, ctx, OURS).get("traceparent"));
    assertThat(one).startsWith("00-" + TRACE.traceId() + "-").endsWith("-01").isNotEqualTo(two);
    assertThat(one).doesNotContain(TRACE.spanId());
  }

  @Test
  @DisplayName("Trace Context section 3.3: no empty tracestate is sent")
  void noEmptyStateIsSent() {
    Context ctx = Context.background().withValue(TraceContext.KEY, TraceContext.newRoot());
    assertThat(written(TRUSTING, ctx, OURS)).containsOnlyKeys("traceparent");
  }

  @Test
  void eachThingHasHostsOfItsOwn() {
    Hosts ours = Hosts.of("billing.internal");
    Outgoing standard = Outgoing.standard();
    assertThat(written(standard.withTraceTo(ours), full(), STRANGER)).isEmpty();
    assertThat(written(standard.withTraceTo(ours), full(), OURS)).containsKey("traceparent");
    assertThat(written(standard.withBaggageTo(ours), full(), OURS))
        .containsKey("baggage")
        .doesNotContainKey("grpc-timeout");
    assertThat(written(standard.withDeadlineTo(ours), full(), OURS))
        .containsKey("grpc-timeout")
        .doesNotContainKey("baggage");
    assertThat(written(standard.withBaggageTo(ours).withDeadlineTo(ours), full(), STRANGER))
        .doesNotContainKeys("baggage", "grpc-timeout");
  }

  @Test
  void whatTheCallerHasSetIsLeftAlone() {
    for (String name : List.of("x-request-id", "Baggage", "GRPC-Timeout", "TraceState")) {
      Map<String, String> headers = written(TRUSTING, full(), OURS, Set.of(name));
      assertThat(headers).hasSize(4);
      assertThat(headers.keySet()).noneMatch(name::equalsIgnoreCase);
    }
    assertThat(written(TRUSTING, full(), OURS, Set.of("traceparent")))
        .as("a state is not put beside another's traceparent")
        .containsOnlyKeys("X-Request-ID", "baggage", "grpc-timeout");
  }

  @ParameterizedTest
  @CsvSource({
    "PT1S, 995000u",
    "PT0.1S, 95000000n",
    "PT0.006S, 1000000n",
    "PT0.005S, 0n",
    "PT0.001S, 0n"
  })
  void deadlineIsWhatIsLeftButForTheMargin(Duration left, String value) {
    time.advance(Duration.ofHours(1));
    Context ctx = time.context().withTimeout(left);
    assertThat(written(TRUSTING, ctx, OURS)).containsOnly(Map.entry("grpc-timeout", value));
  }

  @Test
  void deadlineShrinksAsTimePasses() {
    Context ctx = full();
    time.advance(Duration.ofMillis(1_500));
    assertThat(written(TRUSTING, ctx, OURS)).containsEntry("grpc-timeout", "495000u");
    time.advance(Duration.ofSeconds(5));
    assertThat(written(TRUSTING, ctx, OURS)).containsEntry("grpc-timeout", "0n");
  }

  @Test
  void marginAndHeaderAreAsTold() {
    Outgoing outgoing =
        TRUSTING.withMargin(Duration.ofMillis(500)).withDeadlineHeader(DeadlineHeader.CONNECT);
    assertThat(written(outgoing, full(), OURS))
        .containsEntry("Connect-Timeout-Ms", "1500")
        .doesNotContainKey("grpc-timeout");
    assertThat(written(TRUSTING.withMargin(Duration.ZERO), full(), OURS))
        .containsEntry("grpc-timeout", "2000000u");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TRUSTING.withMargin(Duration.ofNanos(-1)));
  }

  @Test
  @DisplayName("an id that no caller sent but the program bound cannot smuggle a header in")
  void hostileIdOfTheProgramIsNotSent() {
    Context ctx = Context.background().withValue(RequestId.KEY, "a\r\nX-Admin: yes");
    assertThat(written(TRUSTING, ctx, OURS)).isEmpty();
  }

  @Test
  void whatIsWrittenIsReadOnTheOtherSide() {
    Map<String, String> headers = written(TRUSTING, full(), OURS);
    HeaderSource source =
        name ->
            headers.entrySet().stream()
                .filter(header -> header.getKey().equalsIgnoreCase(name))
                .map(Map.Entry::getValue)
                .toList();
    Context ctx = Incoming.trusted().derive(Context.background(), source);
    TraceContext trace = requireNonNull(ctx.value(TraceContext.KEY));
    assertThat(ctx.value(RequestId.KEY)).isEqualTo("req-1");
    assertThat(trace.traceId()).isEqualTo(TRACE.traceId());
    assertThat(trace.traceState()).isEqualTo("rojo=1");
    assertThat(Baggage.of(ctx)).isEqualTo(Baggage.EMPTY.with("tenant", "42"));
    assertThat(Incoming.trusted().timeout(source)).isEqualTo(Duration.ofMillis(1_995));
  }
}
