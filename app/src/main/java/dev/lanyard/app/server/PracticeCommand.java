package dev.lanyard.app.server;

import dev.lanyard.app.run.RunCommand;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * What the launcher runs once after a build, so that the start-up cache knows the classes of a
 * batch and of a server: a server with a database of its own, which it is asked for this and that.
 */
@Command(name = "practice", hidden = true)
public final class PracticeCommand implements Callable<Integer> {
  private static final List<String> CALLS =
      List.of("/", "/readyz", "/api/tasks?state=pending", "/api/stats", "/api/nodes");

  @Parameters(paramLabel = "FILE", description = "A batch to run.")
  private String file = "";

  @Override
  public Integer call() throws IOException, InterruptedException, TaskServer.NotStarted {
    int ran = new CommandLine(new RunCommand()).execute(file);
    Path directory = Files.createTempDirectory("lanyard-practice");
    try {
      serve(new DataDirectory(directory));
    } finally {
      delete(directory);
    }
    return ran;
  }

  private static void serve(DataDirectory data)
      throws IOException, InterruptedException, TaskServer.NotStarted {
    Logs.onlyOfTrouble();
    Map<Setting, String> given = Map.of(Setting.LISTEN, "127.0.0.1:0", Setting.DRAIN, "0");
    ServeSettings settings =
        new SettingsReader(Configuration.of(given, _ -> null, Map.of())).read(data);
    try (TaskServer server = new TaskServer(settings);
        HttpClient client = HttpClient.newHttpClient()) {
      server.listen();
      server.open();
      String base = "http://" + server.listening();
      HttpRequest submission =
          HttpRequest.newBuilder(URI.create(base + "/api/tasks?wait=5s"))
              .header("Content-Type", "application/json")
              .POST(BodyPublishers.ofString("{\"name\":\"Practice\",\"sleep\":\"1ms\"}"))
              .build();
      client.send(submission, BodyHandlers.ofString());
      for (String call : CALLS) {
        client.send(
            HttpRequest.newBuilder(URI.create(base + call)).build(), BodyHandlers.ofString());
      }
    }
  }

  private static void delete(Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      for (Path each : files.toList()) Files.deleteIfExists(each);
    }
    Files.deleteIfExists(directory);
  }
}
