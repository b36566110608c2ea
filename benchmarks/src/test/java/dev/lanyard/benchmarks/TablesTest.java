package dev.lanyard.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** From the figures to the page. */
class TablesTest {
  private static final List<Scenario> SCENARIOS =
      List.of(
          new Scenario("Derive", "lanyard", "with-cancel", "x.Derive.withCancel"),
          new Scenario("Firing", "lanyard", "firing", null),
          new Scenario("Lookup", "lanyard", "never-measured", "x.Lookup.neverMeasured"),
          new Scenario("PeersGrpc", "grpc", "with-cancel", "x.PeersGrpc.grpcWithCancel"),
          new Scenario("PeersJdk", "jdk", "firing", "x.PeersJdk.jdkFiring"));

  private static final List<Measurement> MEASUREMENTS =
      List.of(
          measurement("1 go with-cancel time 300 ns"),
          measurement("1 go with-cancel allocated 96 B"),
          measurement("1 lanyard with-cancel time 100 ns"),
          measurement("1 lanyard with-cancel allocated 32 B"),
          measurement("1 grpc with-cancel time 50 ns"),
          measurement("2 lanyard with-cancel time 50 ns"),
          measurement("2 go with-cancel time 400 ns"),
          measurement("3 go with-cancel time 1000 ns"),
          measurement("3 lanyard with-cancel time 200 ns"),
          measurement("4 go with-cancel time 1234 ns"),
          measurement("1 go firing late-p50 3 us"),
          measurement("1 lanyard firing late-p50 1.5 us"),
          measurement("1 lanyard firing heap-after 2 MB"),
          measurement("1 go firing heap-after 4 MB"));

  private static Measurement measurement(String words) {
    return Measurement.parse(words.replace(' ', '\t'));
  }

  @Test
  void ratiosAreThoseOfRoundsInWhichBothWereMeasured() {
    assertThat(Tables.of(SCENARIOS, MEASUREMENTS).get("Derive"))
        .isEqualTo(
            """
            | | Go | Lanyard | Go ÷ Lanyard | B Go | B Lanyard |
            |---|---:|---:|---:|---:|---:|
            | `with-cancel` | 700 | 100 | 5.0 [3.0–8.0] | 96.0 | 32.0 |
            """);
  }

  @Test
  void otherMetricsHaveRowsOfTheirOwn() {
    assertThat(Tables.of(SCENARIOS, MEASUREMENTS).get("Firing"))
        .isEqualTo(
            """
            | | Go | Lanyard | Go ÷ Lanyard |
            |---|---:|---:|---:|
            | `firing` late-p50, µs | 3.0 | 1.5 | 2.0 |
            | `firing` heap-after, MB | 4.0 | 2.0 | |
            """);
  }

  @Test
  void peersStandInColumns() {
    assertThat(Tables.of(SCENARIOS, MEASUREMENTS).get(Tables.PEERS))
        .isEqualTo(
            """
            | | go | lanyard | grpc |
            |---|---:|---:|---:|
            | `with-cancel` | 700 | 100 | 50.0 |
            """);
  }

  @Test
  void whatWasNotMeasuredHasNoTable() {
    assertThat(Tables.of(SCENARIOS, MEASUREMENTS)).containsOnlyKeys("Derive", "Firing", "Peers");
  }

  @Test
  void onlyTheNamedTablesOfThePageChange() {
    String page =
        """
        Words.
        <!-- table: Derive -->
        old $1
        <!-- /table -->
        More words.
        <!-- table: Poll -->
        kept
        <!-- /table -->
        """;
    assertThat(Page.with(Map.of("Derive", "new $1\n"), page)).isEqualTo(page.replace("old", "new"));
  }

  @Test
  void aMeasurementIsReadAsItWasWritten() {
    for (Measurement m : MEASUREMENTS) assertThat(Measurement.parse(m.line())).isEqualTo(m);
    assertThatThrownBy(() -> Measurement.parse("nothing")).hasMessageContaining("nothing");
    assertThatThrownBy(() -> Measurement.printed(1, "go", "PASS")).hasMessageContaining("PASS");
  }

  @Test
  void ofGoTheMiddleRepetitionCounts() {
    List<String> printed =
        """
        goos: linux
        BenchmarkWithCancel-2   \t 1000000\t       203.5 ns/op\t      96 B/op\t       2 allocs/op
        BenchmarkWithCancel-2   \t 1000000\t       999.0 ns/op\t      96 B/op\t       2 allocs/op
        BenchmarkWithCancel-2   \t 1000000\t       201.0 ns/op\t      97 B/op\t       2 allocs/op
        PASS
        """
            .lines()
            .toList();
    assertThat(GoPrograms.parse(7, "with-cancel", printed))
        .containsExactly(
            measurement("7 go with-cancel time 203.5 ns"),
            measurement("7 go with-cancel allocated 96 B"));
    assertThat(GoPrograms.parse(7, "with-cancel", List.of("PASS"))).isEmpty();
  }

  @Test
  void figuresHaveNoMoreDigitsThanTheyAreGoodFor() {
    assertThat(List.of(0.034, 0.994, 0.999, 1.04, 99.94, 99.96, 1234567.8))
        .extracting(Spread::figure)
        .containsExactly("0.03", "0.99", "1.0", "1.0", "99.9", "100", "1,234,568");
  }

  @Test
  void percentilesAreOfTheSortedSamples() {
    long[] samples = {5, 1, 4, 2, 3};
    assertThat(Report.percentile(samples, 0.5)).isEqualTo(4);
    assertThat(Report.percentile(samples, 1)).isEqualTo(5);
    assertThat(Report.percentile(samples, 0)).isEqualTo(1);
  }
}
