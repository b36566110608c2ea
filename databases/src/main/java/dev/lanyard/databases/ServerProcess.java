package dev.lanyard.databases;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A database server that ends, and whose folder is removed, when this JVM ends, however that
 * happens: a shell watches over it and notices when the pipe from here closes.
 */
public final class ServerProcess {
  private static final int LOG_LINES = 200;

  /** The first argument is the folder, the rest the command of the server. */
  private static final String WATCH =
      """
      trap '' INT TERM HUP
      folder=$1
      shift
      "$@" 2>&1 &
      server=$!
      cat >/dev/null
      kill -QUIT $server 2>/dev/null
      kill -CONT $server 2>/dev/null
      wait $server
      [ -e "$folder/keep" ] || rm -rf "$folder"
      """;

  private final Path folder;
  private final String binary;
  private final Process watcher;
  private final ArrayDeque<String> log = new ArrayDeque<>();
  private final CompletableFuture<Void> ready = new CompletableFuture<>();

  private ServerProcess(Path folder, String binary, Process watcher) {
    this.folder = folder;
    this.binary = binary;
    this.watcher = watcher;
  }

  public static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /**
   * Starts a server and waits until it is ready.
   *
   * @param folder its own, with all its files
   * @param command run by somebody who is not root
   * @param readyLine part of what the server says when it can be used
   */
  public static ServerProcess start(Path folder, List<String> command, String readyLine)
      throws IOException {
    Files.deleteIfExists(folder.resolve("keep"));
    List<String> whole =
        new ArrayList<>(List.of("/bin/sh", "-c", WATCH, "watch", folder.toString()));
    whole.addAll(Unprivileged.command(command));
    Process watcher = new ProcessBuilder(whole).redirectErrorStream(true).start();
    var server = new ServerProcess(folder, command.getFirst(), watcher);
    Thread.ofVirtual().name("log of " + command.getFirst()).start(() -> server.follow(readyLine));
    try {
      server.ready.orTimeout(50, TimeUnit.SECONDS).join();
    } catch (RuntimeException notReady) {
      server.stop();
      throw new IOException("it did not start:\n" + server.tail(), notReady);
    }
    return server;
  }

  /** Sends a signal to all its processes, also to those that are born meanwhile. */
  public void signal(String name) {
    var told = new HashSet<ProcessHandle>();
    List<ProcessHandle> family = family();
    while (told.addAll(family)) {
      for (ProcessHandle each : family) {
        boolean heard = Commands.succeeds(List.of("kill", "-" + name, Long.toString(each.pid())));
        // Sessions end when they like; the others must hear it.
        if (!heard && each.isAlive()) throw new IllegalStateException(each + " heard no " + name);
      }
      family = family().stream().filter(each -> !told.contains(each)).toList();
    }
  }

  /** All its processes at once, as in a power cut. The files stay. */
  public void kill() {
    List<ProcessHandle> family = family();
    family.forEach(ProcessHandle::destroyForcibly);
    family.forEach(process -> process.onExit().join());
    try {
      Files.writeString(folder.resolve("keep"), "");
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    stop();
  }

  /** Files are removed as well. */
  public void stop() {
    try {
      watcher.getOutputStream().close();
      watcher.onExit().orTimeout(30, TimeUnit.SECONDS).join();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private List<ProcessHandle> family() {
    return watcher.descendants().filter(this::isServer).toList();
  }

  private boolean isServer(ProcessHandle process) {
    return process.info().command().orElse("").endsWith(binary);
  }

  private void follow(String readyLine) {
    try (BufferedReader lines = watcher.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        remember(line);
        if (line.contains(readyLine)) ready.complete(null);
      }
      ready.completeExceptionally(new IOException("it ended"));
    } catch (IOException closed) {
      ready.completeExceptionally(closed);
    }
  }

  private void remember(String line) {
    synchronized (log) {
      if (log.size() == LOG_LINES) log.removeFirst();
      log.addLast(line);
    }
  }

  private String tail() {
    synchronized (log) {
      return String.join("\n", log);
    }
  }
}
