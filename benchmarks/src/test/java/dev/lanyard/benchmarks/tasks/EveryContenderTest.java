package dev.lanyard.benchmarks.tasks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.databases.Postgres;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** Everybody submits, runs and ends some tasks: the figures mean nothing. */
@Isolated("the bodies count in a static field")
class EveryContenderTest {
  private static final int SOME = 2 * SubmitAndRun.CLIENTS;

  @Test
  @DisplayName("issue 6, what must be shown, 2: the comparison runs, on both databases")
  void everyContenderRuns(@TempDir Path directory) throws Exception {
    try (Postgres server = Postgres.thatSyncs()) {
      String table = new Throughput(1, SOME, directory, server).table();
      assertThat(table.lines().filter(line -> line.startsWith("| SQLite: "))).hasSize(3);
      assertThat(table.lines().filter(line -> line.startsWith("| PostgreSQL: "))).hasSize(5);
      assertThat(table).doesNotContain("NaN", "Infinity");
      assertThat(Place.postgresql(server).text("show fsync")).isEqualTo("on");
    }
  }

  @Test
  @DisplayName("The number of tasks that is told is the number that was measured")
  void rounded() {
    assertThat(SubmitAndRun.rounded(5_000)).isEqualTo(5_000);
    assertThat(SubmitAndRun.rounded(59)).isEqualTo(40);
    assertThatThrownBy(() -> SubmitAndRun.rounded(19))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("each of the 20 clients needs one");
  }

  @Test
  @DisplayName("issue 6, what must be shown, 2: tasks wait in the file, and none of them runs")
  void pendingTasksWait(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("pending.db");
    Pending.fill(file, SOME);
    assertThat(
            Place.sqlite(file).number("select count(*) from lanyard_task where state = 'PENDING'"))
        .isEqualTo(SOME);
    assertThat(Files.size(file)).isPositive();
  }
}
