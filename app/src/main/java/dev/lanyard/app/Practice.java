package dev.lanyard.app;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/**
 * What {@code ./lanyard} runs once after a build to write the start-up cache: one run of a file,
 * and the commands that ask a server, which here knows a single answer. The cache then knows the
 * classes of both ways.
 */
final class Practice {
  private static final String ANSWER =
      """
      {"tasks":[{"id":"practice","name":"Practice","kind":"sleep","state":"running","priority":1,\
      "attempt":1,"maxAttempts":1,"progress":1,"startedAt":"2026-01-01T00:00:00.000Z"}],\
      "next":null,"total":1}\
      """;

  private Practice() {}

  /**
   * Practises.
   *
   * @param arguments a task file
   */
  public static void main(String... arguments) throws IOException {
    run("run", arguments[0]);
    try (ServerSocket server = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
      Thread.ofPlatform().daemon().start(() -> serve(server));
      String address = "http://127.0.0.1:" + server.getLocalPort();
      for (String command : List.of("ls", "stats", "nodes")) run(command, "--server", address);
      run("submit", "--server", address, "--sleep", "1s");
      run("show", "--server", address, "practice");
      run("cancel", "--server", address, "practice");
    }
    System.exit(0);
  }

  private static void run(String... arguments) {
    int _ = Commands.program(new Main(), arguments).execute(arguments);
  }

  private static void serve(ServerSocket server) {
    try {
      while (true) answer(server.accept());
    } catch (IOException _) {
      // It was closed: the practice is over.
    }
  }

  private static void answer(Socket client) {
    try (client;
        OutputStream out = client.getOutputStream();
        BufferedReader in =
            new BufferedReader(
                new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8))) {
      String line;
      int body = 0;
      while ((line = in.readLine()) != null && !line.isEmpty()) {
        if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
          body = Integer.parseInt(line.substring(15).strip());
        }
      }
      long _ = in.skip(body);
      out.write(
          ("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n"
                  + "Content-Length: "
                  + ANSWER.length()
                  + "\r\n\r\n"
                  + ANSWER)
              .getBytes(StandardCharsets.UTF_8));
    } catch (IOException _) {
      // Failing here does no harm: the cache knows less.
    }
  }
}
