package dev.lanyard.proofs.faults;

import dev.lanyard.proofs.tasks.Place;
import dev.lanyard.testing.Eventually;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A pgbouncer before a database, that gives a connection to whoever begins a transaction. */
final class Pooler implements AutoCloseable {
  private static final Path PROGRAM = Path.of("/usr/sbin/pgbouncer");

  private final Place place;
  private final int port;
  private final Process process;

  private Pooler(Place place, int port, Process process) {
    this.place = place;
    this.port = port;
    this.process = process;
  }

  static boolean isHere() {
    return Files.isExecutable(PROGRAM);
  }

  static Pooler before(Place place) throws IOException {
    int port = freePort();
    URI server = URI.create(place.url().substring("jdbc:".length()));
    // Outside of the build directory: it must be read by the user that pgbouncer becomes.
    Path folder = Files.createTempDirectory("lanyard-pooler-");
    Path settings = folder.resolve("pgbouncer.ini");
    Files.writeString(
        settings,
        """
        [databases]
        * = host=127.0.0.1 port=%d user=%s password='%s'
        [pgbouncer]
        listen_addr = 127.0.0.1
        listen_port = %d
        unix_socket_dir =
        auth_type = any
        pool_mode = transaction
        default_pool_size = 8
        ignore_startup_parameters = extra_float_digits
        """
            .formatted(server.getPort(), place.user(), place.password(), port));
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.setPosixFilePermissions(settings, PosixFilePermissions.fromString("rw-r--r--"));
    List<String> command = new ArrayList<>(List.of(PROGRAM.toString()));
    if (System.getProperty("user.name").equals("root")) command.addAll(List.of("-u", "nobody"));
    command.add(settings.toString());
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    var pooler = new Pooler(place, port, process);
    Eventually.holds("pgbouncer listens", pooler::listens);
    return pooler;
  }

  private boolean listens() {
    if (!process.isAlive()) throw new AssertionError("pgbouncer ended: " + process.exitValue());
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
      return true;
    } catch (IOException notYet) {
      return false;
    }
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** The database through it. The driver may leave no statements with a server: docs/durable.md. */
  Place place() {
    URI server = URI.create(place.url().substring("jdbc:".length()));
    String url = "jdbc:postgresql://127.0.0.1:" + port + server.getPath() + "?prepareThreshold=0";
    return new Place(place.engine(), url, place.user(), place.password());
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (process.waitFor(10, TimeUnit.SECONDS)) return;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    process.destroyForcibly();
  }
}
