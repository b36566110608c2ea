package dev.lanyard.benchmarks.http;

import dev.lanyard.benchmarks.Output;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/** The servers under test, and how their processes are started. */
final class Sides {
  static final String BARE = "vert.x";
  static final String GO = "go";
  static final String LANYARD = "lanyard";

  /** The same for every server in Java; else all is as it comes. */
  static final List<String> FLAGS = List.of("-Xms1g", "-Xmx1g");

  private final Map<String, List<String>> commands;
  private final Path results;

  Sides(Plan plan) throws IOException, InterruptedException {
    results = plan.results();
    Path keyStore = KeyStoreFile.in(results, new Output(results.resolve("keytool.log")));
    commands = new LinkedHashMap<>();
    if (plan.go() != null) commands.put(GO, List.of(plan.go().toString()));
    commands.put(LANYARD, java(LanyardServer.class, keyStore.toString()));
    commands.put(BARE, java(BareServer.class, keyStore.toString()));
  }

  /** Starts those of the given ones that there are. */
  SequencedMap<String, ServerProcess> start(String... names)
      throws IOException, InterruptedException {
    var started = new LinkedHashMap<String, ServerProcess>();
    try {
      for (String name : names) {
        List<String> command = commands.get(name);
        if (command == null) continue;
        started.put(name, ServerProcess.start(command, results.resolve(name + ".log")));
      }
      return started;
    } catch (IOException | InterruptedException failed) {
      stop(started);
      throw failed;
    }
  }

  static void stop(Map<String, ServerProcess> servers) {
    for (ServerProcess server : servers.values()) server.close();
  }

  /** Our gateway in a process of its own. */
  static ServerProcess gateway(int upstream, Path results)
      throws IOException, InterruptedException {
    List<String> command = java(GatewayProxy.class, String.valueOf(upstream));
    return ServerProcess.start(command, results.resolve("gateway.log"));
  }

  private static List<String> java(Class<?> server, String argument) {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var command = new ArrayList<String>();
    command.add(java);
    command.addAll(FLAGS);
    // Netty asks for it; without it the JDK warns.
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("--sun-misc-unsafe-memory-access=allow");
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(server.getName());
    command.add(argument);
    return command;
  }
}
