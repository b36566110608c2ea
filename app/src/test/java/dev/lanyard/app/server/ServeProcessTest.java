package dev.lanyard.app.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Issue 7: the server as a process, with an environment of its own. */
@EnabledOnOs(OS.LINUX)
class ServeProcessTest {
  private static final String TOKEN = "a-token-of-24-characters";

  @TempDir Path directory;

  @Test
  @DisplayName("commands get the environment of the server, but not its token and its password")
  void secretsStayHere() throws Exception {
    var server =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                "dev.lanyard.app.Main",
                "serve",
                "--listen",
                "127.0.0.1:0",
                "--db",
                "jdbc:sqlite:" + directory.resolve("tasks.db"))
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    server
        .environment()
        .putAll(
            Map.of("LANYARD_TOKEN", TOKEN, "LANYARD_DB_PASSWORD", "hush", "LANYARD_MARK", "here"));
    Process process = server.start();
    try (var out =
            new BufferedReader(
                new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        HttpClient client = HttpClient.newHttpClient()) {
      String line = out.readLine();
      while (line != null && !line.startsWith("Listening: ")) line = out.readLine();
      assertThat(line).as("it serves").isNotNull();
      String address = String.valueOf(line).substring("Listening: ".length());
      HttpResponse<String> answer =
          client.send(
              HttpRequest.newBuilder(URI.create(address + "api/tasks?wait=30s"))
                  .timeout(Duration.ofSeconds(60))
                  .header("Authorization", "Bearer " + TOKEN)
                  .header("Content-Type", "application/json")
                  .POST(BodyPublishers.ofString("{\"name\":\"E\",\"exec\":[\"env\"]}"))
                  .build(),
              BodyHandlers.ofString());
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      String printed =
          new JsonObject(answer.body())
              .getJsonArray("tasks")
              .getJsonObject(0)
              .getJsonObject("result")
              .getString("text");
      assertThat(printed)
          .contains("LANYARD_MARK=here")
          .doesNotContain("LANYARD_TOKEN", "LANYARD_DB_PASSWORD", TOKEN, "hush");
    } finally {
      process.destroyForcibly();
      assertThat(process.waitFor()).isNotZero();
    }
  }
}
