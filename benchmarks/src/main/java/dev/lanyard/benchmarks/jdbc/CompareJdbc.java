package dev.lanyard.benchmarks.jdbc;

import dev.lanyard.benchmarks.Page;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The tables of docs/jdbc.md: {@code benchmarks/jdbc}. */
final class CompareJdbc {
  private CompareJdbc() {}

  static void main(String[] arguments) throws SQLException, IOException, InterruptedException {
    boolean quick = List.of(arguments).contains("--quick");
    String overhead =
        (quick ? new Overhead(1, Duration.ofMillis(20)) : new Overhead(15, Duration.ofMillis(400)))
            .table();
    IO.println(overhead);
    String killed = new ClientKilled(quick ? 2 : 100).table();
    IO.println(killed);
    int page = List.of(arguments).indexOf("--page");
    if (page >= 0) {
      Path path = Path.of(arguments[page + 1]);
      Files.writeString(
          path, Page.with(Map.of("overhead", overhead, "killed", killed), Files.readString(path)));
    }
  }
}
