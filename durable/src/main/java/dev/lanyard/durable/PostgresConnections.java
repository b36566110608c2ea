package dev.lanyard.durable;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** A PostgreSQL server, through the data source of the caller or a pool of our own. */
final class PostgresConnections implements Connections {
  private static final int OLDEST = 13;

  private static final String BEGIN =
      "select set_config('lock_timeout', '500ms', true), set_config('enable_seqscan', 'off', true)";

  private final DataSource dataSource;

  /** For what must not wait for readers: leases, the journal, notifications. */
  private final DataSource urgent;

  private final List<HikariDataSource> own;

  private PostgresConnections(
      DataSource dataSource, DataSource urgent, List<HikariDataSource> own) {
    this.dataSource = dataSource;
    this.urgent = urgent;
    this.own = own;
  }

  static PostgresConnections of(DataSource dataSource) {
    return checked(new PostgresConnections(dataSource, dataSource, List.of()));
  }

  static PostgresConnections open(String url, @Nullable String user, @Nullable String password) {
    if (ShownUrl.namesUser(url)) {
      throw new StoreException(
          "the database "
              + ShownUrl.of(url)
              + " cannot be reached: say user and password apart from the URL",
          null);
    }
    HikariConfig config = config(url, user, password);
    HikariDataSource readers = null;
    HikariDataSource urgent;
    try {
      readers = pool(config, "lanyard-readers", 8);
      urgent = pool(config, "lanyard-urgent", 6);
    } catch (RuntimeException failed) {
      if (readers != null) readers.close();
      throw unreachable(url, failed);
    }
    return checked(new PostgresConnections(readers, urgent, List.of(urgent, readers)));
  }

  private static StoreException unreachable(String url, RuntimeException failed) {
    String shown = ShownUrl.of(url);
    return new StoreException(
        "the database " + shown + " cannot be reached: " + ShownUrl.in(Texts.failure(failed), url),
        shown.equals(url) ? failed : null); // what a cause says is logged as it is
  }

  private static HikariConfig config(String url, @Nullable String user, @Nullable String password) {
    var config = new HikariConfig();
    config.setJdbcUrl(url);
    if (user != null) config.setUsername(user);
    if (password != null) config.setPassword(password);
    config.setMinimumIdle(1);
    config.setConnectionTimeout(5_000);
    config.addDataSourceProperty("ApplicationName", "lanyard");
    config.addDataSourceProperty("tcpKeepAlive", "true");
    config.addDataSourceProperty("reWriteBatchedInserts", "true");
    return config;
  }

  private static HikariDataSource pool(HikariConfig config, String name, int connections) {
    config.setPoolName(name);
    config.setMaximumPoolSize(connections);
    return new HikariDataSource(config);
  }

  private static PostgresConnections checked(PostgresConnections connections) {
    try {
      try (Connection connection = connections.reader()) {
        String product = connection.getMetaData().getDatabaseProductName();
        int version = connection.getMetaData().getDatabaseMajorVersion();
        if (!product.equals("PostgreSQL") || version < OLDEST) {
          throw new StoreException(
              "tasks can be kept in PostgreSQL "
                  + OLDEST
                  + " or later, but this is "
                  + product
                  + " "
                  + version,
              null);
        }
      }
      Migrations.run(connections.dataSource, Database.Engine.POSTGRESQL);
      return connections;
    } catch (SQLException failed) {
      connections.close();
      throw new StoreException("the database cannot be reached: " + Texts.failure(failed), failed);
    } catch (RuntimeException failed) {
      connections.close();
      throw failed;
    }
  }

  @Override
  public Database.Engine engine() {
    return Database.Engine.POSTGRESQL;
  }

  @Override
  public Connection openWriter() throws SQLException {
    Connection connection = urgent.getConnection();
    connection.setAutoCommit(false);
    return connection;
  }

  /**
   * The driver begins with the first statement. Rows are waited for by invariant 6 of {@link
   * Journal}. All that it writes has an index for it; but the server keeps the plans that it has
   * made while the tables were small, and reads them whole long after they are not.
   */
  @Override
  public void begin(Session session) throws SQLException {
    session.query(BEGIN, row -> row.getString(1));
  }

  @Override
  public void commit(Session session) throws SQLException {
    session.connection().commit();
  }

  @Override
  public void rollback(Session session) throws SQLException {
    session.connection().rollback();
  }

  @Override
  public void enter() {}

  @Override
  public void leave() {}

  @Override
  public Connection reader() throws SQLException {
    return committing(dataSource);
  }

  private static Connection committing(DataSource dataSource) throws SQLException {
    Connection connection = dataSource.getConnection();
    if (!connection.getAutoCommit()) connection.setAutoCommit(true);
    return connection;
  }

  @Override
  public DataSource forClaims() {
    return new ClaimsDataSource(() -> committing(urgent));
  }

  @Override
  public Connection openListener() throws SQLException {
    return committing(urgent);
  }

  @Override
  public void close() {
    for (HikariDataSource each : own) each.close();
  }
}
