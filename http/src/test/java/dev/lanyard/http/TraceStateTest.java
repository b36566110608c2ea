package dev.lanyard.http;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code tracestate}, W3C Trace Context Level 2, section 3.3. */
class TraceStateTest {
  private static final String TRACEPARENT =
      "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  private static final String LONGEST_MEMBER = "k".repeat(256) + "=" + "v".repeat(256);

  /** What is carried on when these headers come with a valid traceparent, which always stays. */
  private static String carried(List<String> headers) {
    TraceContext trace = TraceContext.parse(List.of(TRACEPARENT), headers);
    return requireNonNull(trace, "a bad tracestate costs the trace").traceState();
  }

  private static String carried(String header) {
    return carried(List.of(header));
  }

  @ParameterizedTest
  @DisplayName("sections 3.3.1.1 to 3.3.1.3: these are valid and go on as they came")
  @ValueSource(
      strings = {
        "rojo=00f067aa0ba902b7",
        "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE",
        "foo=1, \t bar=2",
        "foo=1,,bar=2",
        "foo=1, ,\t,bar=2",
        "foo=1,foo=1",
        "foo=1,foo=2",
        "0=1",
        "1special=x",
        "special@=x",
        "special@@vendor=x",
        "a@b@c=x",
        "abcdefghijklmnopqrstuvwxyz0123456789_-*/@=1",
        "foo=  leading blanks belong to it",
        "foo= !\"#$%&'()*+-./0123456789:;<>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~",
      })
  void validGoesOnAsItCame(String header) {
    assertThat(carried(header)).isEqualTo(header);
  }

  @ParameterizedTest
  @DisplayName("sections 3.3.1.1 to 3.3.1.3: these are invalid, and only the state is dropped")
  @ValueSource(
      strings = {
        "foo",
        "foo=",
        "foo= ",
        "=1",
        "=",
        "foo=1,bar",
        "foo=1;bar=2",
        "FOO=1",
        "fOo=1",
        "foo.bar=1",
        "foo bar=1",
        "foo =1",
        "@foo=1",
        "_foo=1",
        "-foo=1",
        "*foo=1",
        "/foo=1",
        "foo=bar=baz",
        "foo==",
        "foo=a\tb",
        "foo=1\n",
        "foo=1\r\nx: y",
        "foo=\u0000",
        "foo=\u007f",
        "foo=\u00e4",
        "f\u00f6o=1",
        "foo=1,\u00a0",
        "\u00a0foo=1",
      })
  void invalidIsDropped(String header) {
    assertThat(carried(header)).isEmpty();
    assertThat(carried(List.of("good=1", header))).isEmpty();
    assertThat(carried("good=1," + header)).isEmpty();
  }

  @Test
  @DisplayName("section 3.3.1: several headers are one list, in their order")
  void severalHeadersAreJoined() {
    assertThat(carried(List.of("foo=1", "bar=2"))).isEqualTo("foo=1,bar=2");
    assertThat(carried(List.of("bar=2,baz=3", "foo=1"))).isEqualTo("bar=2,baz=3,foo=1");
    assertThat(carried(List.of("foo=1", "foo=2"))).isEqualTo("foo=1,foo=2");
  }

  @Test
  @DisplayName("section 3.3.1: empty headers and members are allowed, and not sent alone")
  void emptyIsAllowed() {
    assertThat(carried(List.of())).isEmpty();
    assertThat(carried(List.of("", ""))).isEmpty();
    assertThat(carried(" \t")).isEmpty();
    assertThat(carried(",")).isEmpty();
    assertThat(carried(List.of(",", " , "))).isEmpty();
    assertThat(carried(List.of("", "foo=1", "\t", "bar=2", ""))).isEqualTo("foo=1,bar=2");
    assertThat(carried(" foo=1\t")).isEqualTo("foo=1");
  }

  @Test
  @DisplayName("section 3.3.1.1: 32 members, empty ones not counted, and not one more")
  void atMost32Members() {
    String of32 = String.join(",", Collections.nCopies(32, "a=1"));
    assertThat(carried(of32)).isEqualTo(of32);
    assertThat(carried(of32 + ",,")).isEqualTo(of32 + ",,");
    assertThat(carried(of32 + ",a=1")).isEmpty();
    assertThat(carried(List.of(of32, "a=1"))).isEmpty();
    assertThat(carried(Collections.nCopies(32, "a=1"))).isEqualTo(of32);
    assertThat(carried(Collections.nCopies(33, "a=1"))).isEmpty();
  }

  @Test
  @DisplayName("section 3.3.1.3: keys and values of 256 characters, and not one more")
  void atMost256CharactersEach() {
    assertThat(carried(LONGEST_MEMBER)).isEqualTo(LONGEST_MEMBER);
    assertThat(carried("k".repeat(257) + "=v")).isEmpty();
    assertThat(carried("k=" + "v".repeat(257))).isEmpty();
    assertThat(carried("k=" + " ".repeat(255) + "v  ")).hasSize(258);
    assertThat(carried("k=" + " ".repeat(256) + "v")).isEmpty();
  }

  @Test
  @DisplayName("section 3.3.1.5: 32 of the largest members go on, and nothing that is longer")
  void noLongerThanTheLargestMembers() {
    String largest = String.join(",", Collections.nCopies(32, LONGEST_MEMBER));
    assertThat(carried(largest)).isEqualTo(largest).hasSize(TraceState.LONGEST);
    assertThat(carried(Collections.nCopies(32, LONGEST_MEMBER))).isEqualTo(largest);
    assertThat(carried(largest + ",")).isEmpty();
    assertThat(carried("a=1" + ",".repeat(TraceState.LONGEST - 3))).hasSize(TraceState.LONGEST);
    assertThat(carried("a=1" + ",".repeat(TraceState.LONGEST - 2))).isEmpty();
    assertThat(carried(List.of(",".repeat(TraceState.LONGEST - 4), "a=1"))).isNotEmpty();
    assertThat(carried(List.of(",".repeat(TraceState.LONGEST - 3), "a=1"))).isEmpty();
  }
}
