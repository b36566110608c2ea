package dev.lanyard.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeadlineHeaderTest {
  @ParameterizedTest
  @DisplayName("gRPC over HTTP2, Timeout: digits and a unit")
  @CsvSource({
    "1H, PT1H",
    "2M, PT2M",
    "3S, PT3S",
    "250m, PT0.25S",
    "7u, PT0.000007S",
    "9n, PT0.000000009S",
    "0n, PT0S",
    "0H, PT0S",
    "00000001S, PT1S",
    "99999999H, PT99999999H",
    "99999999u, PT99.999999S",
    "99999999n, PT0.099999999S",
    "' 5S\t', PT5S",
  })
  void grpcIsRead(String value, Duration timeout) {
    assertThat(DeadlineHeader.GRPC.parse(value)).isEqualTo(timeout);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "S",
        "1",
        "1 S",
        "-1S",
        "+1S",
        "1.5S",
        "1s",
        "1h",
        "1x",
        "1SS",
        "1S1",
        "100000000n",
        "000000001S",
        "1e3S",
        "0x1S",
        "1S,2S",
        "\u0661S",
        "\uff11S",
        "1S\n",
        "\n1S",
        "1\u0000S",
        "S1",
        "99999999999999999999999999S",
        "1\u03bc",
      })
  void malformedGrpcIsNothing(String value) {
    assertThat(DeadlineHeader.GRPC.parse(value)).isNull();
  }

  @ParameterizedTest
  @DisplayName("Connect, Connect-Timeout-Ms: one to ten digits")
  @CsvSource({"0, 0", "1, 1", "5000, 5000", "9999999999, 9999999999", "0000000012, 12", "' 7 ', 7"})
  void millisAreRead(String value, long millis) {
    assertThat(DeadlineHeader.CONNECT.parse(value)).isEqualTo(Duration.ofMillis(millis));
    assertThat(DeadlineHeader.ENVOY.parse(value)).isEqualTo(Duration.ofMillis(millis));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "-1",
        "+1",
        "1.0",
        "1ms",
        "1S",
        "10000000000",
        "1 0",
        "1,1",
        "\u0661",
        "1\r"
      })
  void malformedMillisAreNothing(String value) {
    assertThat(DeadlineHeader.CONNECT.parse(value)).isNull();
    assertThat(DeadlineHeader.ENVOY.parse(value)).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "PT0S, 0n, 0",
    "PT-1S, 0n, 0",
    "PT0.000000001S, 1n, 0",
    "PT0.000999999S, 999999n, 0",
    "PT0.099999999S, 99999999n, 99",
    "PT0.1S, 100000u, 100",
    "PT0.2509999S, 250999u, 250",
    "PT99.999999999S, 99999999u, 99999",
    "PT100S, 100000m, 100000",
    "PT99999.999999999S, 99999999m, 99999999",
    "PT100000.5S, 100000S, 100000500",
    "PT9999999.999999S, 9999999S, 9999999999",
    "PT10000000S, 10000000S, 9999999999",
    "PT99999999.9S, 99999999S, 9999999999",
    "PT100000000S, 1666666M, 9999999999",
    "PT99999999M, 99999999M, 9999999999",
    "PT100000000M, 1666666H, 9999999999",
    "PT100000000H, 99999999H, 9999999999",
    "PT2562047788015215H, 99999999H, 9999999999",
    "PT-2562047788015215H, 0n, 0",
  })
  void writtenInTheFinestUnitThatHasRoom(Duration timeout, String grpc, String millis) {
    assertThat(DeadlineHeader.GRPC.format(timeout)).isEqualTo(grpc);
    assertThat(DeadlineHeader.CONNECT.format(timeout)).isEqualTo(millis);
  }

  @Test
  void shortestValidOneWins() {
    Map<String, List<String>> headers =
        Map.of(
            "grpc-timeout", List.of("5S", "-1S", "3S"),
            "Connect-Timeout-Ms", List.of("2500", "nonsense"),
            "x-envoy-expected-rq-timeout-ms", List.of("4000"));
    HeaderSource source = name -> headers.getOrDefault(name, List.of());
    assertThat(DeadlineHeader.shortest(DeadlineHeader.KNOWN, source))
        .isEqualTo(Duration.ofMillis(2500));
    assertThat(DeadlineHeader.shortest(List.of(DeadlineHeader.GRPC), source))
        .isEqualTo(Duration.ofSeconds(3));
    assertThat(DeadlineHeader.shortest(List.of(DeadlineHeader.ENVOY), source))
        .isEqualTo(Duration.ofSeconds(4));
    assertThat(DeadlineHeader.shortest(List.of(), source)).isNull();
    assertThat(DeadlineHeader.shortest(DeadlineHeader.KNOWN, name -> List.of())).isNull();
    assertThat(DeadlineHeader.shortest(DeadlineHeader.KNOWN, name -> List.of("nonsense"))).isNull();
  }

  @Test
  void headerOfOnesOwnHasTheGrammarOfGrpc() {
    DeadlineHeader own = DeadlineHeader.inGrpcGrammar("X-Time-Left");
    assertThat(own.name()).isEqualTo("X-Time-Left");
    assertThat(own).hasToString("X-Time-Left");
    assertThat(own.parse("20m")).isEqualTo(Duration.ofMillis(20));
    assertThat(own.format(Duration.ofMillis(20))).isEqualTo("20000000n");
    for (String name : List.of("", "a b", "a:", "a\r\nb")) {
      assertThatIllegalArgumentException().isThrownBy(() -> DeadlineHeader.inGrpcGrammar(name));
    }
  }
}
