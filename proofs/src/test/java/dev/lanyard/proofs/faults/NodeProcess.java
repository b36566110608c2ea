package dev.lanyard.proofs.faults;

import dev.lanyard.context.Deadline;
import dev.lanyard.context.TimeSource;
import dev.lanyard.proofs.tasks.Place;
import dev.lanyard.testing.Eventually;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A {@link NodeProgram} that runs, and what can be done to it. */
final class NodeProcess implements AutoCloseable {
  /** A JVM has to start, while others load the machine. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** A line that it said, and when it was heard. */
  record Line(String text, long nanoTime) {
    /** Its second word: mostly the id of a task. */
    String id() {
      return text.split(" ", -1)[1];
    }
  }

  private final Process process;
  private final List<Line> lines = new ArrayList<>();

  private NodeProcess(Process process) {
    this.process = process;
    Thread.ofVirtual().name("output of " + process.pid()).start(this::follow);
  }

  /** With so many workers, and the defaults. */
  static NodeProcess start(Place place, int workers) {
    return start(place, workers, true, 1000);
  }

  static NodeProcess start(Place place, int workers, boolean listen, long graceMillis) {
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx96m",
                "-Xshare:auto",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                classPath,
                NodeProgram.class.getName(),
                place.url(),
                place.user(),
                place.password(),
                String.valueOf(workers),
                String.valueOf(listen),
                String.valueOf(graceMillis)));
    try {
      Path target = Files.createDirectories(Path.of("target", "tasks"));
      Path log = Files.createTempFile(target, "node", ".log");
      return new NodeProcess(new ProcessBuilder(command).redirectError(log.toFile()).start());
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private void follow() {
    try (BufferedReader output = process.inputReader()) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        var heard = new Line(line, TimeSource.system().nanoTime());
        synchronized (lines) {
          lines.add(heard);
        }
      }
    } catch (IOException killed) {
      // It says nothing more.
    }
  }

  /** What it has said so far that begins so. */
  List<Line> lines(String beginning) {
    synchronized (lines) {
      return lines.stream().filter(line -> line.text().startsWith(beginning)).toList();
    }
  }

  /** Waits until it has said something that begins so. */
  Line line(String beginning) {
    return lines(beginning, 1).getFirst();
  }

  /** Waits until it has said so much that begins so. */
  List<Line> lines(String beginning, int count) {
    Eventually.holds(
        count + " × " + beginning,
        Deadline.after(PATIENCE),
        () -> lines(beginning).size() >= count || !process.isAlive());
    List<Line> found = lines(beginning);
    if (found.size() < count) throw new AssertionError("it has ended without: " + beginning);
    return found;
  }

  NodeProcess ready() {
    Line _ = line("READY");
    return this;
  }

  /** Tasks of this process's own, as long as it lives: their ids are prefix and number. */
  void submit(String prefix, int count, Work.Way way, long millis) {
    send("submit " + prefix + " " + count + " " + way + " " + millis);
  }

  void send(String command) {
    try {
      process.outputWriter().write(command + "\n");
      process.outputWriter().flush();
    } catch (IOException gone) {
      throw new UncheckedIOException(gone);
    }
  }

  /** Those that it was told are accepted. */
  List<String> acknowledged() {
    return lines("ACK ").stream().map(Line::id).toList();
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** SIGKILL. */
  void kill() {
    process.destroyForcibly();
    process.onExit().join();
  }

  void signal(String name) {
    try {
      new ProcessBuilder("kill", "-" + name, String.valueOf(pid())).start().onExit().join();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** Waits for its end. */
  int exitCode() {
    try {
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new AssertionError("it does not end");
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    kill();
  }
}
