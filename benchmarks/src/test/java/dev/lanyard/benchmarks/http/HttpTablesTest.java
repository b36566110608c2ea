package dev.lanyard.benchmarks.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.benchmarks.Measurement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HttpTablesTest {
  private static final String FIN = Leaving.ALL.getFirst().title();

  private final List<Measurement> measured = new ArrayList<>();

  private void add(int round, String side, String scenario, String metric, double value) {
    measured.add(new Measurement(round, side, scenario, metric, value, "us"));
  }

  private void leaving(String side, int tries, int missed, int early) {
    add(1, side, FIN, Leavings.TRIES, tries);
    add(1, side, FIN, Leavings.MISSED, missed);
    add(1, side, FIN, Leavings.EARLY, early);
    if (missed + early == tries) return;
    add(1, side, FIN, Leavings.MEDIAN, 0.125);
    add(1, side, FIN, Leavings.P99, 1.5);
  }

  @Test
  void nothingMeasuredIsNoTable() {
    assertThat(HttpTables.of(measured)).isEmpty();
  }

  @Test
  void aLeavingThatWasNeverNoticedIsADash() {
    leaving(Sides.GO, 5, 5, 0);
    leaving(Sides.LANYARD, 100, 0, 0);
    assertThat(HttpTables.of(measured).get("Leaving"))
        .isEqualTo("| | Go | Lanyard |\n|---|---:|---:|\n| " + FIN + " | – | 0.13 / 1.5 |\n");
  }

  @Test
  void someMissesAreTold() {
    leaving(Sides.LANYARD, 100, 3, 0);
    assertThat(HttpTables.of(measured).get("Leaving")).contains("0.13 / 1.5, missed 3 of 100");
  }

  @Test
  void aConnectionThatTheServerClosedFirstIsNotMeasured() {
    leaving(Sides.LANYARD, 100, 0, 100);
    leaving(Sides.GO, 100, 5, 95);
    assertThat(HttpTables.of(measured).get("Leaving"))
        .contains("| missed 5 and cut off before 95 of 100 | cut off before |");
  }

  @Test
  void throughputIsComparedWithinARound() {
    for (int round = 1; round <= 2; round++) {
      add(round, Throughput.BARE, Throughput.SCENARIO, Throughput.PROCESSOR, 10 * round);
      add(round, Throughput.BARE, Throughput.SCENARIO, Throughput.RATE, 1000);
      add(round, Throughput.LANYARD, Throughput.SCENARIO, Throughput.PROCESSOR, 11 * round);
      add(round, Throughput.LANYARD, Throughput.SCENARIO, Throughput.RATE, 900);
    }
    assertThat(HttpTables.of(measured).get("Throughput"))
        .contains("| " + Throughput.LANYARD + " | 16.5 [11.0–22.0] | 1.1 | 900 |");
  }
}
