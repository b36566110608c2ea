package dev.lanyard.http;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code traceparent}, W3C Trace Context Level 2, section 3.2, and the ids made from it. */
class TraceContextTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String SPAN = "b7ad6b7169203331";
  private static final String HEADER = "00-" + TRACE + "-" + SPAN + "-01";

  private static TraceContext parsed(String traceparent) {
    return requireNonNull(TraceContext.parse(List.of(traceparent), List.of()), traceparent);
  }

  @Test
  @DisplayName("section 3.2.2: the four fields are read")
  void fieldsAreRead() {
    TraceContext trace = parsed(HEADER);
    assertThat(trace.traceId()).isEqualTo(TRACE);
    assertThat(trace.spanId()).isEqualTo(SPAN);
    assertThat(trace.parentSpanId()).isNull();
    assertThat(trace.isSampled()).isTrue();
    assertThat(trace.isRandom()).isFalse();
    assertThat(trace.traceState()).isEmpty();
    assertThat(trace.traceparent()).isEqualTo(HEADER);
    assertThat(trace).hasToString(HEADER);
  }

  @ParameterizedTest
  @DisplayName("sections 3.2.2 and 3.2.4: these are valid")
  @ValueSource(
      strings = {
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00",
        "00-00000000000000000000000000000001-0000000000000001-00",
        "00-00000000000000010000000000000000-b7ad6b7169203331-01",
        "00-ffffffffffffffffffffffffffffffff-ffffffffffffffff-ff",
        "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-what-the-future-will-be-like",
        "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-",
        "fe-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        " \t00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\t ",
      })
  void validIsAccepted(String traceparent) {
    assertThat(parsed(traceparent).traceparent()).hasSize(55).startsWith("00-");
  }

  @ParameterizedTest
  @DisplayName("sections 3.2.2 and 3.2.4: these are invalid, and a new trace begins")
  @ValueSource(
      strings = {
        "",
        " ",
        "00",
        "00-",
        "0af7651916cd43dd8448eb211c80319c",
        "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
        "0-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "000-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        ".0-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "0.-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "CC-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-what",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01.",
        "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01.what",
        "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-011",
        "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "cc-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-B7AD6B7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0A",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0 ",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-x1",
        "00-0af7651916cd43dd8448eb211c80319-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319cc-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319g-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b716920333-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b71692033311-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b716920333.-01",
        "00_0af7651916cd43dd8448eb211c80319c_b7ad6b7169203331_01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01,"
            + "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "\n00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-\uff10af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-\u0660af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
      })
  void invalidIsNothing(String traceparent) {
    assertThat(TraceContext.parse(List.of(traceparent), List.of("a=1"))).isNull();
  }

  @Test
  @DisplayName("section 3.2.1: it is there once or it is not valid")
  void twoHeadersAreNone() {
    assertThat(TraceContext.parse(List.of(), List.of("a=1"))).isNull();
    assertThat(TraceContext.parse(List.of(HEADER, HEADER), List.of())).isNull();
    assertThat(TraceContext.parse(List.of(HEADER, ""), List.of())).isNull();
  }

  @Test
  @DisplayName("section 3.2.2.5: of the flags, those of Level 2 go on and the others are cleared")
  void onlyKnownFlagsGoOn() {
    for (int flags = 0; flags < 256; flags++) {
      String digits = Integer.toHexString(0x100 | flags).substring(1);
      TraceContext trace = parsed("00-" + TRACE + "-" + SPAN + "-" + digits);
      assertThat(trace.isSampled()).as(digits).isEqualTo(flags % 2 == 1);
      assertThat(trace.isRandom()).as(digits).isEqualTo((flags & 2) == 2);
      assertThat(trace.traceparent()).endsWith("-0" + (flags & 3));
    }
  }

  @Test
  @DisplayName("section 3.4: a child has a new span id and all else of its parent")
  void childIsOfTheSameTrace() {
    TraceContext parent =
        requireNonNull(TraceContext.parse(List.of(HEADER), List.of("rojo=1", "congo=2")));
    TraceContext child = parent.child();
    assertThat(child.traceId()).isEqualTo(TRACE);
    assertThat(child.spanId()).isNotEqualTo(SPAN).matches("[0-9a-f]{16}");
    assertThat(child.parentSpanId()).isEqualTo(SPAN);
    assertThat(child.isSampled()).isTrue();
    assertThat(child.isRandom()).isFalse();
    assertThat(child.traceState()).isEqualTo("rojo=1,congo=2");
    assertThat(child.child().parentSpanId()).isEqualTo(child.spanId());
    assertThat(child.child().traceId()).isEqualTo(TRACE);
  }

  @Test
  void newRootsAreSampledRandomAndDifferent() {
    Set<String> traces = new HashSet<>();
    Set<String> spans = new HashSet<>();
    for (int i = 0; i < 10_000; i++) {
      TraceContext root = TraceContext.newRoot();
      assertThat(root.traceparent()).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-03");
      assertThat(root.parentSpanId()).isNull();
      assertThat(root.traceState()).isEmpty();
      traces.add(root.traceId());
      spans.add(root.spanId());
      spans.add(root.child().spanId());
    }
    assertThat(traces).hasSize(10_000);
    assertThat(spans).hasSize(20_000);
  }

  @Test
  void whatIsWrittenIsReadAsTheSame() {
    for (int i = 0; i < 1_000; i++) {
      TraceContext child = TraceContext.newRoot().child();
      TraceContext read = parsed(child.traceparent());
      assertThat(read).isEqualTo(child).hasSameHashCodeAs(child);
    }
  }

  @Test
  void equalWhenTheHeadersAre() {
    TraceContext one = parsed(HEADER);
    assertThat(one).isEqualTo(parsed(HEADER)).isEqualTo(parsed("cc" + HEADER.substring(2)));
    assertThat(one).isNotEqualTo(parsed("00-" + TRACE + "-" + SPAN + "-00"));
    assertThat(one).isNotEqualTo(parsed("00-" + TRACE + "-b7ad6b7169203332-01"));
    assertThat(one)
        .isNotEqualTo(parsed("00-0af7651916cd43dd8448eb211c80319d-b7ad6b7169203331-01"))
        .isNotEqualTo(parsed("00-1af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"))
        .isNotEqualTo(TraceContext.parse(List.of(HEADER), List.of("a=1")))
        .isNotEqualTo(HEADER);
  }
}
