package dev.lanyard.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.lanyard.testing.Eventually;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** HikariCP, as tests want it. */
final class Pools {
  private Pools() {}

  static HikariDataSource of(int size, DataSource below) {
    var config = new HikariConfig();
    config.setDataSource(below);
    config.setMaximumPoolSize(size);
    config.setConnectionTimeout(30_000);
    config.setMaxLifetime(0); // the long forms last longer than a pool keeps a connection
    return new HikariDataSource(config);
  }

  /** All of its connections can be had at once, and work. */
  static void isIntact(HikariDataSource pool, int size) throws SQLException {
    canBeHad(pool, size);
    assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
    assertThat(pool.getHikariPoolMXBean().getTotalConnections()).isEqualTo(size);
  }

  /** It hands out connections that died a moment ago, untested, until it has noticed. */
  static void recovers(HikariDataSource pool, int size) throws SQLException {
    Eventually.holds(
        "the pool has working connections again",
        () -> {
          try {
            canBeHad(pool, size);
            return true;
          } catch (SQLException notYet) {
            return false;
          }
        });
    isIntact(pool, size);
  }

  private static void canBeHad(HikariDataSource pool, int size) throws SQLException {
    List<Connection> all = new ArrayList<>();
    try {
      for (int taken = 0; taken < size; taken++) all.add(pool.getConnection());
      for (Connection connection : all) {
        assertThat(connection.createStatement().executeQuery("select 1").next()).isTrue();
      }
    } finally {
      for (Connection connection : all) connection.close();
    }
  }
}
