package dev.lanyard.durable;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** A PostgreSQL server, through the data source of the caller or a pool of our own. */
final class PostgresConnections implements Connections {
  private static final int OLDEST = 13;

  private final DataSource dataSource;
  private final @Nullable HikariDataSource own;

  private PostgresConnections(DataSource dataSource, @Nullable HikariDataSource own) {
    this.dataSource = dataSource;
    this.own = own;
  }

  static PostgresConnections of(DataSource dataSource) {
    return checked(new PostgresConnections(dataSource, null));
  }

  static PostgresConnections open(String url, @Nullable String user, @Nullable String password) {
    if (ShownUrl.namesUser(url)) {
      throw new StoreException(
          "the database "
              + ShownUrl.of(url)
              + " cannot be reached: say user and password apart from the URL",
          null);
    }
    var config = new HikariConfig();
    config.setJdbcUrl(url);
    if (user != null) config.setUsername(user);
    if (password != null) config.setPassword(password);
    config.setPoolName("lanyard-postgresql");
    config.setMaximumPoolSize(12);
    config.setMinimumIdle(2);
    config.setConnectionTimeout(5_000);
    config.addDataSourceProperty("ApplicationName", "lanyard");
    config.addDataSourceProperty("tcpKeepAlive", "true");
    config.addDataSourceProperty("reWriteBatchedInserts", "true");
    HikariDataSource pool;
    try {
      pool = new HikariDataSource(config);
    } catch (RuntimeException failed) {
      String shown = ShownUrl.of(url);
      throw new StoreException(
          "the database "
              + shown
              + " cannot be reached: "
              + ShownUrl.in(Texts.failure(failed), url),
          shown.equals(url) ? failed : null); // what a cause says is logged as it is
    }
    return checked(new PostgresConnections(pool, pool));
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
    Connection connection = dataSource.getConnection();
    connection.setAutoCommit(false);
    return connection;
  }

  /** The driver begins with the first statement. */
  @Override
  public void begin(Session session) {}

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
    Connection connection = dataSource.getConnection();
    if (!connection.getAutoCommit()) connection.setAutoCommit(true);
    return connection;
  }

  @Override
  public DataSource forClaims() {
    return new ClaimsDataSource(this::reader);
  }

  @Override
  public Connection openListener() throws SQLException {
    return reader();
  }

  @Override
  public void close() {
    if (own != null) own.close();
  }
}
