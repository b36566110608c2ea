package dev.lanyard.app.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A server on a free port with a database of its own, which goes with it: for the practice that
 * fills the start-up cache.
 */
public final class PracticeServer implements AutoCloseable {
  private final Path directory;
  private final TaskServer server;

  private PracticeServer(Path directory, TaskServer server) {
    this.directory = directory;
    this.server = server;
  }

  /**
   * Starts one.
   *
   * @return to be closed
   * @throws IOException if it cannot be started
   */
  public static PracticeServer start() throws IOException {
    Logs.onlyOfTrouble();
    Path directory = Files.createTempDirectory("lanyard-practice");
    Map<Setting, String> given = Map.of(Setting.LISTEN, "127.0.0.1:0", Setting.DRAIN, "0");
    ServeSettings settings =
        new SettingsReader(Configuration.of(given, _ -> null, Map.of()))
            .read(new DataDirectory(directory));
    TaskServer server = new TaskServer(settings);
    try {
      server.listen();
      server.open();
    } catch (TaskServer.NotStarted notStarted) {
      server.close();
      throw new IOException(notStarted);
    }
    return new PracticeServer(directory, server);
  }

  /**
   * Where it listens.
   *
   * @return a URL without a path
   */
  public String address() {
    return "http://" + server.listening();
  }

  @Override
  public void close() throws IOException {
    server.close();
    List<Path> files;
    try (var found = Files.list(directory)) {
      files = found.toList();
    }
    for (Path file : files) Files.deleteIfExists(file);
    Files.deleteIfExists(directory);
  }
}
