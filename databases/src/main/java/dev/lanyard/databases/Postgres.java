package dev.lanyard.databases;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.postgresql.ds.PGSimpleDataSource;
import org.tukaani.xz.XZInputStream;

/**
 * A PostgreSQL server of the tests' own, on a free loopback port, with its files in a folder of its
 * own under the temporary directory.
 */
public final class Postgres implements AutoCloseable {
  private static final String READY = "database system is ready to accept connections";

  private final Path folder;
  private final int port;
  private final String password = UUID.randomUUID().toString();
  private final boolean fsync;
  private ServerProcess process;

  private Postgres(boolean fsync) throws IOException {
    this.fsync = fsync;
    folder = Files.createTempDirectory("lanyard-postgres-").toRealPath();
    port = ServerProcess.freePort();
    try {
      unpack();
      initialize();
      process = launch();
    } catch (IOException | RuntimeException | Error failed) {
      Commands.run(List.of("rm", "-rf", folder.toString()));
      throw failed;
    }
  }

  /** The one that most tests share: they tell each other apart by the name of the application. */
  public static Postgres shared() {
    return Shared.SERVER;
  }

  /** One for a test that stops it or freezes it. */
  public static Postgres ofItsOwn() {
    return start(false);
  }

  /** One for a measurement: what it acknowledged is on the disk, as in production. */
  public static Postgres thatSyncs() {
    return start(true);
  }

  private static Postgres start(boolean fsync) {
    try {
      return new Postgres(fsync);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /**
   * Plain connections, one per call.
   *
   * @param application what {@code pg_stat_activity} shows as {@code application_name}
   */
  public PGSimpleDataSource dataSource(String application) {
    var dataSource = new PGSimpleDataSource();
    dataSource.setServerNames(new String[] {"127.0.0.1"});
    dataSource.setPortNumbers(new int[] {port});
    dataSource.setDatabaseName("postgres");
    dataSource.setUser("postgres");
    dataSource.setPassword(password);
    dataSource.setApplicationName(application);
    return dataSource;
  }

  /** Plain connections to a new, empty database on this server. */
  public PGSimpleDataSource newDatabase(String application) {
    PGSimpleDataSource dataSource = dataSource(application);
    String name = "d" + UUID.randomUUID().toString().replace("-", "");
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("create database " + name);
    } catch (SQLException failed) {
      throw new IllegalStateException("no new database on this server", failed);
    }
    dataSource.setDatabaseName(name);
    return dataSource;
  }

  /** What the connections of an application are running at this moment. */
  public List<String> running(String application) throws SQLException {
    return activity("query", application, "state = 'active'");
  }

  /** What the connections of an application are running that are inside {@code pg_sleep}. */
  public List<String> sleeping(String application) throws SQLException {
    return activity("query", application, "wait_event = 'PgSleep'");
  }

  /** The connections of an application that have a transaction open and do nothing. */
  public List<String> idleInTransaction(String application) throws SQLException {
    return activity("query", application, "state like 'idle in transaction%'");
  }

  /** The process ids of the connections of an application. */
  public List<String> backends(String application) throws SQLException {
    return activity("pid::text", application, "true");
  }

  /** The process of the server that serves this connection. */
  public static int backend(Connection connection) throws SQLException {
    return connection.unwrap(org.postgresql.PGConnection.class).getBackendPID();
  }

  /** The process answers no more, but its sockets stay open: a machine that hangs. */
  public void freeze(int backend) {
    Commands.run(List.of("kill", "-STOP", Integer.toString(backend)));
  }

  public void thaw(int backend) {
    Commands.run(List.of("kill", "-CONT", Integer.toString(backend)));
  }

  /** All its processes answer no more, but the sockets stay open. */
  public void freeze() {
    process.signal("STOP");
  }

  public void thaw() {
    process.signal("CONT");
  }

  /** One process of the server ends at once; the server then throws out everybody else. */
  public void kill(int backend) {
    Commands.run(List.of("kill", "-KILL", Integer.toString(backend)));
  }

  /** The whole server and all its processes: a power cut. */
  public void kill() {
    process.kill();
  }

  /** After {@link #kill()}: the same data on the same port. */
  public void restart() throws IOException {
    process = launch();
  }

  @Override
  public void close() {
    process.stop();
  }

  private List<String> activity(String column, String application, String condition)
      throws SQLException {
    try (Connection connection = dataSource("observer").getConnection();
        var query =
            connection.prepareStatement(
                "select "
                    + column
                    + " from pg_stat_activity where application_name = ? and "
                    + condition)) {
      query.setString(1, application);
      List<String> found = new ArrayList<>();
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) found.add(rows.getString(1));
      }
      return found;
    }
  }

  private void unpack() throws IOException {
    String system = System.getProperty("os.name").startsWith("Mac") ? "darwin" : "linux";
    String machine = System.getProperty("os.arch").equals("aarch64") ? "arm_64" : "x86_64";
    String archive = "postgres-" + system + "-" + machine + ".txz";
    Process tar =
        new ProcessBuilder("tar", "-x", "-C", folder.toString()).redirectErrorStream(true).start();
    try (InputStream packed = ClassLoader.getSystemResourceAsStream(archive)) {
      if (packed == null) throw new IOException("no archive " + archive + " on the class path");
      try (var unpacked = new XZInputStream(packed);
          OutputStream pipe = tar.getOutputStream()) {
        unpacked.transferTo(pipe);
      }
    }
    Commands.succeed(tar, "tar");
  }

  private void initialize() throws IOException {
    Path secret = Files.writeString(folder.resolve("password"), password);
    Files.createDirectory(folder.resolve("data"));
    Unprivileged.giveAway(folder);
    Unprivileged.giveAway(secret);
    Unprivileged.giveAway(folder.resolve("data"));
    Commands.run(
        Unprivileged.command(
            List.of(
                binary("initdb"),
                "--pgdata=" + folder.resolve("data"),
                "--username=postgres",
                "--pwfile=" + secret,
                "--auth=password",
                "--encoding=UTF8",
                "--locale=C",
                "--no-sync",
                "--no-instructions")));
  }

  private ServerProcess launch() throws IOException {
    return ServerProcess.start(
        folder,
        List.of(
            binary("postgres"),
            "-D",
            folder.resolve("data").toString(),
            "-p",
            Integer.toString(port),
            "-c",
            "listen_addresses=127.0.0.1",
            "-c",
            "unix_socket_directories=" + folder,
            "-c",
            "max_connections=100",
            "-c",
            "shared_buffers=16MB",
            "-c",
            "fsync=" + (fsync ? "on" : "off")),
        READY);
  }

  private String binary(String name) {
    return folder.resolve("bin").resolve(name).toString();
  }

  /** Starts with the first test that wants it. */
  private static final class Shared {
    static final Postgres SERVER = ofItsOwn();
  }
}
