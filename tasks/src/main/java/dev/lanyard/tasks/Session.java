package dev.lanyard.tasks;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A session of the operating system around a command, so that its processes can be told from others
 * when their parents are gone. Linux only; elsewhere nothing is found here.
 */
final class Session {
  private static final Path PROC = Path.of("/proc");
  private static final @Nullable String SETSID = setsid();

  private Session() {}

  static boolean isSupported() {
    return SETSID != null;
  }

  /** The command in a session of its own, with the id of its process. */
  static List<String> command(List<String> command) {
    if (SETSID == null) return command;
    var inSession = new ArrayList<String>(command.size() + 1);
    inSession.add(SETSID);
    inSession.addAll(command);
    return inSession;
  }

  static Stream<ProcessHandle> members(long session) {
    if (SETSID == null) return Stream.empty();
    try (Stream<Path> processes = Files.list(PROC)) {
      return processes
          .map(path -> path.getFileName().toString())
          .filter(name -> Character.isDigit(name.charAt(0)))
          .map(Long::valueOf)
          .filter(pid -> field(pid, 3).equals(Long.toString(session)))
          .map(ProcessHandle::of)
          .flatMap(Optional::stream)
          .toList()
          .stream();
    } catch (IOException noProc) {
      return Stream.empty();
    }
  }

  /** Alive, and not only waiting for its parent to take note of its end. */
  static boolean isRunning(ProcessHandle process) {
    return process.isAlive() && !(SETSID != null && field(process.pid(), 0).equals("Z"));
  }

  /** A field of {@code /proc/PID/stat} behind the name of the program; empty if there is none. */
  private static String field(long pid, int index) {
    try {
      String stat = Files.readString(PROC.resolve(Long.toString(pid)).resolve("stat"));
      // The name stands in parentheses and may itself contain anything.
      return stat.substring(stat.lastIndexOf(')') + 2).split(" ", index + 2)[index];
    } catch (IOException gone) {
      return "";
    }
  }

  private static @Nullable String setsid() {
    if (!Files.isReadable(PROC.resolve("self/stat"))) return null;
    String path = System.getenv("PATH");
    if (path == null) return null;
    for (String directory : path.split(File.pathSeparator, -1)) {
      if (directory.isEmpty()) continue;
      Path program = Path.of(directory, "setsid");
      if (Files.isExecutable(program)) return program.toString();
    }
    return null;
  }
}
