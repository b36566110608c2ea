package dev.lanyard.benchmarks.http;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** A server under test, in a process of its own, and what it tells. */
final class ServerProcess implements AutoCloseable {
  private static final int SECONDS_TO_START = 30;
  private static final int SECONDS_TO_END = 5;

  private final Process process;
  private final Notice.Listening listening;
  private volatile Consumer<Notice> listener = _ -> {};

  private ServerProcess(List<String> command, Path log) throws IOException, InterruptedException {
    process =
        new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    var first = new CompletableFuture<Notice.Listening>();
    Thread.ofPlatform().daemon().name("what the server tells").start(() -> read(first));
    try {
      listening = first.get(SECONDS_TO_START, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException failed) {
      process.destroyForcibly();
      throw new IOException("the server does not listen, " + log + " tells why", failed);
    }
  }

  static ServerProcess start(List<String> command, Path log)
      throws IOException, InterruptedException {
    return new ServerProcess(command, log);
  }

  int port() {
    return listening.port();
  }

  int tlsPort() {
    return listening.tlsPort();
  }

  long pid() {
    return process.pid();
  }

  /** The processor time that it has taken so far. */
  Duration processorTime() {
    return process.info().totalCpuDuration().orElseThrow();
  }

  /** What is told from now on; on the one thread that reads it. */
  void onNotice(Consumer<Notice> consumer) {
    listener = consumer;
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().completeOnTimeout(process, SECONDS_TO_END, TimeUnit.SECONDS).join();
    process.destroyForcibly();
  }

  private void read(CompletableFuture<Notice.Listening> first) {
    try (BufferedReader lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        Notice notice = Notice.parse(line);
        if (notice instanceof Notice.Listening ports) first.complete(ports);
        else if (notice != null) listener.accept(notice);
      }
    } catch (IOException broken) {
      first.completeExceptionally(broken);
      if (process.isAlive()) throw new UncheckedIOException(broken);
    }
    first.completeExceptionally(new IOException("its output has ended"));
  }
}
