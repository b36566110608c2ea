package dev.lanyard.benchmarks.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.lanyard.benchmarks.Spread;
import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import dev.lanyard.context.TimeSource;
import dev.lanyard.databases.Postgres;
import dev.lanyard.jdbc.ContextDataSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import net.ttddyy.dsproxy.support.ProxyDataSourceBuilder;
import org.h2.jdbcx.JdbcDataSource;

/** The same work over a pool, bare and through wrappers, in turns. */
final class Overhead {
  private static final int ROWS = 1_000;
  private static final TimeSource TIME = TimeSource.system();

  /** What is called; the order is that of the columns. */
  private enum Way {
    BARE("bare pool"),
    PROXY("datasource-proxy"),
    NO_CONTEXT("ours, nothing to obey"),
    CONTEXT("ours, with a deadline");

    final String title;

    Way(String title) {
      this.title = title;
    }
  }

  private record Lane(Way way, DataSource source, List<Double> micros) {
    Lane(Way way, DataSource source) {
      this(way, source, new ArrayList<>());
    }
  }

  private interface Work {
    void on(DataSource dataSource) throws SQLException;
  }

  private final int rounds;
  private final long roundNanos;

  Overhead(int rounds, Duration round) {
    this.rounds = rounds;
    this.roundNanos = round.toNanos();
  }

  /** A table in Markdown. */
  String table() throws SQLException {
    var table = new StringBuilder("| microseconds |");
    for (Way way : Way.values()) table.append(" ").append(way.title).append(" |");
    table
        .append(" ours ÷ bare |\n|---|")
        .append("---:|".repeat(Way.values().length + 1))
        .append('\n');
    var h2 = new JdbcDataSource();
    h2.setURL("jdbc:h2:mem:overhead;DB_CLOSE_DELAY=-1");
    rows(table, "H2 in memory", h2);
    rows(table, "PostgreSQL on this machine", Postgres.shared().dataSource("overhead"));
    return table.toString();
  }

  private void rows(StringBuilder table, String database, DataSource driver) throws SQLException {
    var config = new HikariConfig();
    config.setDataSource(driver);
    config.setMaximumPoolSize(2);
    try (var pool = new HikariDataSource(config)) {
      fill(pool);
      row(table, database + ": connection, one row, back", pool, Overhead::oneRow);
      row(table, database + ": the same, 1,000 rows of two columns", pool, Overhead::manyRows);
    }
  }

  private void row(StringBuilder table, String title, DataSource pool, Work work)
      throws SQLException {
    List<Lane> lanes =
        List.of(
            new Lane(Way.BARE, pool),
            new Lane(Way.PROXY, ProxyDataSourceBuilder.create(pool).proxyResultSet().build()),
            new Lane(Way.NO_CONTEXT, ContextDataSource.wrap(pool)),
            new Lane(Way.CONTEXT, ContextDataSource.wrap(pool)));
    List<Double> ratios = new ArrayList<>();
    for (int round = -2; round < rounds; round++) {
      for (Lane lane : lanes) {
        double figure = measure(lane.way, lane.source, work);
        if (round >= 0) lane.micros.add(figure);
      }
      if (round >= 0) {
        ratios.add(lanes.getLast().micros.getLast() / lanes.getFirst().micros.getLast());
      }
    }
    table.append("| ").append(title).append(" |");
    for (Lane lane : lanes) {
      table.append(" ").append(Spread.figure(Spread.of(lane.micros).median())).append(" |");
    }
    table.append(" ").append(Spread.of(ratios).ratio()).append(" |\n");
  }

  private double measure(Way way, DataSource source, Work work) throws SQLException {
    if (way != Way.CONTEXT) return measure(source, work);
    try (CancellableContext context = Context.background().withTimeout(Duration.ofMinutes(10))) {
      return context.<Double, SQLException>call(() -> measure(source, work));
    }
  }

  private double measure(DataSource source, Work work) throws SQLException {
    long begin = TIME.nanoTime();
    long passed = 0;
    int times = 0;
    while (passed < roundNanos) {
      work.on(source);
      times++;
      passed = TIME.nanoTime() - begin;
    }
    return passed / 1e3 / times;
  }

  private static void fill(DataSource source) throws SQLException {
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("create table item (id int primary key, name varchar(20))");
      try (PreparedStatement insert =
          connection.prepareStatement("insert into item values (?, ?)")) {
        for (int id = 0; id < ROWS; id++) {
          insert.setInt(1, id);
          insert.setString(2, "item " + id);
          insert.addBatch();
        }
        insert.executeBatch();
      }
    }
  }

  private static void oneRow(DataSource source) throws SQLException {
    read(source, "select id, name from item where id = 7", 1);
  }

  private static void manyRows(DataSource source) throws SQLException {
    read(source, "select id, name from item", ROWS);
  }

  private static void read(DataSource source, String sql, int expected) throws SQLException {
    int count = 0;
    try (Connection connection = source.getConnection();
        PreparedStatement select = connection.prepareStatement(sql);
        ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        if (rows.getInt(1) >= 0 && rows.getString(2).length() > 4) count++;
      }
    }
    if (count != expected) throw new IllegalStateException(count + " rows: nothing was measured");
  }
}
