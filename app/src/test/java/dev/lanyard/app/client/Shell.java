package dev.lanyard.app.client;

import dev.lanyard.app.terminal.Window;
import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import picocli.CommandLine;

/** Runs a command in this process, as a shell would, and keeps what it said. */
final class Shell {
  static final Instant NOW = Instant.parse("2026-11-27T22:10:00Z");

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final Map<String, String> environment = new HashMap<>();

  static Shell at(StubServer server) {
    return new Shell().with("LANYARD_SERVER", server.address());
  }

  Shell with(String name, String value) {
    environment.put(name, value);
    return this;
  }

  int run(ClientCommand command, String... arguments) {
    command.surroundings =
        new Surroundings(
            out, err, environment, false, new Window(), InstantSource.fixed(NOW), ZoneOffset.UTC);
    CommandLine line = new CommandLine(command).setExpandAtFiles(false);
    StringWriter mistakes = new StringWriter();
    line.setErr(new PrintWriter(mistakes));
    int code = line.execute(arguments);
    err.writeBytes(mistakes.toString().getBytes(StandardCharsets.UTF_8));
    return code;
  }

  String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  String err() {
    return err.toString(StandardCharsets.UTF_8);
  }
}
