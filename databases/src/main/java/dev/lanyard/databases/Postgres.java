package dev.lanyard.databases;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.postgresql.ds.PGSimpleDataSource;
import org.tukaani.xz.XZInputStream;

/**
 * A PostgreSQL server of the tests' own, on a free loopback port, with its files in a folder of its
 * own under the temporary directory. It stops, and its folder is removed, when this JVM ends,
 * however that happens: a shell watches over the server and notices when the pipe from here closes.
 */
public final class Postgres implements AutoCloseable {
  private static final String READY = "database system is ready to accept connections";
  private static final int LOG_LINES = 200;

  /** {@code $1} is the folder, the rest the command of the server. */
  private static final String WATCH =
      """
      trap '' INT TERM HUP
      folder=$1
      shift
      "$@" 2>&1 &
      server=$!
      cat >/dev/null
      kill -QUIT $server 2>/dev/null
      wait $server
      [ -e "$folder/keep" ] || rm -rf "$folder"
      """;

  private final Path folder;
  private final int port;
  private final String password = UUID.randomUUID().toString();
  private final ArrayDeque<String> log = new ArrayDeque<>();
  private Process watcher;

  private Postgres() throws IOException {
    folder = Files.createTempDirectory("lanyard-postgres-").toRealPath();
    port = freePort();
    try {
      unpack();
      initialize();
      watcher = launch();
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
    try {
      return new Postgres();
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

  /** What the connections of an application are running at this moment. */
  public List<String> running(String application) throws SQLException {
    return activity("query", application, "state = 'active'");
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

  /** The whole server and all its processes: a power cut. */
  public void kill() {
    List<ProcessHandle> family = watcher.descendants().filter(Postgres::isServer).toList();
    family.forEach(ProcessHandle::destroyForcibly);
    family.forEach(process -> process.onExit().join());
    stopWatching(true);
  }

  /** After {@link #kill()}: the same data on the same port. */
  public void restart() throws IOException {
    watcher = launch();
  }

  @Override
  public void close() {
    stopWatching(false);
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

  private static boolean isServer(ProcessHandle process) {
    return process.info().command().orElse("").endsWith("/postgres");
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void unpack() throws IOException {
    String system = System.getProperty("os.name").startsWith("Mac") ? "darwin" : "linux";
    String machine = System.getProperty("os.arch").equals("aarch64") ? "arm_64" : "x86_64";
    String archive = "/postgres-" + system + "-" + machine + ".txz";
    Process tar =
        new ProcessBuilder("tar", "-x", "-C", folder.toString()).redirectErrorStream(true).start();
    try (InputStream packed = Postgres.class.getResourceAsStream(archive)) {
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

  private Process launch() throws IOException {
    Files.deleteIfExists(folder.resolve("keep"));
    List<String> command =
        new ArrayList<>(List.of("/bin/sh", "-c", WATCH, "watch", folder.toString()));
    command.addAll(
        Unprivileged.command(
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
                "fsync=off")));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    var ready = new CompletableFuture<Void>();
    Thread.ofVirtual().name("log of postgres").start(() -> follow(process, ready));
    try {
      ready.orTimeout(50, TimeUnit.SECONDS).join();
    } catch (RuntimeException notReady) {
      process.destroy();
      throw new IOException("PostgreSQL did not start:\n" + tail(), notReady);
    }
    return process;
  }

  private void follow(Process process, CompletableFuture<Void> ready) {
    try (BufferedReader lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        remember(line);
        if (line.contains(READY)) ready.complete(null);
      }
      ready.completeExceptionally(new IOException("it ended"));
    } catch (IOException closed) {
      ready.completeExceptionally(closed);
    }
  }

  private void remember(String line) {
    synchronized (log) {
      if (log.size() == LOG_LINES) log.removeFirst();
      log.addLast(line);
    }
  }

  private String tail() {
    synchronized (log) {
      return String.join("\n", log);
    }
  }

  private void stopWatching(boolean keepFiles) {
    try {
      if (keepFiles) Files.writeString(folder.resolve("keep"), "");
      watcher.getOutputStream().close();
      watcher.onExit().orTimeout(30, TimeUnit.SECONDS).join();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private String binary(String name) {
    return folder.resolve("bin").resolve(name).toString();
  }

  /** Starts with the first test that wants it. */
  private static final class Shared {
    static final Postgres SERVER = ofItsOwn();
  }
}
