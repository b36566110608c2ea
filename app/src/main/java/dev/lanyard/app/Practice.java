package dev.lanyard.app;

import dev.lanyard.app.server.PracticeServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;

/**
 * What {@code ./lanyard} runs once after a build to write the start-up cache: a batch, a server,
 * and the commands and pages that ask it. The cache then knows the classes of all three ways.
 */
final class Practice {
  private static final List<String> PAGES = List.of("/", "/readyz", "/api/tasks?state=pending");

  private Practice() {}

  /**
   * Practises.
   *
   * @param arguments a task file
   */
  public static void main(String... arguments) throws IOException, InterruptedException {
    run("run", arguments[0]);
    try (PracticeServer server = PracticeServer.start();
        HttpClient browser = HttpClient.newHttpClient()) {
      String address = server.address();
      run("submit", "--server", address, "--name", "Practice", "--sleep", "1ms", "--wait");
      for (String command : List.of("ls", "stats", "nodes")) run(command, "--server", address);
      for (String page : PAGES) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(address + page)).build();
        browser.send(request, BodyHandlers.ofString());
      }
    }
    System.exit(0);
  }

  private static void run(String... arguments) {
    int _ = Commands.program(new Main(), arguments).execute(arguments);
  }
}
